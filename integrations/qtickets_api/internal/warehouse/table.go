package warehouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Observed is a row and the moment its request was sent: the version that wins over older ones, whatever
// order they arrive in.
type Observed[T any] struct {
	Row T
	At  time.Time
}

// table writes rows of one kind into its state table.
type table[T any] struct {
	name    string
	key     string                         // its sorting key, a UInt64 column
	columns []string                       // after key, version and content_hash
	id      func(*T) (key, hash uint64)    //
	values  func(row *T, run string) []any // of columns
	// complete adds to rows that replace a stored version what must not be forgotten of it; nil: nothing.
	complete func(ctx context.Context, db *DB, rows []*T, at []time.Time) error
}

// written tells what insertChanged did.
type written[T any] struct {
	added   []*T // not known before
	changed []*T // another content than stored
}

func (w written[T]) count() int { return len(w.added) + len(w.changed) }

// insertChanged writes the rows whose content differs from the stored version, as one block, and tells
// which these were. Writing a row twice is harmless: the same key and version is the same row. An
// observation older than the stored one is dropped.
func insertChanged[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T], run string) (written[T], error) {
	var done written[T]
	stored, err := storedRows(ctx, db, t, rows)
	if err != nil {
		return done, err
	}
	changed := make([]Observed[T], 0, len(rows))
	replaces := make([]bool, 0, len(rows))
	for _, r := range rows {
		key, hash := t.id(&r.Row)
		old, known := stored[key]
		if known && old.hash == hash {
			continue
		}
		// A version from the future was written under a wrong clock and would hide everything after it.
		if at := time.Unix(0, int64(old.version)); at.After(time.Now()) {
			r.At = at.Add(1)
		}
		if known && version(r.At) < old.version {
			continue
		}
		changed = append(changed, r)
		replaces = append(replaces, known)
		stored[key] = storedRow{hash: hash, version: version(r.At)}
	}
	if len(changed) == 0 {
		return done, nil
	}
	var at []time.Time
	for i := range changed {
		if replaces[i] {
			done.changed = append(done.changed, &changed[i].Row)
			at = append(at, changed[i].At)
		} else {
			done.added = append(done.added, &changed[i].Row)
		}
	}
	if t.complete != nil && len(done.changed) > 0 {
		if err := t.complete(ctx, db, done.changed, at); err != nil {
			return done, err
		}
	}
	return done, db.retry(ctx, "insert into "+t.name, func() error { return t.insert(ctx, db, changed, run) })
}

// insertCount is insertChanged for tables of which only the number of written rows matters.
func insertCount[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T], run string) (int, error) {
	done, err := insertChanged(ctx, db, t, rows, run)
	return done.count(), err
}

// storedRow is what is known of a row.
type storedRow struct{ hash, version uint64 }

func storedRows[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T]) (map[uint64]storedRow, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	keys := make([]string, len(rows))
	for i := range rows {
		key, _ := t.id(&rows[i].Row)
		keys[i] = fmt.Sprint(key)
	}
	stored := make(map[uint64]storedRow, len(rows))
	statement := fmt.Sprintf("SELECT %[1]s, content_hash, version FROM %[2]s FINAL WHERE %[1]s IN (%[3]s)", t.key, t.name, strings.Join(keys, ","))
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var key uint64
		var row storedRow
		err := r.Scan(&key, &row.hash, &row.version)
		stored[key] = row
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read known rows of %s: %w", t.name, err)
	}
	return stored, nil
}

func (t table[T]) insert(ctx context.Context, db *DB, rows []Observed[T], run string) error {
	columns := append([]string{t.key, "version", "content_hash"}, t.columns...)
	batch, err := db.conn.PrepareBatch(ctx, fmt.Sprintf("INSERT INTO %s (%s)", t.name, strings.Join(columns, ", ")))
	if err != nil {
		return err
	}
	defer batch.Close()
	var values []any
	for i := range rows {
		key, hash := t.id(&rows[i].Row)
		values = append(append(values[:0], key, version(rows[i].At), hash), t.values(&rows[i].Row, run)...)
		if err := batch.Append(values...); err != nil {
			return fmt.Errorf("row %d: %w", key, err)
		}
	}
	return batch.Send()
}

func version(at time.Time) uint64 { return uint64(at.UnixNano()) }

// retry repeats what cannot duplicate when the network failed in the middle of it. A refusal by the
// server is final.
func (db *DB) retry(ctx context.Context, what string, do func() error) error {
	var err error
	for attempt := range 4 {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s: %w", what, ctx.Err())
			case <-time.After(time.Duration(attempt) * 500 * time.Millisecond):
			}
		}
		if err = do(); err == nil {
			return nil
		}
		if !isNetwork(err) {
			break
		}
	}
	return fmt.Errorf("%s: %w", what, db.config.describe(err))
}

func money(m qtickets.Money) decimal.Decimal { return decimal.New(int64(m), -2) }

func optMoney(m *qtickets.Money) *decimal.Decimal {
	if m == nil {
		return nil
	}
	d := money(*m)
	return &d
}
