package sales

import (
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// FromPayload derives an order again from its stored payload. The buyer's hash is taken over: the payload
// does not name the buyer.
func FromPayload(payload []byte, buyerHash string) (Order, error) {
	src, err := qtickets.DecodeOrder(payload)
	if err != nil {
		return Order{}, err
	}
	row, err := orderRow(&src, buyerHash)
	if err != nil {
		return Order{}, fmt.Errorf("orders[%d].%w", src.ID, err)
	}
	return row, nil
}

// SameFacts tells whether two versions of an order bring the same to every published number. Tickets are
// compared by id: a stored order may hold them in another order.
func SameFacts(a, b *Order) bool {
	if a.OrderID != b.OrderID || a.EventID != b.EventID || a.CurrencyID != b.CurrencyID || a.UTM.Source != b.UTM.Source ||
		a.UTM.Medium != b.UTM.Medium || a.UTM.Campaign != b.UTM.Campaign || !sameTime(a.SaleTS, b.SaleTS) ||
		len(a.Tickets) != len(b.Tickets) {
		return false
	}
	other := make(map[uint64]*Ticket, len(b.Tickets))
	for i := range b.Tickets {
		other[b.Tickets[i].TicketID] = &b.Tickets[i]
	}
	for i := range a.Tickets {
		t, o := &a.Tickets[i], other[a.Tickets[i].TicketID]
		if o == nil || t.ShowID != o.ShowID || t.State != o.State || t.Counted != o.Counted || t.Quantity != o.Quantity ||
			t.Price != o.Price || t.Discount != o.Discount || t.Amounts != o.Amounts || !sameTime(t.RefundedAt, o.RefundedAt) {
			return false
		}
	}
	return true
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}
