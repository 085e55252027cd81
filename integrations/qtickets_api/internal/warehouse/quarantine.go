package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Quarantined is a row of the source that could not be understood. Its content is not kept: what
// cannot be understood cannot be known to hold no personal data.
type Quarantined struct {
	Feed   string
	ID     uint64 // 0: the row has no readable id
	Reason string
	At     time.Time
}

// Quarantine notes rows that could not be understood.
func (db *DB) Quarantine(ctx context.Context, rows []Quarantined, run string) error {
	return db.writeQuarantine(ctx, rows, run, 0)
}

// Release takes rows out of quarantine that were read well at the given times.
func (db *DB) Release(ctx context.Context, rows []Quarantined, run string) error {
	return db.writeQuarantine(ctx, rows, run, 1)
}

// QuarantinedIDs are the ids that wait in quarantine, by feed.
func (db *DB) QuarantinedIDs(ctx context.Context) (map[string]map[uint64]bool, error) {
	held := map[string]map[uint64]bool{}
	err := db.query(ctx, "SELECT toString(feed), id FROM state_quarantine FINAL", nil, func(r driver.Rows) error {
		var feed string
		var id uint64
		err := r.Scan(&feed, &id)
		if held[feed] == nil {
			held[feed] = map[uint64]bool{}
		}
		held[feed][id] = true
		return err
	})
	return held, err
}

// Held is a row that waits in quarantine.
type Held struct {
	Feed     string    `json:"feed"`
	ID       uint64    `json:"id"` // 0: the row has no readable id
	Reason   string    `json:"reason"`
	LastRead time.Time `json:"last_read"` // every run tries again
	RunID    string    `json:"run_id"`
}

// ListQuarantine is what waits there, by feed and id.
func (db *DB) ListQuarantine(ctx context.Context) ([]Held, error) {
	held := []Held{}
	const statement = "SELECT toString(feed), id, reason, observed_at, run_id FROM meta_quarantine ORDER BY feed, id"
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var h Held
		err := r.Scan(&h.Feed, &h.ID, &h.Reason, &h.LastRead, &h.RunID)
		held = append(held, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	return held, nil
}

func (db *DB) writeQuarantine(ctx context.Context, rows []Quarantined, run string, released uint8) error {
	if len(rows) == 0 {
		return nil
	}
	return db.retry(ctx, "write quarantine", func() error {
		batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO state_quarantine (feed, id, version, is_deleted, run_id, reason, observed_at)")
		if err != nil {
			return err
		}
		defer batch.Close()
		for _, r := range rows {
			if err := batch.Append(r.Feed, r.ID, version(r.At), released, run, r.Reason, r.At); err != nil {
				return err
			}
		}
		return batch.Send()
	})
}
