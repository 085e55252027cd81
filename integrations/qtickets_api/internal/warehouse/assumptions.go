package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Assumption is how an assumption about the API of QTickets stands (package contract).
type Assumption struct {
	ID           uint32
	Code         string
	Assumes      string // the assumption, in Russian
	Affects      string // what depends on it, in Russian
	AssumesEN    string
	AffectsEN    string
	Alerts       bool   // people are told when it turns out not to hold
	State        string // not_seen, confirmed or refuted
	For, Against uint64 // observations
	Since        time.Time
	FirstSeen    *time.Time
	ForAt        *time.Time
	AgainstAt    *time.Time
	Run          string
}

// Assumptions are how the assumptions stand, by id and without their words; none before the first load.
func (db *DB) Assumptions(ctx context.Context) ([]Assumption, error) {
	var rows []Assumption
	err := db.query(ctx, statement("read_assumptions"), nil, func(r driver.Rows) error {
		var a Assumption
		err := r.Scan(&a.ID, &a.Code, &a.State, &a.For, &a.Against, &a.Since, &a.FirstSeen, &a.ForAt,
			&a.AgainstAt, &a.Run)
		rows = append(rows, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read assumptions: %w", err)
	}
	return rows, nil
}

// SaveAssumptions replaces how assumptions stand.
func (db *DB) SaveAssumptions(ctx context.Context, rows []Assumption, at time.Time) error {
	ver := version(at)
	return db.Write(ctx, "state_assumptions", len(rows), func(i int) []Column {
		a := &rows[i]
		var alerts uint8
		if a.Alerts {
			alerts = 1
		}
		return []Column{
			{"assumption_id", a.ID}, {"version", ver}, {"code", a.Code}, {"assumes", a.Assumes}, {"affects", a.Affects},
			{"assumes_en", a.AssumesEN}, {"affects_en", a.AffectsEN}, {"alerts", alerts}, {"state", a.State},
			{"confirming", a.For}, {"refuting", a.Against}, {"since", a.Since}, {"first_seen", a.FirstSeen},
			{"confirmed_at", a.ForAt}, {"refuted_at", a.AgainstAt}, {"run_id", a.Run},
		}
	})
}

// WebhooksCounted is how many webhooks are kept, and how many of them came again.
func (db *DB) WebhooksCounted(ctx context.Context) (once, again uint64, err error) {
	err = db.query(ctx, statement("webhooks_counted"), nil, func(r driver.Rows) error { return r.Scan(&once, &again) })
	if err != nil {
		return 0, 0, fmt.Errorf("count webhooks: %w", err)
	}
	return once, again, nil
}
