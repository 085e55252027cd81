package sales

import (
	"fmt"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Order is the warehouse row of one order, its tickets inside: the order and its tickets change
// together or not at all.
type Order struct {
	OrderID       uint64
	EventID       uint64
	SiteID        uint64 // 0: unknown
	SiteHost      string // address of the selling site in lower case; "": unknown
	BuyerHash     string // keyed hash of client_id; "" without a key
	CurrencyID    string
	PaymentTypeID string
	DiscountID    *uint64
	PromoCodeID   *uint64
	Price         qtickets.Money // as the API states it, deleted tickets included
	UTM           UTM
	CreatedAt     time.Time
	UpdatedAt     *time.Time
	SaleTS        *time.Time // payed_at; nil: never paid
	SaleAssumed   bool       // SaleTS is not known: a refund took payed_at back. Not stored
	ReservedTo    *time.Time
	DeletedAt     *time.Time
	PrimaryOrders []uint64 // older orders that this one replaces
	Tickets       []Ticket
	Anomalies     []string // rules the source broke without making the money uncertain
	PayloadJSON   []byte   // the order's allow-listed fields
	ContentHash   uint64   // of what the API says: an equal hash needs no new row
}

// Ticket is one ticket of an order.
type Ticket struct {
	TicketID uint64
	ShowID   uint64
	State    State
	Counting Counting // whether it is in the published numbers, and why not
	Counted  uint8    // as stored. 0: other tickets bring the sale (Replaced, SeasonTicket or SeasonTicketPart)
	Quantity uint32
	SeatID   string
	Price    qtickets.Money // as the API states it, whatever the state
	Discount qtickets.Money
	Amounts
	CheckedAt  *time.Time
	DeletedAt  *time.Time
	RefundedAt *time.Time
}

// FromOrder applies the rules of states and money to one order. buyerKey is the installation's
// secret for BuyerHash; without it buyers stay unknown. The error names the field that makes the
// order impossible to understand.
func FromOrder(src qtickets.Order, buyerKey []byte) (Order, error) {
	row, err := orderRow(&src, buyerHash(src.ClientID, buyerKey))
	if err != nil {
		return Order{}, fmt.Errorf("orders[%d].%w", src.ID, err)
	}
	return row, nil
}

func orderRow(src *qtickets.Order, buyer string) (Order, error) {
	if err := validate(src); err != nil {
		return Order{}, err
	}
	at, assumed := payment(src)
	paidAt := optTime(at)
	row := Order{
		OrderID:       uint64(src.ID),
		EventID:       uint64(src.EventID.Value),
		SiteID:        uint64(max(src.SiteID.Value, 0)),
		SiteHost:      strings.ToLower(strings.TrimSpace(src.SiteHost.Value)),
		BuyerHash:     buyer,
		CurrencyID:    src.CurrencyID.Value,
		PaymentTypeID: src.PaymentTypeID.Value,
		DiscountID:    optID(src.DiscountID),
		PromoCodeID:   optID(src.PromoCodeID),
		Price:         src.Price.Value,
		UTM:           utmOf(src.UTM),
		CreatedAt:     src.CreatedAt.Value,
		UpdatedAt:     optTime(src.UpdatedAt),
		SaleTS:        paidAt,
		SaleAssumed:   assumed,
		ReservedTo:    optTime(src.ReservedTo),
		DeletedAt:     optTime(src.DeletedAt),
		PrimaryOrders: primaries(src),
		Tickets:       make([]Ticket, 0, len(src.Baskets)),
	}
	seen := make(map[int64]bool, len(src.Baskets))
	back := returned(src)
	for i := range src.Baskets {
		id := src.Baskets[i].ID
		if seen[id] {
			return Order{}, fmt.Errorf("baskets[%d].id: %d stands twice in the order", i, id)
		}
		seen[id] = true
		b := &src.Baskets[i]
		ticket, err := ticketRow(b, stateOf(src, b, paidAt != nil), back[i])
		if err != nil {
			return Order{}, fmt.Errorf("baskets[%d].%w", i, err)
		}
		row.Tickets = append(row.Tickets, ticket)
	}
	decideCounting(src, row.Tickets)
	row.Anomalies = anomalies(src, &row)
	row.PayloadJSON, row.ContentHash = payload(src, row.BuyerHash)
	return row, nil
}

// validate refuses an order whose money, event or day would be a guess.
func validate(o *qtickets.Order) error {
	switch {
	case o.ID <= 0:
		return fmt.Errorf("id: missing")
	case !o.EventID.Valid || o.EventID.Value <= 0:
		return fmt.Errorf("event_id: missing")
	case !o.CreatedAt.Valid:
		return fmt.Errorf("created_at: missing")
	case !o.CreatedAt.Value.After(oldest):
		return fmt.Errorf("created_at: %s is before QTickets", o.CreatedAt.Value.Format(time.DateOnly))
	case !o.CurrencyID.Valid:
		return fmt.Errorf("currency_id: missing")
	case !o.HasBaskets && len(o.Baskets) == 0:
		return fmt.Errorf("baskets: missing")
	}
	if at, _ := payment(o); o.Payed.Or(false) && !at.Valid {
		return fmt.Errorf("payed_at: missing on a paid order")
	}
	return nil
}

func ticketRow(b *qtickets.Basket, state State, back qtickets.Money) (Ticket, error) {
	switch {
	case b.ID <= 0:
		return Ticket{}, fmt.Errorf("id: missing")
	case !b.ShowID.Valid || b.ShowID.Value <= 0:
		return Ticket{}, fmt.Errorf("show_id: missing")
	case !b.Price.Valid:
		return Ticket{}, fmt.Errorf("price: missing")
	case b.Price.Value < 0:
		return Ticket{}, fmt.Errorf("price: %s is negative", b.Price.Value)
	case b.Price.Value > maxPrice:
		return Ticket{}, fmt.Errorf("price: more than a ticket can cost")
	case b.Quantity.Valid && (b.Quantity.Value < 1 || b.Quantity.Value > maxQuantity):
		return Ticket{}, fmt.Errorf("quantity: not between 1 and %d", maxQuantity) // a long number may be a phone
	}
	amounts, err := amountsOf(state, b, back)
	if err != nil {
		return Ticket{}, err
	}
	return Ticket{
		TicketID:   uint64(b.ID),
		ShowID:     uint64(b.ShowID.Value),
		State:      state,
		Quantity:   uint32(b.Quantity.Or(1)),
		SeatID:     b.SeatID.Value,
		Price:      b.Price.Value,
		Discount:   b.DiscountValue.Value,
		Amounts:    amounts,
		CheckedAt:  optTime(b.CheckedAt),
		DeletedAt:  optTime(b.DeletedAt),
		RefundedAt: optTime(b.RefundedAt),
	}, nil
}

// oldest is the constraint sane_created_at of state_orders: a row that breaks it would take its whole
// insert with it.
var oldest = time.Date(2005, 1, 1, 0, 0, 0, 0, time.UTC)

// maxQuantity of one ticket row; the captures only ever show 1 (API notes, section 7.2).
const maxQuantity = 10_000

// maxPrice of one ticket, a hundred thousand million units: beyond it sums stop fitting Decimal(18, 2).
const maxPrice qtickets.Money = 100_000_000_000_00

func optID(v qtickets.Opt[int64]) *uint64 {
	if !v.Valid || v.Value <= 0 {
		return nil
	}
	id := uint64(v.Value)
	return &id
}

func optTime(v qtickets.Opt[time.Time]) *time.Time {
	if !v.Valid {
		return nil
	}
	at := v.Value // of its own: a pointer to v would cost memory when there is none too
	return &at
}
