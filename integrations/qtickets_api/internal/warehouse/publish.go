package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Check is one line of the audit of a batch, or of the smoke checks.
type Check struct {
	Name     string `json:"check"`
	Found    string `json:"found"`
	Expected string `json:"expected"`
}

// Passed tells whether what was found is what must be.
func (c Check) Passed() bool { return c.Found == c.Expected }

// marts are built in this order: zones read the inventory of their own batch, the dashboard reads the facts and the
// zones.
var marts = append(slices.Clone(slicedMarts), "inventory_latest", "zones_latest", "sales_dashboard")

// slicedMarts are computed slice by slice; the others have a row per show and are whole in every batch.
var slicedMarts = []string{"sales_daily", "sales_utm_daily", "refunds_daily", "movements", "entries"}

// PublishOptions say for whom and how a batch is published.
type PublishOptions struct {
	Run  string
	AsOf time.Time // the moment up to which the sales are complete
	// Anew computes every slice, changed or not, and compares those that did not change with what readers saw.
	Anew bool
	// AcceptLosses publishes even when sold tickets are missing without a refund or cancellation.
	AcceptLosses bool
	// Problem is told what was wrong although the publication came out right; nil: nobody is.
	Problem func(format string, args ...any)
}

func (p PublishOptions) problem(format string, args ...any) {
	if p.Problem != nil {
		p.Problem(format, args...)
	}
}

// Published is what came of a publication.
type Published struct {
	Batch  uint64  // what readers see from now on; 0: what they saw before
	Checks []Check // none when nothing was computed
	// Differences counts rows, by mart, that came out otherwise than before although what they are computed from is the
	// same. It is filled by Anew.
	Differences map[string]uint64
}

// Publish makes what is stored visible to readers: it computes the slices that changed since the last publication into
// a new batch, which takes over the others, audits it, and switches every mart to it with one row. When nothing changed
// that row shows the same batch as complete up to a later moment, and there are no checks. When a check fails where
// slices were taken over, everything is computed anew. When it fails then too the error is ErrAudit, readers keep what
// they had, and the checks say what did not tie.
func (db *DB) Publish(ctx context.Context, p PublishOptions) (done Published, err error) {
	base, err := db.LastPublication(ctx)
	if err != nil {
		return done, fmt.Errorf("read last publication: %w", err)
	}
	plan, err := db.planBatch(ctx, base, p)
	if err != nil {
		return done, err
	}
	if plan.same {
		if done.Batch, err = db.showLater(ctx, base.Batch, p); err != nil || !p.Anew {
			return done, err
		}
	}
	rows, err := db.build(ctx, plan, &done)
	if errors.Is(err, ErrAudit) && len(plan.taken) > 0 {
		p.problem("everything was computed anew, as what the publication before had computed does not fit: %v", err)
		p.Anew = true
		return db.Publish(ctx, p)
	}
	if err != nil {
		return done, err
	}
	if err := db.flip(ctx, pointer{PublishOptions: p, batch: plan.batch, rows: rows}); err != nil {
		return done, err // the row may be there although the answer was lost: the batch must stay
	}
	done.Batch = plan.batch
	return done, nil
}

// showLater shows the same batch as complete up to a later moment.
func (db *DB) showLater(ctx context.Context, batch uint64, p PublishOptions) (uint64, error) {
	seats, err := db.seatsReadAgain(ctx, batch)
	if err != nil {
		return 0, err
	}
	return batch, db.flip(ctx, pointer{PublishOptions: p, batch: batch, seats: seats})
}

// Recompute computes all facts anew from what is stored, and counts the rows of each mart in which they differ from
// what readers see; equal marts are left out. Nothing is published. Every slice is compared, whether it changed or not.
func (db *DB) Recompute(ctx context.Context) (map[string]uint64, error) {
	seen, err := db.LastPublication(ctx)
	if err != nil || seen == nil {
		return nil, err
	}
	plan, err := db.planBatch(ctx, seen, PublishOptions{AsOf: seen.AsOf, Anew: true})
	if err != nil {
		return nil, err
	}
	defer db.forget(ctx, plan.batch)
	if err := db.fill(ctx, plan); err != nil {
		return nil, err
	}
	if plan.kept, _, err = db.partsOf(ctx, seen.Batch); err != nil {
		return nil, err
	}
	plan.same = true
	return db.keptDifferences(ctx, plan)
}

// build fills a batch, audits it and counts its rows. With an error it leaves nothing behind.
func (db *DB) build(ctx context.Context, plan *batchPlan, done *Published) (rows uint64, err error) {
	defer func() {
		if err != nil {
			db.forget(ctx, plan.batch)
		}
	}()
	if err := db.fill(ctx, plan); err != nil {
		return 0, err
	}
	if done.Checks, err = db.audit(ctx, plan); err != nil {
		return 0, err
	}
	if done.Differences, err = db.keptDifferences(ctx, plan); err != nil {
		return 0, err
	}
	sizes, err := db.numbers(ctx, statement("batch_size"), plan.parameters())
	if err != nil {
		return 0, fmt.Errorf("count the rows of a batch: %w", err)
	}
	for _, n := range sizes {
		rows += n
	}
	return rows, nil
}

// fill computes the marts of a batch.
func (db *DB) fill(ctx context.Context, plan *batchPlan) error {
	for _, store := range append([]string{"parts"}, marts...) {
		// Not retried: an INSERT … SELECT whose answer was lost may have been carried out, and its rows would
		// double. The audit would refuse the batch; the next run builds a new one.
		if err := db.exec(ctx, plan.statement("build_"+store), plan.parameters()); err != nil {
			return fmt.Errorf("build %s: %w", store, err)
		}
	}
	return nil
}

// forget drops a batch that will not be published. Best effort: what stays behind is invisible, and dropped when it has
// become old.
func (db *DB) forget(ctx context.Context, batch uint64) {
	_ = db.dropBatches(context.WithoutCancel(ctx), func(b uint64) bool { return b == batch })
}

func (db *DB) audit(ctx context.Context, plan *batchPlan) ([]Check, error) {
	var checks []Check
	err := db.query(ctx, plan.statement("check_batch"), plan.parameters(), func(r driver.Rows) error {
		var c Check
		err := r.Scan(&c.Name, &c.Found, &c.Expected)
		checks = append(checks, c)
		return err
	})
	if err != nil {
		return checks, fmt.Errorf("audit batch: %w", err)
	}
	if len(checks) != batchChecks {
		return checks, fmt.Errorf("%w: %d of %d checks answered", ErrAudit, len(checks), batchChecks)
	}
	var failed []error
	for _, c := range checks {
		if !c.Passed() {
			failed = append(failed, fmt.Errorf("%s: found %s, must be %s", c.Name, c.Found, c.Expected))
		}
	}
	if len(failed) > 0 {
		return checks, fmt.Errorf("%w: %w", ErrAudit, errors.Join(failed...))
	}
	return checks, nil
}

// batchChecks is how many rows check_batch.sql answers; a check that does not answer has failed.
const batchChecks = 18

// pointer is a row of publish.
type pointer struct {
	PublishOptions
	batch uint64
	rows  uint64               // of the batch, in all stores; 0: a row of the same batch says it
	seats map[uint64]time.Time // shows whose seats were read since the batch was computed
}

// flip is the switch: one row, so every reader sees the old batch in all marts or the new one in all.
// The sequence is fixed before the first try, so a retry is the same row; it is above all others, also
// above one that was written under a clock ahead of time.
func (db *DB) flip(ctx context.Context, p pointer) error {
	now := time.Now()
	seq := version(now)
	last, err := db.numbers(ctx, statement("last_seq"), nil)
	if err != nil {
		return fmt.Errorf("read last publication: %w", err)
	}
	for _, l := range last {
		seq = max(seq, l+1)
	}
	return db.Write(ctx, "publish", 1, func(int) []Column {
		return []Column{{"seq", seq}, {"batch", p.batch}, {"as_of", p.AsOf}, {"published_at", now}, {"run_id", p.Run},
			{"rows", p.rows}, {"seats_read", p.seats}}
	})
}

// seatsReadAgain are the shows whose seats were read since a batch was computed, and when.
func (db *DB) seatsReadAgain(ctx context.Context, batch uint64) (map[uint64]time.Time, error) {
	seats := map[uint64]time.Time{}
	parameters := clickhouse.Parameters{"batch": strconv.FormatUint(batch, 10)}
	err := db.query(ctx, statement("seats_read_again"), parameters, func(r driver.Rows) error {
		var show uint64
		var at time.Time
		err := r.Scan(&show, &at)
		seats[show] = at
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read when seats were read: %w", err)
	}
	return seats, nil
}

// Publication is a row of publish.
type Publication struct {
	Batch       uint64    `json:"batch"`
	AsOf        time.Time `json:"as_of"`
	PublishedAt time.Time `json:"published_at"`
	RunID       string    `json:"run_id"`
}

// LastPublication is the one readers see; nil when there is none.
func (db *DB) LastPublication(ctx context.Context) (*Publication, error) {
	var last *Publication
	err := db.query(ctx, statement("last_publication"), nil, func(r driver.Rows) error {
		last = &Publication{}
		return r.Scan(&last.Batch, &last.AsOf, &last.PublishedAt, &last.RunID)
	})
	return last, err
}
