package warehouse

import (
	"context"
	"errors"
	"fmt"
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
var marts = []string{"sales_daily", "sales_utm_daily", "refunds_daily", "movements", "inventory_latest", "zones_latest",
	"sales_dashboard"}

// PublishOptions say for whom and how a batch is published.
type PublishOptions struct {
	Run  string
	AsOf time.Time // the moment up to which the sales are complete
	// AcceptLosses publishes even when sold tickets are missing without a refund or cancellation.
	AcceptLosses bool
}

// Publish computes all facts from the state into a new batch, audits it, and switches every mart to it
// with one row. When a check fails the error is ErrAudit, readers keep what they had, and the checks say
// what did not tie.
func (db *DB) Publish(ctx context.Context, p PublishOptions) (batch uint64, checks []Check, err error) {
	batch = version(time.Now())
	checks, err = db.build(ctx, batch, p)
	if err != nil {
		// Best effort: what stays behind is invisible, and dropped when it has become old.
		_ = db.dropBatches(context.WithoutCancel(ctx), func(b uint64) bool { return b == batch })
		return 0, checks, err
	}
	if err := db.flip(ctx, batch, p.Run, p.AsOf); err != nil {
		return 0, checks, err // the row may be there although the answer was lost: the batch must stay
	}
	return batch, checks, nil
}

// build fills a batch and audits it.
func (db *DB) build(ctx context.Context, batch uint64, p PublishOptions) ([]Check, error) {
	parameters := clickhouse.Parameters{
		"batch":         strconv.FormatUint(batch, 10),
		"as_of":         strconv.FormatFloat(float64(p.AsOf.UnixMilli())/1000, 'f', 3, 64),
		"accept_losses": "0",
	}
	if p.AcceptLosses {
		parameters["accept_losses"] = "1"
	}
	for _, store := range marts {
		// Not retried: an INSERT … SELECT whose answer was lost may have been carried out, and its rows would
		// double. The audit would refuse the batch; the next run builds a new one.
		if err := db.exec(ctx, statement("build_"+store), parameters); err != nil {
			return nil, fmt.Errorf("build %s: %w", store, err)
		}
	}
	return db.audit(ctx, parameters)
}

func (db *DB) audit(ctx context.Context, parameters clickhouse.Parameters) ([]Check, error) {
	var checks []Check
	err := db.query(ctx, statement("check_batch"), parameters, func(r driver.Rows) error {
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
const batchChecks = 15

// flip is the switch: one row, so every reader sees the old batch in all marts or the new one in all.
// The sequence is fixed before the first try, so a retry is the same row; it is above all others, also
// above one that was written under a clock ahead of time.
func (db *DB) flip(ctx context.Context, batch uint64, run string, asOf time.Time) error {
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
		return []Column{{"seq", seq}, {"batch", batch}, {"as_of", asOf}, {"published_at", now}, {"run_id", run}}
	})
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
