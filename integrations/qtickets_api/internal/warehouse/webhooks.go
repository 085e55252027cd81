package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Webhook is a change of an order that QTickets announced, without its content.
type Webhook struct {
	ID      string // hex hash of type and body
	Type    string // as the sender says
	OrderID uint64
	// PrimaryOrders are those that the order replaces, as the delivery says: a list of QTickets need not say it.
	PrimaryOrders []uint64
	Deliveries    uint32
	FirstAt       time.Time // of the first delivery
	ReceivedAt    time.Time // of the last one
	version       uint64
}

// SaveWebhooks stores deliveries. When it returns they are durable and their orders wait to be read again, even those
// stored and handled before: the order may have changed since. repeated tells for each delivery whether it was known
// before. Saving a delivery twice is harmless.
func (db *DB) SaveWebhooks(ctx context.Context, delivered []Webhook) (repeated []bool, err error) {
	rows := map[string]Webhook{}
	for _, w := range delivered {
		rows[w.ID] = Webhook{}
	}
	known, err := db.webhooks(ctx, fmt.Sprintf(statement("webhooks_known"), quotedIDs(rows)), nil)
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

// again is the webhook after one more delivery; the webhook before its first delivery is the zero value.
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

// quotedIDs are the keys as SQL text. They are hashes in hex, never text of the sender.
func quotedIDs(rows map[string]Webhook) string {
	ids := make([]string, 0, len(rows))
	for id := range rows {
		ids = append(ids, "'"+strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(id)+"'")
	}
	return strings.Join(ids, ",")
}

// PendingWebhooks are those whose orders wait to be read again, the oldest first, at most limit.
func (db *DB) PendingWebhooks(ctx context.Context, limit int) ([]Webhook, error) {
	return db.webhooks(ctx, statement("webhooks_pending"), map[string]string{"limit": strconv.Itoa(limit)})
}

// HandleWebhooks records that a run has read the orders. One that was delivered again in the meantime keeps waiting.
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

func (db *DB) webhooks(ctx context.Context, statement string, parameters map[string]string) ([]Webhook, error) {
	var found []Webhook
	err := db.query(ctx, statement, parameters, func(r driver.Rows) error {
		var w Webhook
		err := r.Scan(&w.ID, &w.Type, &w.OrderID, &w.PrimaryOrders, &w.Deliveries, &w.FirstAt, &w.ReceivedAt, &w.version)
		found = append(found, w)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	return found, nil
}

func (db *DB) writeWebhooks(ctx context.Context, webhooks []Webhook, handled *time.Time, run string) error {
	return db.Write(ctx, "state_webhooks", len(webhooks), func(i int) []Column {
		w := &webhooks[i]
		return []Column{
			{"webhook_id", w.ID}, {"version", w.version}, {"event_type", w.Type}, {"order_id", w.OrderID},
			{"primary_orders", w.PrimaryOrders},
			{"deliveries", w.Deliveries}, {"first_at", w.FirstAt}, {"received_at", w.ReceivedAt}, {"handled_at", handled},
			{"run_id", run},
		}
	})
}

// LastLoadComplete tells whether the newest finished load left every order in the state: it says so, or it
// published, which it does only then (it may have died before its last line). After one that did not, the state may
// be half of something: only the next load can tell.
func (db *DB) LastLoadComplete(ctx context.Context) (bool, error) {
	var complete bool
	err := db.query(ctx, statement("last_load_complete"), map[string]string{"job": Job},
		func(r driver.Rows) error { return r.Scan(&complete) })
	if err != nil {
		return false, fmt.Errorf("read run ledger: %w", err)
	}
	return complete, nil
}

// OrdersChangedSince tells whether an order was written that a batch cannot hold.
func (db *DB) OrdersChangedSince(ctx context.Context, batch uint64) (bool, error) {
	var rows uint64
	parameters := map[string]string{"batch": strconv.FormatUint(batch, 10)}
	err := db.query(ctx, statement("orders_changed_since"), parameters, func(r driver.Rows) error { return r.Scan(&rows) })
	return rows > 0, err
}
