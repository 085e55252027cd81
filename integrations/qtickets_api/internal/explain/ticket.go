package explain

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Ticket is a ticket as the current version of its order says. Times are Moscow's.
type Ticket struct {
	OrderID    uint64         `json:"order_id"`
	TicketID   uint64         `json:"ticket_id"`
	EventID    uint64         `json:"event_id"`
	ShowID     uint64         `json:"show_id"`
	Currency   string         `json:"currency_id"`
	State      sales.State    `json:"state"`
	Counting   sales.Counting `json:"-"`                 // whether it counts, and why not
	WhyNot     string         `json:"why_not,omitempty"` // the same in English; empty when it counts
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
}

// Key is the row of the facts a ticket belongs to.
func (t *Ticket) Key() RowKey { return RowKey{t.EventID, t.ShowID, t.Currency} }
