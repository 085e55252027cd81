package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// table writes rows of one kind into their state table.
type table[T any] struct {
	name string
	key  string                      // its sorting key, a UInt64 column
	id   func(*T) (key, hash uint64) // hash is of the content: rows of equal hash are equal
	// columns are those after key, version and content_hash: the same names in the same order for every row.
	columns func(row *T, run string) []Column
	// complete adds to rows that replace a stored version what must be kept of it; nil: nothing.
	complete func(ctx context.Context, db *DB, replacing []Observed[T]) error
}

// Column is a value and the name of the column it goes into.
type Column struct {
	Name  string
	Value any
}

// Col names the column of a value.
func Col(name string, value any) Column { return Column{name, value} }

// insertChanged writes the rows whose content differs from the stored version, as one block, and tells how many these
// were. Writing a row twice is harmless: the same key and version is the same row. An observation older than the stored
// one is dropped.
func insertChanged[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T], run string) (Written, error) {
	added, replacing, err := changedRows(ctx, db, t, rows)
	written := Written{New: len(added), Changed: len(replacing)}
	if err != nil || written == (Written{}) {
		return written, err
	}
	if t.complete != nil && len(replacing) > 0 {
		if err := t.complete(ctx, db, replacing); err != nil {
			return written, err
		}
	}
	return written, t.insert(ctx, db, slices.Concat(added, replacing), run)
}

// changedRows are the rows that differ from what is stored: those not stored before, and those that replace a version.
func changedRows[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T]) (added, replacing []Observed[T],
	err error) {
	stored, err := storedVersions(ctx, db, t, rows)
	if err != nil {
		return nil, nil, err
	}
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
		if known {
			replacing = append(replacing, r)
		} else {
			added = append(added, r)
		}
		stored[key] = storedVersion{hash: hash, version: version(r.At)}
	}
	return added, replacing, nil
}

// storedVersion is what is known of a stored row.
type storedVersion struct{ hash, version uint64 }

func storedVersions[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T]) (map[uint64]storedVersion,
	error) {
	if len(rows) == 0 {
		return nil, nil
	}
	keys := make([]uint64, len(rows))
	for i := range rows {
		keys[i], _ = t.id(&rows[i].Row)
	}
	stored := make(map[uint64]storedVersion, len(rows))
	statement := fmt.Sprintf("SELECT %[1]s, content_hash, version FROM %[2]s FINAL WHERE %[1]s IN (%[3]s)", t.key, t.name,
		join(keys))
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var key uint64
		var row storedVersion
		err := r.Scan(&key, &row.hash, &row.version)
		stored[key] = row
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stored versions of %s: %w", t.name, err)
	}
	return stored, nil
}

// insert writes the rows as they are.
func (t table[T]) insert(ctx context.Context, db *DB, rows []Observed[T], run string) error {
	return db.Write(ctx, t.name, len(rows), func(i int) []Column {
		row := &rows[i]
		key, hash := t.id(&row.Row)
		return append([]Column{{t.key, key}, {"version", version(row.At)}, {"content_hash", hash}},
			t.columns(&row.Row, run)...)
	})
}

// Write writes n rows as one block, stored wholly or not at all. Every row has the same columns in the same order. It
// is repeated when the network failed in the middle, so the rows must be ones that may be written twice: of equal keys
// and versions one is kept.
func (db *DB) Write(ctx context.Context, table string, n int, row func(i int) []Column) error {
	if n == 0 {
		return nil
	}
	var names []string
	for _, c := range row(0) {
		names = append(names, c.Name)
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s)", table, strings.Join(names, ", "))
	return db.retry(ctx, "insert into "+table, func() error {
		batch, err := db.conn.PrepareBatch(ctx, statement)
		if err != nil {
			return err
		}
		defer batch.Close()
		values := make([]any, len(names))
		for i := range n {
			for k, c := range row(i) {
				values[k] = c.Value
			}
			if err := batch.Append(values...); err != nil {
				return fmt.Errorf("row %d: %w", i, err)
			}
		}
		return batch.Send()
	})
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

// withIDs is a .sql file of this package with ids in the place of {ids}. They are part of the text because lists of
// thousands are too long for a parameter in an address.
func withIDs(name string, ids []uint64) string {
	return strings.ReplaceAll(SQL(name), "{ids}", join(ids))
}

func join(ids []uint64) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(ids), " ", ","), "[]")
}

func money(m qtickets.Money) decimal.Decimal { return decimal.New(int64(m), -2) }

func optMoney(m *qtickets.Money) *decimal.Decimal {
	if m == nil {
		return nil
	}
	d := money(*m)
	return &d
}
