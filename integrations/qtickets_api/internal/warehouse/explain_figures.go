package warehouse

import (
	"cmp"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TicketLine is a ticket as the current version of its order says. Times are Moscow's.
type TicketLine struct {
	OrderID    uint64         `json:"order_id"`
	TicketID   uint64         `json:"ticket_id"`
	EventID    uint64         `json:"event_id"`
	ShowID     uint64         `json:"show_id"`
	Currency   string         `json:"currency_id"`
	State      sales.State    `json:"state"`
	Why        string         `json:"why_not,omitempty"` // it does not count
	Quantity   int64          `json:"quantity"`
	Price      qtickets.Money `json:"price"`
	Discount   qtickets.Money `json:"discount"`
	Gross      qtickets.Money `json:"gross_revenue"`
	Refunded   qtickets.Money `json:"refunded_revenue"`
	Revenue    qtickets.Money `json:"revenue"`
	SoldAt     time.Time      `json:"sold_at"`
	RefundedAt *time.Time     `json:"refunded_at"`
	DeletedAt  *time.Time     `json:"deleted_at"` // the ticket or its whole order
	RunID      string         `json:"run_id"`     // that wrote this version of the order
	ObservedAt time.Time      `json:"observed_at"`
	counted    uint8
}

// whyNot is why a ticket of a paid order is in no fact; empty when it is in one.
func (t *TicketLine) whyNot() string {
	switch {
	case t.State == sales.Cancelled:
		return "cancelled without a refund"
	case t.counted == 0:
		return "season ticket, counted once: through the tickets linked with it"
	case t.State != sales.Sold && t.State != sales.Refunded:
		return string(t.State)
	}
	return ""
}

// Key is the row of the facts a ticket belongs to.
func (t *TicketLine) Key() RowKey { return RowKey{t.EventID, t.ShowID, t.Currency} }

// RowKey tells the rows of one day apart. In totals of a currency event and show are 0.
type RowKey struct {
	EventID  uint64 `json:"event_id,omitempty"`
	ShowID   uint64 `json:"show_id,omitempty"`
	Currency string `json:"currency_id"`
}

// SalesFigures are the columns of fact_qtickets_sales_daily.
type SalesFigures struct {
	Orders          int64          `json:"orders"` // in totals: an order of two shows is in the rows of both
	TicketsSold     int64          `json:"tickets_sold"`
	TicketsFree     int64          `json:"tickets_free"`
	GrossTickets    int64          `json:"gross_tickets"`
	RefundedTickets int64          `json:"refunded_tickets"`
	Gross           qtickets.Money `json:"gross_revenue"`
	Refunded        qtickets.Money `json:"refunded_revenue"`
	Revenue         qtickets.Money `json:"revenue"`
	Discount        qtickets.Money `json:"discount"`
}

func (a SalesFigures) plus(b SalesFigures) SalesFigures {
	return SalesFigures{
		a.Orders + b.Orders, a.TicketsSold + b.TicketsSold, a.TicketsFree + b.TicketsFree, a.GrossTickets + b.GrossTickets,
		a.RefundedTickets + b.RefundedTickets, a.Gross + b.Gross, a.Refunded + b.Refunded, a.Revenue + b.Revenue, a.Discount + b.Discount,
	}
}

// saleOf is what a ticket adds to its row; first: it is the order's first sold one there.
func saleOf(t *TicketLine, first bool) SalesFigures {
	f := SalesFigures{GrossTickets: t.Quantity, Gross: t.Gross, Refunded: t.Refunded, Revenue: t.Revenue}
	if t.State == sales.Refunded {
		f.RefundedTickets = t.Quantity
		return f
	}
	f.TicketsSold, f.Discount = t.Quantity, t.Discount
	if t.Price == 0 {
		f.TicketsFree = t.Quantity
	}
	if first {
		f.Orders = 1
	}
	return f
}

// RefundFigures are the columns of fact_qtickets_refunds_daily.
type RefundFigures struct {
	Tickets  int64          `json:"refunded_tickets"`
	Gross    qtickets.Money `json:"gross_revenue"`
	Refunded qtickets.Money `json:"refunded_revenue"`
	Kept     qtickets.Money `json:"kept_revenue"`
}

func (a RefundFigures) plus(b RefundFigures) RefundFigures {
	return RefundFigures{a.Tickets + b.Tickets, a.Gross + b.Gross, a.Refunded + b.Refunded, a.Kept + b.Kept}
}

// Figures are what a row of a fact holds.
type Figures[F any] interface {
	comparable
	plus(F) F
}

// Row is a row of a fact: what its tickets add up to, and what is published.
type Row[F Figures[F]] struct {
	RowKey
	Tickets   F `json:"tickets"`
	Published F `json:"published"`
}

// Ties tells whether the tickets add up to the published row.
func (r Row[F]) Ties() bool { return r.Tickets == r.Published }

// Account is one fact of a slice.
type Account[F Figures[F]] struct {
	Tickets []TicketLine `json:"tickets"` // that count, by event, show, currency, order
	Rows    []Row[F]     `json:"rows"`    // in the same order
	Totals  []Row[F]     `json:"totals"`  // by currency
}

func (a *Account[F]) ties() bool {
	return !slices.ContainsFunc(a.Rows, func(r Row[F]) bool { return !r.Ties() })
}

// tally is the rows of a fact while they are added up.
type tally[F Figures[F]] map[RowKey]Row[F]

// add adds to a row and to the total of its currency.
func (rows tally[F]) add(totals tally[F], key RowKey, tickets, published F) {
	row, total := rows[key], totals[RowKey{Currency: key.Currency}]
	rows[key] = Row[F]{key, row.Tickets.plus(tickets), row.Published.plus(published)}
	totals[RowKey{Currency: key.Currency}] = Row[F]{RowKey{Currency: key.Currency}, total.Tickets.plus(tickets), total.Published.plus(published)}
}

func (rows tally[F]) sorted() []Row[F] {
	list := make([]Row[F], 0, len(rows))
	for _, r := range rows {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b Row[F]) int {
		return cmp.Or(cmp.Compare(a.EventID, b.EventID), cmp.Compare(a.ShowID, b.ShowID), cmp.Compare(a.Currency, b.Currency))
	})
	return list
}

// addUp makes rows and totals of the tickets, by what each adds, and of what is published.
func (a *Account[F]) addUp(rows, totals tally[F], of func(*TicketLine) F) {
	var none F
	for i := range a.Tickets {
		rows.add(totals, a.Tickets[i].Key(), of(&a.Tickets[i]), none)
	}
	a.Rows, a.Totals = rows.sorted(), totals.sorted()
}
