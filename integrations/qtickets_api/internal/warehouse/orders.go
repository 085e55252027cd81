package warehouse

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var ordersTable = table[sales.Order]{
	name: "state_orders",
	key:  "order_id",
	id:   func(o *sales.Order) (uint64, uint64) { return o.OrderID, o.ContentHash },
	columns: func(run string) []column[Observed[sales.Order]] {
		type row = Observed[sales.Order]
		tickets := func(o *row) []sales.Ticket { return o.Row.Tickets }
		return []column[row]{
			col("run_id", texts, func(*row) string { return run }),
			col("event_id", uint64s, func(o *row) uint64 { return o.Row.EventID }),
			col("site_id", uint64s, func(o *row) uint64 { return o.Row.SiteID }),
			col("site_host", texts, func(o *row) string { return o.Row.SiteHost }),
			col("buyer_hash", texts, func(o *row) string { return o.Row.BuyerHash }),
			col("currency_id", texts, func(o *row) string { return o.Row.CurrencyID }),
			col("payment_type_id", texts, func(o *row) string { return o.Row.PaymentTypeID }),
			col("discount_id", optional(uint64s), func(o *row) *uint64 { return o.Row.DiscountID }),
			col("promo_code_id", optional(uint64s), func(o *row) *uint64 { return o.Row.PromoCodeID }),
			col("price", amounts, func(o *row) qtickets.Money { return o.Row.Price }),
			col("utm_source", texts, func(o *row) string { return o.Row.UTM.Source }),
			col("utm_medium", texts, func(o *row) string { return o.Row.UTM.Medium }),
			col("utm_campaign", texts, func(o *row) string { return o.Row.UTM.Campaign }),
			col("utm_content", texts, func(o *row) string { return o.Row.UTM.Content }),
			col("utm_term", texts, func(o *row) string { return o.Row.UTM.Term }),
			col("created_at", seconds, func(o *row) time.Time { return o.Row.CreatedAt }),
			col("updated_at", optional(seconds), func(o *row) *time.Time { return o.Row.UpdatedAt }),
			col("sale_ts", optional(seconds), func(o *row) *time.Time { return o.Row.SaleTS }),
			col("reserved_to", optional(seconds), func(o *row) *time.Time { return o.Row.ReservedTo }),
			col("deleted_at", optional(seconds), func(o *row) *time.Time { return o.Row.DeletedAt }),
			col("anomalies", array(texts), func(o *row) []string { return o.Row.Anomalies }),
			col("primary_orders", array(uint64s), func(o *row) []uint64 { return o.Row.PrimaryOrders }),
			nested("tickets.ticket_id", uint64s, tickets, func(t *sales.Ticket) uint64 { return t.TicketID }),
			nested("tickets.show_id", uint64s, tickets, func(t *sales.Ticket) uint64 { return t.ShowID }),
			nested("tickets.state", texts, tickets, func(t *sales.Ticket) string { return string(t.State) }),
			nested("tickets.counted", uint8s, tickets, func(t *sales.Ticket) uint8 { return t.Counted }),
			nested("tickets.quantity", uint32s, tickets, func(t *sales.Ticket) uint32 { return t.Quantity }),
			nested("tickets.seat_id", texts, tickets, func(t *sales.Ticket) string { return t.SeatID }),
			nested("tickets.price", amounts, tickets, func(t *sales.Ticket) qtickets.Money { return t.Price }),
			nested("tickets.discount", amounts, tickets, func(t *sales.Ticket) qtickets.Money { return t.Discount }),
			nested("tickets.gross_revenue", amounts, tickets, func(t *sales.Ticket) qtickets.Money { return t.Gross }),
			nested("tickets.refunded_amount", amounts, tickets, func(t *sales.Ticket) qtickets.Money { return t.Refunded }),
			nested("tickets.revenue", amounts, tickets, func(t *sales.Ticket) qtickets.Money { return t.Revenue }),
			nested("tickets.checked_at", optional(seconds), tickets, func(t *sales.Ticket) *time.Time { return t.CheckedAt }),
			nested("tickets.deleted_at", optional(seconds), tickets, func(t *sales.Ticket) *time.Time { return t.DeletedAt }),
			nested("tickets.refunded_at", optional(seconds), tickets, func(t *sales.Ticket) *time.Time { return t.RefundedAt }),
			col("payload_json", payloads, func(o *row) []byte { return o.Row.PayloadJSON }),
		}
	},
	complete: followStored,
}
