package warehouse

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Written tells what an insert of orders did.
type Written struct {
	New     int // orders not known before
	Changed int // orders with another content than stored
}

// InsertOrders writes the orders that changed. At most a few thousand at a time: one call is one block,
// stored wholly or not at all. A ticket that the source does not list in its order any more is closed, not
// forgotten (API notes, section 18, row 18).
func (db *DB) InsertOrders(ctx context.Context, rows []Observed[sales.Order], run string) (Written, error) {
	done, err := insertChanged(ctx, db, ordersTable, rows, run)
	return Written{New: len(done.added), Changed: len(done.changed)}, err
}

var ordersTable = table[sales.Order]{
	name: "state_orders",
	key:  "order_id",
	columns: []string{
		"run_id", "event_id", "site_id", "buyer_hash", "currency_id", "payment_type_id", "discount_id", "promo_code_id",
		"price", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term",
		"created_at", "updated_at", "sale_ts", "reserved_to", "deleted_at", "anomalies",
		"tickets.ticket_id", "tickets.show_id", "tickets.state", "tickets.counted", "tickets.quantity", "tickets.seat_id",
		"tickets.price", "tickets.discount", "tickets.gross_revenue", "tickets.refunded_amount", "tickets.revenue",
		"tickets.checked_at", "tickets.deleted_at", "tickets.refunded_at", "payload_json",
	},
	id: func(o *sales.Order) (uint64, uint64) { return o.OrderID, o.ContentHash },
	values: func(o *sales.Order, run string) []any {
		t := ticketColumns(o.Tickets)
		return []any{
			run, o.EventID, o.SiteID, o.BuyerHash, o.CurrencyID, o.PaymentTypeID, o.DiscountID, o.PromoCodeID,
			money(o.Price), o.UTM.Source, o.UTM.Medium, o.UTM.Campaign, o.UTM.Content, o.UTM.Term,
			o.CreatedAt, o.UpdatedAt, o.SaleTS, o.ReservedTo, o.DeletedAt, o.Anomalies,
			t.ids, t.shows, t.states, t.counted, t.quantities, t.seats,
			t.prices, t.discounts, t.gross, t.refunded, t.revenue,
			t.checkedAt, t.deletedAt, t.refundedAt, o.PayloadJSON,
		}
	},
	complete: closeVanishedTickets,
}

// ticketArrays are the tickets of one order as the columns of the nested table.
type ticketArrays struct {
	ids, shows                                  []uint64
	states, seats                               []string
	counted                                     []uint8
	quantities                                  []uint32
	prices, discounts, gross, refunded, revenue []decimal.Decimal
	checkedAt, deletedAt, refundedAt            []*time.Time
}

func ticketColumns(tickets []sales.Ticket) ticketArrays {
	n := len(tickets)
	ids, amounts, times := make([]uint64, 2*n), make([]decimal.Decimal, 5*n), make([]*time.Time, 3*n)
	texts := make([]string, 2*n)
	a := ticketArrays{
		ids: ids[:n], shows: ids[n:], states: texts[:n], seats: texts[n:],
		counted: make([]uint8, n), quantities: make([]uint32, n),
		prices: amounts[:n], discounts: amounts[n : 2*n], gross: amounts[2*n : 3*n], refunded: amounts[3*n : 4*n], revenue: amounts[4*n:],
		checkedAt: times[:n], deletedAt: times[n : 2*n], refundedAt: times[2*n:],
	}
	for i := range tickets {
		t := &tickets[i]
		a.ids[i], a.shows[i] = t.TicketID, t.ShowID
		a.states[i], a.seats[i] = string(t.State), t.SeatID
		a.counted[i], a.quantities[i] = t.Counted, t.Quantity
		a.prices[i], a.discounts[i] = money(t.Price), money(t.Discount)
		a.gross[i], a.refunded[i], a.revenue[i] = money(t.Gross), money(t.Refunded), money(t.Revenue)
		a.checkedAt[i], a.deletedAt[i], a.refundedAt[i] = t.CheckedAt, t.DeletedAt, t.RefundedAt
	}
	return a
}
