package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Health is the few numbers that describe the state of the installation.
type Health struct {
	AsOf, PublishedAt *time.Time // nil: nothing is published
	Quarantined       uint64
	WebhooksPending   uint64
	OldestPending     *time.Time // when it was received; nil: none waits
}

// Health reads all of them in one statement.
func (db *DB) Health(ctx context.Context) (Health, error) {
	var h Health
	err := db.query(ctx, statement("health"), nil, func(r driver.Rows) error {
		return r.Scan(&h.AsOf, &h.PublishedAt, &h.Quarantined, &h.WebhooksPending, &h.OldestPending)
	})
	if err != nil {
		return h, fmt.Errorf("read health: %w", err)
	}
	return h, nil
}
