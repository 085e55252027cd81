package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// OrderCount says how much of the source's list of orders is accounted for.
type OrderCount struct {
	Orders int64  // stored, or in quarantine with an id
	MaxID  uint64 // the greatest of their ids
	// Unnamed: rows without a readable id wait in quarantine, so the number cannot be exact.
	Unnamed bool
}

// CountOrders counts the orders that are stored or in quarantine.
func (db *DB) CountOrders(ctx context.Context) (OrderCount, error) {
	var a OrderCount
	err := db.query(ctx, `WITH
			held AS (SELECT id AS held_id FROM state_quarantine FINAL WHERE feed = 'orders'),
			stored AS (SELECT order_id FROM state_orders FINAL WHERE order_id IN (SELECT held_id FROM held))
		SELECT toInt64(o.amount + h.amount), greatest(o.highest, h.highest), h.unnamed > 0
		FROM (SELECT count() AS amount, max(order_id) AS highest FROM state_orders FINAL) AS o
		CROSS JOIN
		(
			SELECT countIf(held_id != 0 AND held_id NOT IN (SELECT order_id FROM stored)) AS amount, max(held_id) AS highest, countIf(held_id = 0) AS unnamed
			FROM held
		) AS h`,
		nil, func(r driver.Rows) error { return r.Scan(&a.Orders, &a.MaxID, &a.Unnamed) })
	if err != nil {
		return a, fmt.Errorf("count stored orders: %w", err)
	}
	return a, nil
}

// OrderIDs are the stored orders with after < id <= through, ascending; of one event, or of all (0).
func (db *DB) OrderIDs(ctx context.Context, event, after, through uint64) ([]uint64, error) {
	statement := fmt.Sprintf("SELECT order_id FROM state_orders FINAL WHERE order_id > %d AND order_id <= %d", after, through)
	if event != 0 {
		statement += fmt.Sprintf(" AND event_id = %d", event)
	}
	ids, err := db.batches(ctx, statement+" ORDER BY order_id")
	if err != nil {
		return nil, fmt.Errorf("list stored orders: %w", err)
	}
	return ids, nil
}

// OrdersByEvent counts the stored orders of each event.
func (db *DB) OrdersByEvent(ctx context.Context) (map[uint64]int64, error) {
	counts := map[uint64]int64{}
	err := db.query(ctx, "SELECT event_id, toInt64(count()) FROM state_orders FINAL GROUP BY event_id", nil, func(r driver.Rows) error {
		var event uint64
		var n int64
		err := r.Scan(&event, &n)
		counts[event] = n
		return err
	})
	return counts, err
}

// Sweeps tells when all orders of each event were last read one by one.
func (db *DB) Sweeps(ctx context.Context) (map[uint64]time.Time, error) {
	return db.moments(ctx, "SELECT event_id, observed_at FROM state_sweeps FINAL")
}

// NoteSweeps notes that all orders of these events were read; at is when the reading began.
func (db *DB) NoteSweeps(ctx context.Context, events []uint64, at time.Time) error {
	if len(events) == 0 {
		return nil
	}
	return db.retry(ctx, "note sweeps", func() error {
		batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO state_sweeps (event_id, observed_at)")
		if err != nil {
			return err
		}
		defer batch.Close()
		for _, id := range events {
			if err := batch.Append(id, at); err != nil {
				return err
			}
		}
		return batch.Send()
	})
}

// moments reads pairs of an id and a time.
func (db *DB) moments(ctx context.Context, statement string) (map[uint64]time.Time, error) {
	found := map[uint64]time.Time{}
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var id uint64
		var at time.Time
		err := r.Scan(&id, &at)
		found[id] = at
		return err
	})
	return found, err
}
