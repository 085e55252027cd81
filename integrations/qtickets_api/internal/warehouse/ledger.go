package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Job is the name of this loader in the run ledger.
const Job = "qtickets_api"

// clockSlack is how far clocks of two hosts may honestly differ.
const clockSlack = 5 * time.Minute

// Checkpoint says up to where the orders are complete.
type Checkpoint struct {
	ThroughID uint64
	At        time.Time // start of the run that proved it
}

// LastComplete is what the newest run that completed the orders left behind (whatever became of it
// afterwards: the orders are stored); nil when there was none, then the whole history has to be read. A
// run from the future had a wrong clock: changes since then would be looked for too late.
func (db *DB) LastComplete(ctx context.Context) (*Checkpoint, error) {
	var known *Checkpoint
	const statement = `SELECT orders_through_id, started_at FROM state_job_runs FINAL
		WHERE job = {job:String} AND orders_complete = 1 AND toUnixTimestamp64Milli(started_at) <= {now:Int64} ORDER BY started_at DESC LIMIT 1`
	now := fmt.Sprint(time.Now().Add(clockSlack).UnixMilli())
	err := db.query(ctx, statement, map[string]string{"job": Job, "now": now}, func(r driver.Rows) error {
		known = &Checkpoint{}
		return r.Scan(&known.ThroughID, &known.At)
	})
	if err != nil {
		return nil, fmt.Errorf("read run ledger: %w", err)
	}
	return known, nil
}

// FirstStart is when the first run of all began; zero when there was none. A backfill that goes on where
// an earlier one was killed has to look for changes since then.
func (db *DB) FirstStart(ctx context.Context) (time.Time, error) {
	var first time.Time
	err := db.query(ctx, "SELECT started_at FROM state_job_runs FINAL WHERE job = {job:String} ORDER BY started_at LIMIT 1",
		map[string]string{"job": Job}, func(r driver.Rows) error { return r.Scan(&first) })
	return first, err
}

// LastProbe is the probe of the newest run that made one, as it was saved; "" when there is none.
func (db *DB) LastProbe(ctx context.Context) (string, error) {
	var probe string
	err := db.query(ctx, "SELECT probe FROM state_job_runs FINAL WHERE job = {job:String} AND probe != '' ORDER BY run_id DESC LIMIT 1",
		map[string]string{"job": Job}, func(r driver.Rows) error { return r.Scan(&probe) })
	return probe, err
}
