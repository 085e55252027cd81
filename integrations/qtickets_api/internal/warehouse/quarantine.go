package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Quarantined is a row of the API that is invalid. Its content is not kept: what cannot be understood cannot be known
// to hold no personal data.
type Quarantined struct {
	Feed   string    `json:"feed"`
	ID     uint64    `json:"id"` // 0: the row has no readable id
	Reason string    `json:"reason"`
	ReadAt time.Time `json:"last_read"` // every run tries again
	RunID  string    `json:"run_id"`    // that read it; set when it is listed
	// Counted is what reports hold of an order that was read before; nil: nothing. Set when it is listed.
	Counted *Counted `json:"counted,omitempty"`
}

// Counted is an order as it was last read.
type Counted struct {
	ReadAt  time.Time `json:"read_at"`
	Tickets int64     `json:"tickets"` // sold ones
	Revenue string    `json:"revenue"` // with its currency: "900.00 RUB"
}

func (c Counted) String() string {
	return fmt.Sprintf("counted as read on %s: %d tickets, revenue %s", c.ReadAt.Format("2006-01-02 15:04:05 -0700"),
		c.Tickets, c.Revenue)
}

// ListQuarantine is what waits there, by feed and id.
func (db *DB) ListQuarantine(ctx context.Context) ([]Quarantined, error) {
	rows := []Quarantined{}
	err := db.query(ctx, statement("read_quarantine"), nil, func(r driver.Rows) error {
		var q Quarantined
		var c Counted
		var readAt *time.Time
		err := r.Scan(&q.Feed, &q.ID, &q.Reason, &q.ReadAt, &q.RunID, &readAt, &c.Tickets, &c.Revenue)
		if readAt != nil {
			c.ReadAt = *readAt
			q.Counted = &c
		}
		rows = append(rows, q)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list quarantine: %w", err)
	}
	return rows, nil
}

func (db *DB) writeQuarantine(ctx context.Context, rows []Quarantined, run string, released uint8) error {
	if len(rows) == 0 {
		return nil
	}
	ahead, err := db.quarantineAhead(ctx)
	if err != nil {
		return fmt.Errorf("read quarantine: %w", err)
	}
	return db.Write(ctx, "state_quarantine", len(rows), func(i int) []Column {
		q := &rows[i]
		return []Column{
			{"feed", q.Feed},
			{"id", q.ID},
			{"version", max(version(q.ReadAt), ahead[quarantineKey{q.Feed, q.ID}])},
			{"is_deleted", released},
			{"run_id", run},
			{"reason", q.Reason},
			{"observed_at", q.ReadAt},
		}
	})
}

type quarantineKey struct {
	feed string
	id   uint64
}

// quarantineAhead are the versions that win over those from the future, which would hide everything after them.
func (db *DB) quarantineAhead(ctx context.Context) (map[quarantineKey]uint64, error) {
	ahead := map[quarantineKey]uint64{}
	now := map[string]string{"now": strconv.FormatUint(version(time.Now()), 10)}
	err := db.query(ctx, statement("quarantine_ahead"), now, func(r driver.Rows) error {
		var key quarantineKey
		var last uint64
		err := r.Scan(&key.feed, &key.id, &last)
		ahead[key] = last + 1
		return err
	})
	return ahead, err
}
