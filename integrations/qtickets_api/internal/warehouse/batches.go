package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// keptBatches is how many publications can be rolled back to.
const keptBatches = 3

// Differences counts the rows of each mart in which two batches differ, by mart; equal marts are left out.
// The moment of publication does not count.
func (db *DB) Differences(ctx context.Context, one, other uint64) (map[string]uint64, error) {
	differ := map[string]uint64{}
	for _, store := range marts {
		var rows uint64
		parameters := map[string]string{"table": "store_" + store, "one": strconv.FormatUint(one, 10),
			"other": strconv.FormatUint(other, 10)}
		if err := db.query(ctx, statement("compare_batches"), parameters,
			func(r driver.Rows) error { return r.Scan(&rows) }); err != nil {
			return nil, fmt.Errorf("compare batches of %s: %w", store, err)
		}
		if rows > 0 {
			differ[store] = rows
		}
	}
	return differ, nil
}

// DropOldBatches drops all batches but those of the last publications and the last one of each of the last moments that
// publications showed: after a day of webhooks one can still go back to an earlier load. Unpublished batches newer than
// the oldest of these are left alone, another run may be building one; a later call drops them.
func (db *DB) DropOldBatches(ctx context.Context) error {
	kept := map[string]string{"kept": strconv.Itoa(keptBatches)}
	published, err := db.numbers(ctx, statement("last_batches"), kept)
	if err != nil || len(published) == 0 {
		return err
	}
	moments, err := db.numbers(ctx, statement("last_batch_of_moments"), kept)
	if err != nil {
		return err
	}
	oldest := slices.Min(published)
	return db.dropBatches(ctx, func(b uint64) bool { return b < oldest && !slices.Contains(moments, b) })
}

func (db *DB) dropBatches(ctx context.Context, drop func(batch uint64) bool) error {
	type stored struct {
		store string
		batch uint64
	}
	var old []stored
	err := db.query(ctx, statement("stored_batches"), nil, func(r driver.Rows) error {
		var s stored
		err := r.Scan(&s.store, &s.batch)
		if drop(s.batch) {
			old = append(old, s)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list batches: %w", err)
	}
	// The server lists them in any order; the steps of a run are always the same.
	slices.SortFunc(old, func(a, b stored) int {
		return cmp.Or(cmp.Compare(slices.Index(marts, a.store), slices.Index(marts, b.store)), cmp.Compare(a.batch, b.batch))
	})
	for _, s := range old {
		if err := db.exec(ctx, fmt.Sprintf("ALTER TABLE store_%s DROP PARTITION %d", s.store, s.batch), nil); err != nil {
			return fmt.Errorf("drop batch: %w", err)
		}
	}
	return nil
}

// numbers are the first column of the rows that a statement answers.
func (db *DB) numbers(ctx context.Context, statement string, parameters map[string]string) ([]uint64, error) {
	var found []uint64
	err := db.query(ctx, statement, parameters, func(r driver.Rows) error {
		var b uint64
		err := r.Scan(&b)
		found = append(found, b)
		return err
	})
	return found, err
}
