package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// A slice is a range of orders by their ids, which facts are computed of together. An order never leaves the range it
// is in, so all that marts say of it is in the rows of one slice.
type slice struct {
	first       uint64 // the least id of the slice, which ends where the next one begins
	built       uint64 // the batch that has its rows
	orders      uint64
	fingerprint uint64
}

// firstSlice is where the first slice begins. 0 stands in rows of batches made before there were slices.
const firstSlice = 1

// batchPlan says what a batch takes over and what it computes.
type batchPlan struct {
	batch  uint64
	base   uint64 // the batch readers see, 0: none
	asOf   time.Time
	accept bool
	same   bool              // nothing changed, and the marts are those of the same day
	taken  []slice           // as they are in the base
	anew   []slice           // computed into this batch
	kept   []slice           // as they are in the base: computed into this batch although they did not change
	inputs map[string]uint64 // fingerprints of what all marts depend on, by part
}

// planBatch finds out which slices changed since a publication. Fingerprints are read before anything is computed, so
// what changes in between is computed again next time.
func (db *DB) planBatch(ctx context.Context, base *Publication, p PublishOptions) (*batchPlan, error) {
	plan := &batchPlan{batch: version(time.Now()), asOf: p.AsOf, accept: p.AcceptLosses}
	var old []slice
	var before map[string]uint64
	var err error
	if base != nil {
		plan.base = base.Batch
		if old, before, err = db.partsOf(ctx, base.Batch); err != nil {
			return nil, err
		}
	}
	if plan.inputs, err = db.batchInputs(ctx); err != nil {
		return nil, err
	}
	if len(old) == 0 || before[rulesPart] != plan.inputs[rulesPart] {
		return plan, db.planAnew(ctx, plan)
	}
	torn, err := db.numbers(ctx, statement("torn_batches"), batchParameter(base.Batch))
	if err != nil {
		return nil, fmt.Errorf("count the rows of the last publication: %w", err)
	}
	now, err := db.slicesNow(ctx, old, p.Anew)
	if err != nil {
		return nil, err
	}
	changed, err := db.renamedSlices(ctx, plan, before)
	if err != nil {
		return nil, err
	}
	for i, s := range old {
		if changed[s.first] || now[i].fingerprint != s.fingerprint || slices.Contains(torn, s.built) {
			changed[s.first] = true
			plan.anew = append(plan.anew, now[i])
		} else {
			plan.taken = append(plan.taken, s)
		}
	}
	plan.same = len(changed) == 0 && len(torn) == 0 && maps.Equal(before, plan.inputs) && sameDay(base.AsOf, p.AsOf)
	if p.Anew {
		plan.taken, plan.kept, plan.anew, changed = nil, plan.taken, now, nil
	}
	plan.anew, err = db.cut(ctx, old, changed, plan.anew)
	return plan, err
}

func (db *DB) planAnew(ctx context.Context, plan *batchPlan) error {
	found, err := db.fingerprints(ctx, whole, nil)
	if err == nil {
		plan.anew, err = db.cut(ctx, whole, nil, found)
	}
	return err
}

// whole is all orders as one slice.
var whole = []slice{{first: firstSlice}}

// slicesNow are the slices of a publication as their orders are now. Mostly nothing changed, and one sum of all tells
// it for a third of what all sums cost; sized asks how many orders each holds nevertheless.
func (db *DB) slicesNow(ctx context.Context, old []slice, sized bool) ([]slice, error) {
	if !sized {
		found, err := db.fingerprints(ctx, whole, nil)
		if err != nil {
			return nil, err
		}
		var sum uint64
		for _, s := range old {
			sum += s.fingerprint
		}
		if found[0].fingerprint == sum {
			return old, nil
		}
	}
	return db.fingerprints(ctx, old, nil)
}

// renamedSlices are those of the base whose rows have names that are other ones now, by their first id.
func (db *DB) renamedSlices(ctx context.Context, plan *batchPlan, before map[string]uint64) (map[uint64]bool, error) {
	changed := map[uint64]bool{}
	if before["names"] == plan.inputs["names"] && before["promo_codes"] == plan.inputs["promo_codes"] {
		return changed, nil
	}
	renamed, err := db.numbers(ctx, statement("slices_renamed"), batchParameter(plan.base))
	if err != nil {
		return nil, fmt.Errorf("find renamed slices: %w", err)
	}
	for _, first := range renamed {
		changed[first] = true
	}
	return changed, nil
}

// cut cuts the wanted ones of the slices (nil: all) that hold too many orders, found being what they hold now.
func (db *DB) cut(ctx context.Context, all []slice, wanted map[uint64]bool, found []slice) ([]slice, error) {
	if !slices.ContainsFunc(found, func(s slice) bool { return s.orders > uint64(2*db.config.SliceOrders) }) {
		return found, nil
	}
	text := strings.NewReplacer("{slices}", idArray(all), "{orders}", ordersIn(all, wanted))
	cuts, err := db.numbers(ctx, text.Replace(statement("slice_bounds")),
		clickhouse.Parameters{"size": strconv.Itoa(db.config.SliceOrders)})
	if err != nil {
		return nil, fmt.Errorf("cut slices: %w", err)
	}
	var more []slice
	moreWanted := map[uint64]bool{}
	for _, s := range all {
		more = append(more, slice{first: s.first})
		moreWanted[s.first] = wanted == nil || wanted[s.first]
	}
	for _, first := range cuts {
		more = append(more, slice{first: first})
		moreWanted[first] = true
	}
	slices.SortFunc(more, byFirst)
	return db.fingerprints(ctx, more, moreWanted)
}

func byFirst(a, b slice) int { return cmp.Compare(a.first, b.first) }

// fingerprints are the wanted slices (nil: all) as their orders are now.
func (db *DB) fingerprints(ctx context.Context, all []slice, wanted map[uint64]bool) ([]slice, error) {
	now := map[uint64]slice{}
	of := "roundDown(order_id, " + idArray(all) + ")"
	if len(all) == 1 {
		of = fmt.Sprintf("toUInt64(%d)", all[0].first) // reads no ids
	}
	text := strings.NewReplacer("{slice}", of, "{orders}", ordersIn(all, wanted))
	err := db.query(ctx, text.Replace(statement("slice_fingerprints")), nil, func(r driver.Rows) error {
		var s slice
		err := r.Scan(&s.first, &s.orders, &s.fingerprint)
		now[s.first] = s
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read fingerprints of slices: %w", err)
	}
	var found []slice
	for _, s := range all {
		if wanted == nil || wanted[s.first] {
			f := now[s.first] // of no orders: 0
			found = append(found, slice{first: s.first, orders: f.orders, fingerprint: f.fingerprint})
		}
	}
	return found, nil
}

// rulesPart names the fingerprint of the statements that compute the marts.
const rulesPart = "rules"

// batchInputs are the fingerprints of what all marts depend on beside the orders.
func (db *DB) batchInputs(ctx context.Context) (map[string]uint64, error) {
	inputs := map[string]uint64{rulesPart: rulesFingerprint()}
	err := db.query(ctx, statement("batch_inputs"), nil, func(r driver.Rows) error {
		var part string
		var fingerprint uint64
		err := r.Scan(&part, &fingerprint)
		inputs[part] = fingerprint
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read fingerprints: %w", err)
	}
	return inputs, nil
}

// rulesFingerprint is of the statements that compute the marts: a release that changes one computes everything anew.
var rulesFingerprint = sync.OnceValue(func() uint64 {
	hash := fnv.New64a()
	for _, store := range marts {
		_, _ = hash.Write([]byte(statement("build_" + store)))
	}
	return hash.Sum64()
})

// partsOf is what a batch was computed from: none for one that was made before there were slices.
func (db *DB) partsOf(ctx context.Context, batch uint64) (orders []slice, inputs map[string]uint64, err error) {
	inputs = map[string]uint64{}
	err = db.query(ctx, statement("batch_parts"), batchParameter(batch), func(r driver.Rows) error {
		var part string
		var s slice
		err := r.Scan(&part, &s.first, &s.built, &s.fingerprint)
		if part == "orders" {
			orders = append(orders, s)
		} else {
			inputs[part] = s.fingerprint
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read parts of the last publication: %w", err)
	}
	return orders, inputs, nil
}

// sameDay: the dashboard says what was sold on the Moscow day of its moment.
func sameDay(a, b time.Time) bool {
	return a.In(sales.Moscow).Format(time.DateOnly) == b.In(sales.Moscow).Format(time.DateOnly)
}

// all are the slices of the batch, by their first ids.
func (p *batchPlan) all() []slice {
	all := slices.Concat(p.taken, p.anew)
	slices.SortFunc(all, byFirst)
	return all
}

// statement is a .sql file of this package for the batch. Lists are part of the text, they are too long for parameters
// in an address.
func (p *batchPlan) statement(name string) string {
	all, anew := p.all(), map[uint64]bool{}
	var taken []string
	for _, s := range p.taken {
		taken = append(taken, strconv.FormatUint(s.first, 10))
	}
	var fingerprints, inputs []string
	for _, s := range p.anew {
		anew[s.first] = true
		fingerprints = append(fingerprints, fmt.Sprintf("(%d, %d)", s.first, s.fingerprint))
	}
	for part, fingerprint := range p.inputs {
		inputs = append(inputs, fmt.Sprintf("('%s', %d)", part, fingerprint))
	}
	slices.Sort(inputs)
	return strings.NewReplacer(
		"{slices}", idArray(all), "{orders}", ordersIn(all, anew),
		"{taken}", strings.Join(append(taken, "NULL"), ", "),
		"{anew}", "CAST(["+strings.Join(fingerprints, ", ")+"], 'Array(Tuple(UInt64, UInt64))')",
		"{inputs}", "CAST(["+strings.Join(inputs, ", ")+"], 'Array(Tuple(String, UInt64))')",
	).Replace(statement(name))
}

func (p *batchPlan) parameters() clickhouse.Parameters {
	parameters := batchParameter(p.batch)
	parameters["base"] = strconv.FormatUint(p.base, 10)
	parameters["as_of"] = strconv.FormatFloat(float64(p.asOf.UnixMilli())/1000, 'f', 3, 64)
	parameters["accept_losses"] = "0"
	if p.accept {
		parameters["accept_losses"] = "1"
	}
	return parameters
}

func batchParameter(batch uint64) clickhouse.Parameters {
	return clickhouse.Parameters{"batch": strconv.FormatUint(batch, 10)}
}

// idArray is the first ids of slices as a constant of SQL, for roundDown.
func idArray(all []slice) string {
	ids := make([]uint64, len(all))
	for i, s := range all {
		ids[i] = s.first
	}
	return "CAST([" + join(ids) + "], 'Array(UInt64)')"
}

// ordersIn is a condition of SQL on order_id: the wanted ones of the slices, which cover all orders. Neighbours are one
// range.
func ordersIn(all []slice, wanted map[uint64]bool) string {
	if wanted == nil {
		return "1"
	}
	var ranges []string
	for i := 0; i < len(all); i++ {
		if !wanted[all[i].first] {
			continue
		}
		from := i
		for i+1 < len(all) && wanted[all[i+1].first] {
			i++
		}
		var bounds []string
		if from > 0 {
			bounds = append(bounds, fmt.Sprintf("order_id >= %d", all[from].first))
		}
		if i+1 < len(all) {
			bounds = append(bounds, fmt.Sprintf("order_id < %d", all[i+1].first))
		}
		if len(bounds) == 0 {
			return "1"
		}
		ranges = append(ranges, "("+strings.Join(bounds, " AND ")+")")
	}
	if len(ranges) == 0 {
		return "0"
	}
	return "(" + strings.Join(ranges, " OR ") + ")"
}
