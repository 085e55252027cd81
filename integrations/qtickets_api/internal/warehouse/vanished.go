package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// closeVanishedTickets adds to orders that replace a stored version the tickets which only the stored
// one has: the source dropped them, so they bring nothing any more, but they stay on record.
func closeVanishedTickets(ctx context.Context, db *DB, orders []*sales.Order, at []time.Time) error {
	ids := make([]uint64, len(orders))
	for i, o := range orders {
		ids[i] = o.OrderID
	}
	stored, err := db.storedTickets(ctx, ids)
	if err != nil {
		return err
	}
	for i, o := range orders {
		o.Tickets = sales.CloseVanished(o.Tickets, stored[o.OrderID], at[i])
	}
	return nil
}

// storedTickets of the given orders, without what money rules do not need.
func (db *DB) storedTickets(ctx context.Context, orders []uint64) (map[uint64][]sales.Ticket, error) {
	found := make(map[uint64][]sales.Ticket, len(orders))
	statement := fmt.Sprintf(`SELECT order_id, ticket.ticket_id, ticket.show_id, toString(ticket.state), ticket.counted, ticket.quantity, ticket.seat_id,
			ticket.price, ticket.discount, ticket.gross_revenue, ticket.refunded_amount, ticket.revenue,
			ticket.checked_at, ticket.deleted_at, ticket.refunded_at
		FROM (SELECT order_id, tickets FROM state_orders FINAL WHERE order_id IN (%s)) ARRAY JOIN tickets AS ticket`, join(orders))
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var order uint64
		var t sales.Ticket
		var state string
		var price, discount, gross, refunded, revenue decimal.Decimal
		err := r.Scan(&order, &t.TicketID, &t.ShowID, &state, &t.Counted, &t.Quantity, &t.SeatID,
			&price, &discount, &gross, &refunded, &revenue, &t.CheckedAt, &t.DeletedAt, &t.RefundedAt)
		t.State = sales.State(state)
		t.Price, t.Discount = moneyOf(price), moneyOf(discount)
		t.Amounts = sales.Amounts{Gross: moneyOf(gross), Refunded: moneyOf(refunded), Revenue: moneyOf(revenue)}
		found[order] = append(found[order], t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stored tickets: %w", err)
	}
	return found, nil
}

// Tombstone marks orders as gone from the source: they count no more, their last content stays on record.
// at is when the source was asked for them. Repeating it changes nothing.
func (db *DB) Tombstone(ctx context.Context, orders []uint64, at time.Time, run string) error {
	if len(orders) == 0 {
		return nil
	}
	// Above the stored version in any case: a clock that ran ahead must not keep a vanished order alive.
	statement := fmt.Sprintf(`INSERT INTO state_orders SELECT * REPLACE (greatest(version + 1, {version:UInt64}) AS version, toUInt8(1) AS is_deleted, {run:String} AS run_id)
		FROM state_orders FINAL WHERE order_id IN (%s)`, join(orders))
	return db.retry(ctx, "mark vanished orders", func() error {
		return db.exec(ctx, statement, map[string]string{"version": fmt.Sprint(version(at)), "run": run})
	})
}
