package warehouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// table writes rows of one kind into their state table.
type table[T any] struct {
	name    string
	key     string                                 // its sorting key, a UInt64 column
	id      func(*T) (key, hash uint64)            // hash is of the content: rows of equal hash are equal
	columns func(run string) []column[Observed[T]] // those after key, version and content_hash
	// complete adds to rows that replace a stored version what must be kept of it; nil: nothing.
	complete func(ctx context.Context, db *DB, replacing []Observed[T]) error
}

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
	return written, t.insert(ctx, db, append(added, replacing...), run)
}

// changedRows are the rows that differ from what is stored: those not stored before, and those that replace a version.
func changedRows[T any](ctx context.Context, db *DB, t table[T], rows []Observed[T]) (added, replacing []Observed[T],
	err error) {
	stored, err := storedVersions(ctx, db, t, rows)
	if err != nil {
		return nil, nil, err
	}
	added = make([]Observed[T], 0, len(rows)-len(stored))
	for i := range rows {
		key, hash := t.id(&rows[i].Row)
		old, known := stored[key]
		if known && old.hash == hash {
			continue
		}
		at := rows[i].At
		// A version from the future was written under a wrong clock and would hide everything after it.
		if future := time.Unix(0, int64(old.version)); known && future.After(time.Now()) {
			at = future.Add(1)
		}
		switch {
		case known && version(at) < old.version:
			continue
		case known:
			replacing = append(replacing, Observed[T]{rows[i].Row, at})
		default:
			added = append(added, Observed[T]{rows[i].Row, at})
		}
		stored[key] = storedVersion{hash: hash, version: version(at)}
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
	type row = Observed[T]
	key := func(r *row) uint64 { key, _ := t.id(&r.Row); return key }
	hash := func(r *row) uint64 { _, hash := t.id(&r.Row); return hash }
	columns := []column[row]{
		col(t.key, uint64s, key),
		col("version", uint64s, func(r *row) uint64 { return version(r.At) }),
		col("content_hash", uint64s, hash),
	}
	return write(ctx, db, t.name, rows, append(columns, t.columns(run)...))
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
	return db.failed(ctx, fmt.Errorf("%s: %w", what, db.config.describe(err)))
}

// withIDs is a .sql file of this package with ids in the place of {ids}. They are part of the text because lists of
// thousands are too long for a parameter in an address.
func withIDs(name string, ids []uint64) string {
	return strings.ReplaceAll(SQL(name), "{ids}", join(ids))
}

func join(ids []uint64) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(ids), " ", ","), "[]")
}
