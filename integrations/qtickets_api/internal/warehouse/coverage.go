package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// OrderCount says how much of the API's list of orders is accounted for.
type OrderCount struct {
	Orders int64  // stored, or in quarantine with an id
	MaxID  uint64 // the greatest of their ids, or of an order that is gone
	// Unnamed: rows without a readable id wait in quarantine, so the number cannot be exact.
	Unnamed bool
}

// CountOrders counts the orders that are stored or in quarantine.
func (db *DB) CountOrders(ctx context.Context) (OrderCount, error) {
	var c OrderCount
	err := db.query(ctx, statement("read_order_count"), nil,
		func(r driver.Rows) error { return r.Scan(&c.Orders, &c.MaxID, &c.Unnamed) })
	if err != nil {
		return c, fmt.Errorf("count stored orders: %w", err)
	}
	return c, nil
}

// OrderIDs are the stored orders with after < id <= last, ascending; of one event, or of all (0).
func (db *DB) OrderIDs(ctx context.Context, event, after, last uint64) ([]uint64, error) {
	var ids []uint64
	parameters := map[string]string{
		"event": strconv.FormatUint(event, 10), "after": strconv.FormatUint(after, 10), "last": strconv.FormatUint(last, 10),
	}
	err := db.query(ctx, statement("read_order_ids"), parameters, func(r driver.Rows) error {
		var id uint64
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list stored orders: %w", err)
	}
	return ids, nil
}

// OrdersByEvent counts the stored orders of each event.
func (db *DB) OrdersByEvent(ctx context.Context) (map[uint64]int64, error) {
	counts := map[uint64]int64{}
	err := db.query(ctx, statement("read_orders_by_event"), nil, func(r driver.Rows) error {
		var event uint64
		var n int64
		err := r.Scan(&event, &n)
		counts[event] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count stored orders by event: %w", err)
	}
	return counts, nil
}

// MarkSwept records that all orders of these events were read; at is when the reading began.
func (db *DB) MarkSwept(ctx context.Context, events []uint64, at time.Time) error {
	return db.Write(ctx, "state_sweeps", len(events), func(i int) []Column {
		return []Column{{"event_id", events[i]}, {"observed_at", at}}
	})
}

// KnownOrders are some stored orders, the newest and the oldest, the newest first.
func (db *DB) KnownOrders(ctx context.Context) ([]uint64, error) {
	known, err := db.numbers(ctx, statement("known_orders"), nil)
	if err != nil {
		return nil, fmt.Errorf("read known orders: %w", err)
	}
	slices.SortFunc(known, func(a, b uint64) int { return cmp.Compare(b, a) })
	return known, nil
}
