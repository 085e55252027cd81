package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Webhook is a change of an order that QTickets announced, without its content.
type Webhook struct {
	ID         string // hex hash of type and body
	Type       string // as the sender says
	OrderID    uint64
	Deliveries uint32
	FirstAt    time.Time // of the first delivery
	ReceivedAt time.Time // of the last one
	version    uint64
}

// SaveWebhooks notes deliveries; when it returns they are durable and their orders wait to be read again, also
// those noted and handled before: the order may have changed since. repeated tells of each delivery whether it
// was known before. Saving a delivery twice is harmless.
func (db *DB) SaveWebhooks(ctx context.Context, delivered []Webhook) (repeated []bool, err error) {
	rows := map[string]Webhook{}
	for _, w := range delivered {
		rows[w.ID] = Webhook{}
	}
	known, err := db.webhooks(ctx, "webhook_id IN ("+quotedIDs(rows)+")")
	if err != nil {
		return nil, err
	}
	for _, w := range known {
		rows[w.ID] = w
	}
	repeated = make([]bool, len(delivered))
	for i, w := range delivered {
		before := rows[w.ID]
		repeated[i] = before.Deliveries > 0
		rows[w.ID] = before.again(w)
	}
	return repeated, db.writeWebhooks(ctx, slices.Collect(maps.Values(rows)), nil, "")
}

// again is the webhook after one more delivery; the first one of all comes to a zero value.
func (w Webhook) again(next Webhook) Webhook {
	if w.Deliveries > 0 {
		next.FirstAt = w.FirstAt
		next.Deliveries = w.Deliveries
	} else {
		next.FirstAt = next.ReceivedAt
	}
	if w.ReceivedAt.After(next.ReceivedAt) {
		next.ReceivedAt = w.ReceivedAt
	}
	next.Deliveries++
	next.version = max(version(next.ReceivedAt), w.version+2) // a run may be writing w.version+1
	return next
}

// quotedIDs are the keys as SQL text. They are hashes in hex: SaveWebhooks is not handed foreign text.
func quotedIDs(rows map[string]Webhook) string {
	ids := make([]string, 0, len(rows))
	for id := range rows {
		ids = append(ids, "'"+strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(id)+"'")
	}
	return strings.Join(ids, ",")
}

// PendingWebhooks are those whose orders wait to be read again, the oldest first, at most limit.
func (db *DB) PendingWebhooks(ctx context.Context, limit int) ([]Webhook, error) {
	return db.webhooks(ctx, fmt.Sprintf("isNull(handled_at) ORDER BY received_at LIMIT %d", limit))
}

// HandleWebhooks notes that a run has read the orders. One that was delivered again meanwhile goes on waiting.
func (db *DB) HandleWebhooks(ctx context.Context, handled []Webhook, run string, at time.Time) error {
	if len(handled) == 0 {
		return nil
	}
	rows := make([]Webhook, len(handled))
	for i, w := range handled {
		w.version++ // just above what was read, and below any later delivery
		rows[i] = w
	}
	return db.writeWebhooks(ctx, rows, &at, run)
}

func (db *DB) webhooks(ctx context.Context, where string) ([]Webhook, error) {
	var found []Webhook
	statement := "SELECT webhook_id, toString(event_type), order_id, deliveries, first_at, received_at, version FROM state_webhooks FINAL WHERE " + where
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var w Webhook
		err := r.Scan(&w.ID, &w.Type, &w.OrderID, &w.Deliveries, &w.FirstAt, &w.ReceivedAt, &w.version)
		found = append(found, w)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	return found, nil
}

func (db *DB) writeWebhooks(ctx context.Context, rows []Webhook, handled *time.Time, run string) error {
	return db.retry(ctx, "write webhooks", func() error {
		batch, err := db.conn.PrepareBatch(ctx, `INSERT INTO state_webhooks (webhook_id, version, event_type, order_id, deliveries,
			first_at, received_at, handled_at, run_id)`)
		if err != nil {
			return err
		}
		defer batch.Close()
		for _, w := range rows {
			if err := batch.Append(w.ID, w.version, w.Type, w.OrderID, w.Deliveries, w.FirstAt, w.ReceivedAt, handled, run); err != nil {
				return err
			}
		}
		return batch.Send()
	})
}

// LastLoadComplete tells whether the newest finished load left every order in the state: it says so, or it
// published, which it does only then (it may have died before its last line). After one that did not, the state may
// be half of something: only the next load can tell.
func (db *DB) LastLoadComplete(ctx context.Context) (bool, error) {
	var complete bool
	const statement = `SELECT toBool(orders_complete = 1 OR run_id IN (SELECT run_id FROM publish)) FROM state_job_runs FINAL
		WHERE job = {job:String} AND status != 'running' AND error_class != 'busy' AND mode NOT IN ('reread', 'rebuild', 'webhook')
		ORDER BY run_id DESC LIMIT 1`
	err := db.query(ctx, statement, map[string]string{"job": Job}, func(r driver.Rows) error { return r.Scan(&complete) })
	if err != nil {
		return false, fmt.Errorf("read run ledger: %w", err)
	}
	return complete, nil
}

// OrdersChangedSince tells whether an order was written that a batch cannot hold.
func (db *DB) OrdersChangedSince(ctx context.Context, batch uint64) (bool, error) {
	var rows uint64
	statement := fmt.Sprintf("SELECT count() FROM state_orders WHERE version > %d", batch)
	err := db.query(ctx, statement, nil, func(r driver.Rows) error { return r.Scan(&rows) })
	return rows > 0, err
}
