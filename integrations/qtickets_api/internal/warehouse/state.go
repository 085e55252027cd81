package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// State is what earlier runs left behind, as the next one finds it when it starts.
type State struct {
	// Checkpoint is nil when no run has completed the orders: then the whole history has to be read.
	Checkpoint *Checkpoint
	// FirstStart is when the first run of all began; zero when there was none. A backfill that goes on where an earlier
	// one was killed has to look for changes since then.
	FirstStart time.Time
	// Probe is that of the newest run that made one, as it was saved; "" when there is none.
	Probe string
	// Publication is the one readers see; nil when there is none.
	Publication *Publication
	Quarantine  map[string]map[uint64]bool // ids that wait in quarantine, by feed; 0: a row without a readable id
	Sweeps      map[uint64]time.Time       // when all orders of each event were last read
	SeatsRead   map[uint64]time.Time       // when the seats of each show were last read
}

// Checkpoint says up to where the orders are complete.
type Checkpoint struct {
	ThroughID uint64
	At        time.Time // start of the run that proved it
	// Missing orders are counted by QTickets and on no list. A person accepted that many.
	Missing uint64
}

// State reads what earlier runs left behind.
func (db *DB) State(ctx context.Context) (s State, err error) {
	if s.Checkpoint, err = db.checkpoint(ctx); err != nil {
		return s, fmt.Errorf("read run ledger: %w", err)
	}
	job := map[string]string{"job": Job}
	if err = db.query(ctx, statement("read_first_start"), job,
		func(r driver.Rows) error { return r.Scan(&s.FirstStart) }); err != nil {
		return s, fmt.Errorf("read start of the first run: %w", err)
	}
	if err = db.query(ctx, statement("read_probe"), job,
		func(r driver.Rows) error { return r.Scan(&s.Probe) }); err != nil {
		return s, fmt.Errorf("read last probe: %w", err)
	}
	if s.Publication, err = db.LastPublication(ctx); err != nil {
		return s, fmt.Errorf("read last publication: %w", err)
	}
	if s.Quarantine, err = db.quarantinedIDs(ctx); err != nil {
		return s, fmt.Errorf("read quarantine: %w", err)
	}
	if s.Sweeps, err = db.moments(ctx, "read_sweeps", nil); err != nil {
		return s, err
	}
	s.SeatsRead, err = db.moments(ctx, "read_seats_read", nil)
	return s, err
}

// checkpoint is what the newest run that completed the orders left behind (whatever became of it afterwards: the orders
// are stored); nil when there was none. A run from the future had a wrong clock: changes since then would be looked for
// too late.
func (db *DB) checkpoint(ctx context.Context) (*Checkpoint, error) {
	var newest *Checkpoint
	now := fmt.Sprint(time.Now().Add(clockSlack).UnixMilli())
	err := db.query(ctx, statement("read_checkpoint"), map[string]string{"job": Job, "now": now},
		func(r driver.Rows) error {
			newest = &Checkpoint{}
			return r.Scan(&newest.ThroughID, &newest.At, &newest.Missing)
		})
	return newest, err
}

// Job is the name of this loader in the run ledger.
const Job = "qtickets_api"

// clockSlack is how far clocks of two hosts may honestly differ.
const clockSlack = 5 * time.Minute

func (db *DB) quarantinedIDs(ctx context.Context) (map[string]map[uint64]bool, error) {
	waiting := map[string]map[uint64]bool{}
	err := db.query(ctx, statement("read_quarantined_ids"), nil, func(r driver.Rows) error {
		var feed string
		var id uint64
		err := r.Scan(&feed, &id)
		if waiting[feed] == nil {
			waiting[feed] = map[uint64]bool{}
		}
		waiting[feed][id] = true
		return err
	})
	return waiting, err
}

// moments reads pairs of an id and a time with a .sql file of this package.
func (db *DB) moments(ctx context.Context, name string, parameters clickhouse.Parameters) (map[uint64]time.Time,
	error) {
	found := map[uint64]time.Time{}
	err := db.query(ctx, statement(name), parameters, func(r driver.Rows) error {
		var id uint64
		var at time.Time
		err := r.Scan(&id, &at)
		found[id] = at
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return found, nil
}
