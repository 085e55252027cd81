package warehouse

import (
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var ordersTable = table[sales.Order]{
	name: "state_orders",
	key:  "order_id",
	id:   func(o *sales.Order) (uint64, uint64) { return o.OrderID, o.ContentHash },
	columns: func(o *sales.Order, run string) []Column {
		t := ticketColumns(o.Tickets)
		return []Column{
			{"run_id", run},
			{"event_id", o.EventID},
			{"site_id", o.SiteID},
			{"buyer_hash", o.BuyerHash},
			{"currency_id", o.CurrencyID},
			{"payment_type_id", o.PaymentTypeID},
			{"discount_id", o.DiscountID},
			{"promo_code_id", o.PromoCodeID},
			{"price", money(o.Price)},
			{"utm_source", o.UTM.Source},
			{"utm_medium", o.UTM.Medium},
			{"utm_campaign", o.UTM.Campaign},
			{"utm_content", o.UTM.Content},
			{"utm_term", o.UTM.Term},
			{"created_at", o.CreatedAt},
			{"updated_at", o.UpdatedAt},
			{"sale_ts", o.SaleTS},
			{"reserved_to", o.ReservedTo},
			{"deleted_at", o.DeletedAt},
			{"anomalies", o.Anomalies},
			{"primary_orders", o.PrimaryOrders},
			{"tickets.ticket_id", t.ids},
			{"tickets.show_id", t.shows},
			{"tickets.state", t.states},
			{"tickets.counted", t.counted},
			{"tickets.quantity", t.quantities},
			{"tickets.seat_id", t.seats},
			{"tickets.price", t.prices},
			{"tickets.discount", t.discounts},
			{"tickets.gross_revenue", t.gross},
			{"tickets.refunded_amount", t.refunded},
			{"tickets.revenue", t.revenue},
			{"tickets.checked_at", t.checkedAt},
			{"tickets.deleted_at", t.deletedAt},
			{"tickets.refunded_at", t.refundedAt},
			{"payload_json", o.PayloadJSON},
		}
	},
	complete: followStored,
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
		prices: amounts[:n], discounts: amounts[n : 2*n], gross: amounts[2*n : 3*n], refunded: amounts[3*n : 4*n],
		revenue:   amounts[4*n:],
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
