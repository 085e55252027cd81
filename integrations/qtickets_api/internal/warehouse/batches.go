package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// keptBatches is how many publications can be rolled back to.
const keptBatches = 3

// Differences counts the rows of each mart in which two batches differ, as readers see them, by mart; equal marts are
// left out. The moment of publication does not count.
func (db *DB) Differences(ctx context.Context, one, other uint64) (map[string]uint64, error) {
	differ := map[string]uint64{}
	for _, mart := range marts {
		rows, err := db.differentRows(ctx, mart, one, other)
		if err != nil {
			return nil, fmt.Errorf("compare batches of %s: %w", mart, err)
		}
		if rows > 0 {
			differ[mart] = rows
		}
	}
	return differ, nil
}

// differentRows counts rows only where checksums differ: that costs many times as much.
func (db *DB) differentRows(ctx context.Context, mart string, one, other uint64) (uint64, error) {
	checksum := statement("mart_checksum")
	a, err := db.numbers(ctx, strings.ReplaceAll(checksum, "{rows}", rowsOf(mart, one)), nil)
	if err != nil {
		return 0, err
	}
	b, err := db.numbers(ctx, strings.ReplaceAll(checksum, "{rows}", rowsOf(mart, other)), nil)
	if err != nil || slices.Equal(a, b) {
		return 0, err
	}
	compare := strings.NewReplacer("{one}", rowsOf(mart, one), "{other}", rowsOf(mart, other))
	rows, err := db.numbers(ctx, compare.Replace(statement("compare_batches")), nil)
	if err != nil || len(rows) != 1 {
		return 0, fmt.Errorf("%d answers: %w", len(rows), err)
	}
	return rows[0], nil
}

// publishedViews are the statements of the views that readers see the marts through, by mart.
var publishedViews = sync.OnceValue(func() map[string]string {
	views := map[string]string{}
	for _, view := range regexp.MustCompile(`(?s)CREATE OR REPLACE VIEW zakaz\.(?:fact|v)_qtickets_(\w+)\n\(.*?\nSQL SECURITY `+
		`INVOKER\nAS (.*?);`).FindAllStringSubmatch(SQL("schema"), -1) {
		if _, known := views[view[1]]; !known {
			views[view[1]] = view[2]
		}
	}
	return views
})

// rowsOf is the statement of the view that readers see a mart through, for one batch.
func rowsOf(mart string, batch uint64) string {
	view, known := publishedViews()[mart]
	if !known {
		panic("no view of " + mart) // embedded, and tested
	}
	const pointer = "(SELECT (batch, as_of) FROM zakaz.batch_published)"
	return strings.NewReplacer(pointer+".1", "toUInt64("+strconv.FormatUint(batch, 10)+")",
		pointer+".2", "toDateTime64(0, 3)", DefaultDatabase+".", "").Replace(view)
}

// keptDifferences counts, by mart, the rows that a batch has otherwise than its base although nothing they are computed
// from changed.
func (db *DB) keptDifferences(ctx context.Context, plan *batchPlan) (map[string]uint64, error) {
	differ := map[string]uint64{}
	for _, mart := range marts {
		var rows uint64
		var err error
		switch sliced := slices.Contains(slicedMarts, mart); {
		case sliced && len(plan.kept) > 0:
			rows, err = db.differentKept(ctx, mart, plan)
		case !sliced && plan.same:
			rows, err = db.differentRows(ctx, mart, plan.base, plan.batch)
		}
		if err != nil {
			return nil, fmt.Errorf("compare %s with what was published: %w", mart, err)
		}
		if rows > 0 {
			differ[mart] = rows
		}
	}
	return differ, nil
}

// differentKept counts rows of kept slices only where checksums differ, as differentRows does.
func (db *DB) differentKept(ctx context.Context, mart string, plan *batchPlan) (uint64, error) {
	var both []string
	for _, s := range plan.kept {
		both = append(both, fmt.Sprintf("(%d, %d), (%d, %d)", s.built, s.first, plan.batch, s.first))
	}
	text := strings.NewReplacer("{store}", "store_"+mart, "{slices}", strings.Join(both, ", "))
	sums, err := db.numbers(ctx, text.Replace(statement("slice_checksums")), batchParameter(plan.batch))
	if err != nil || len(sums) == 0 || len(sums) == 2 && sums[0] == sums[1] {
		return 0, err
	}
	rows, err := db.numbers(ctx, text.Replace(statement("compare_slices")), batchParameter(plan.batch))
	if err != nil || len(rows) != 1 {
		return 0, fmt.Errorf("%d answers: %w", len(rows), err)
	}
	return rows[0], nil
}

// DropOldBatches drops all batches but those of the last publications and the last one of each of the last moments that
// publications showed, those published within half an hour, which somebody may still be reading, and those from which
// one of these takes slices over. Unpublished batches newer than the oldest of the last publications are left alone,
// another run may be building one; a later call drops them.
func (db *DB) DropOldBatches(ctx context.Context) error {
	limit := map[string]string{"kept": strconv.Itoa(keptBatches)}
	published, err := db.numbers(ctx, statement("last_batches"), limit)
	if err != nil || len(published) == 0 {
		return err
	}
	kept, err := db.numbers(ctx, statement("kept_batches"), limit)
	if err != nil {
		return err
	}
	oldest := slices.Min(published)
	return db.dropBatches(ctx, func(b uint64) bool { return b < oldest && !slices.Contains(kept, b) })
}

func (db *DB) dropBatches(ctx context.Context, drop func(batch uint64) bool) error {
	old := map[string][]uint64{}
	err := db.query(ctx, statement("stored_batches"), nil, func(r driver.Rows) error {
		var store string
		var batch uint64
		err := r.Scan(&store, &batch)
		if drop(batch) {
			old[store] = append(old[store], batch)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("list batches: %w", err)
	}
	for _, store := range append(slices.Clone(marts), "parts") {
		var partitions []string
		slices.SortFunc(old[store], cmp.Compare)
		for _, batch := range old[store] {
			partitions = append(partitions, "DROP PARTITION "+strconv.FormatUint(batch, 10))
		}
		if len(partitions) == 0 {
			continue
		}
		if err := db.exec(ctx, "ALTER TABLE store_"+store+" "+strings.Join(partitions, ", "), nil); err != nil {
			return fmt.Errorf("drop batches: %w", err)
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
