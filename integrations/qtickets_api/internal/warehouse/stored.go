package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// StoredOrder is an order as it lies in the state, as far as published numbers depend on it.
type StoredOrder struct {
	Row       sales.Order // what facts are made of, and its tickets
	Payload   []byte
	BuyerHash string
	At        time.Time // when its request was sent
}

// StoredOrders reads up to limit orders above an id, ascending.
func (db *DB) StoredOrders(ctx context.Context, after uint64, limit int) ([]StoredOrder, error) {
	var found []StoredOrder
	var ids []uint64
	statement := fmt.Sprintf(`SELECT order_id, version, content_hash, event_id, toString(currency_id), toString(utm_source), toString(utm_medium), utm_campaign,
			sale_ts, buyer_hash, payload_json
		FROM state_orders FINAL WHERE order_id > %d ORDER BY order_id LIMIT %d`, after, limit)
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var s StoredOrder
		var ver uint64
		var payload string
		err := r.Scan(&s.Row.OrderID, &ver, &s.Row.ContentHash, &s.Row.EventID, &s.Row.CurrencyID, &s.Row.UTM.Source, &s.Row.UTM.Medium,
			&s.Row.UTM.Campaign, &s.Row.SaleTS, &s.BuyerHash, &payload)
		s.Payload, s.At = []byte(payload), time.Unix(0, int64(ver))
		found = append(found, s)
		ids = append(ids, s.Row.OrderID)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	tickets, err := db.storedTickets(ctx, ids)
	for i := range found {
		found[i].Row.Tickets = tickets[found[i].Row.OrderID]
	}
	return found, err
}

// RewriteOrders writes rows as they are, without comparing them with what is stored.
func (db *DB) RewriteOrders(ctx context.Context, rows []Observed[sales.Order], run string) error {
	if len(rows) == 0 {
		return nil
	}
	return db.retry(ctx, "insert into state_orders", func() error { return ordersTable.insert(ctx, db, rows, run) })
}
