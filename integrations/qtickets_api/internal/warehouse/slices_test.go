package warehouse_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// boxOffice is a stored history that changes at random.
type boxOffice struct {
	t      *testing.T
	db     *warehouse.DB
	random *rand.Rand
	orders []warehouse.Observed[sales.Order]
	asOf   time.Time
	hashes uint64
}

func newBoxOffice(t *testing.T, seed uint64) (*boxOffice, warehouse.Config) {
	t.Helper()
	c := testkit.Database(t)
	c.SliceOrders = 4
	o := &boxOffice{t: t, db: testkit.Open(t, c), random: rand.New(rand.NewPCG(seed, 0)),
		asOf: time.Date(2030, 5, 3, 9, 0, 0, 0, time.UTC)}
	for event := range uint64(3) {
		o.rename(event)
		o.move(event)
	}
	return o, c
}

func (o *boxOffice) insert(rows warehouse.Rows) {
	o.t.Helper()
	if _, err := o.db.Insert(o.t.Context(), rows, "test"); err != nil {
		o.t.Fatal(err)
	}
}

func (o *boxOffice) hash() uint64 {
	o.hashes++
	return o.hashes
}

func (o *boxOffice) write(order *warehouse.Observed[sales.Order]) {
	order.At, order.Row.ContentHash = time.Now(), o.hash()
	o.insert(warehouse.Rows{Orders: []warehouse.Observed[sales.Order]{*order}})
}

// sell writes a new order, mostly the newest one.
func (o *boxOffice) sell() {
	id := uint64(1000 + o.random.IntN(1000))
	if n := len(o.orders); n > 0 && o.random.IntN(4) > 0 {
		id = o.orders[n-1].Row.OrderID + 1 + o.random.Uint64N(50)
	}
	if slices.ContainsFunc(o.orders, func(x warehouse.Observed[sales.Order]) bool { return x.Row.OrderID == id }) {
		return
	}
	order := testkit.PaidOrder(id, qtickets.Money(100*o.random.IntN(50)), 1+o.random.IntN(3))
	event := o.random.Uint64N(3)
	order.Row.EventID = 70001 + event
	order.Row.CurrencyID = []string{"RUB", "KZT"}[o.random.IntN(2)]
	order.Row.UTM.Source = []string{"", "vk", "ya"}[o.random.IntN(3)]
	paid := order.Row.SaleTS.Add(time.Duration(o.random.IntN(5000)) * time.Minute)
	order.Row.SaleTS = &paid
	if code := o.random.Uint64N(4); code > 0 {
		order.Row.PromoCodeID = &code
	}
	for i := range order.Row.Tickets {
		order.Row.Tickets[i].ShowID = 80001 + event
	}
	o.write(&order)
	o.orders = append(o.orders, order)
	slices.SortFunc(o.orders, func(a, b warehouse.Observed[sales.Order]) int {
		return cmp.Compare(a.Row.OrderID, b.Row.OrderID)
	})
}

// refund gives the money of a ticket back.
func (o *boxOffice) refund() {
	if len(o.orders) == 0 {
		return
	}
	order := &o.orders[o.random.IntN(len(o.orders))]
	at := order.Row.SaleTS.Add(time.Hour)
	ticket := &order.Row.Tickets[o.random.IntN(len(order.Row.Tickets))]
	if ticket.State == sales.Sold {
		ticket.State, ticket.RefundedAt = sales.Refunded, &at
		ticket.Amounts = sales.Amounts{Gross: ticket.Gross, Refunded: ticket.Gross}
	}
	o.write(order)
}

func (o *boxOffice) vanish() {
	if len(o.orders) == 0 {
		return
	}
	i := o.random.IntN(len(o.orders))
	if err := o.db.MarkVanished(o.t.Context(), []uint64{o.orders[i].Row.OrderID}, time.Now(), "test"); err != nil {
		o.t.Fatal(err)
	}
	o.orders = slices.Delete(o.orders, i, i+1)
}

func (o *boxOffice) rename(event uint64) {
	o.insert(warehouse.Rows{Events: []warehouse.Observed[sales.Event]{{At: time.Now(), Row: sales.Event{
		EventID: 70001 + event, Name: fmt.Sprint("Event ", o.random.IntN(99)), City: "City", CurrencyID: "RUB",
		ContentHash: o.hash()}}}})
}

func (o *boxOffice) move(show uint64) {
	day := time.Date(2030, 6, 1+o.random.IntN(20), 0, 0, 0, 0, time.UTC)
	o.insert(warehouse.Rows{Shows: []warehouse.Observed[sales.Show]{{At: time.Now(), Row: sales.Show{
		ShowID: 80001 + show, EventID: 70001 + show, StartAt: &day, ShowDate: &day, ContentHash: o.hash()}}}})
}

func (o *boxOffice) code(id uint64) {
	o.insert(warehouse.Rows{PromoCodes: []warehouse.Observed[sales.PromoCode]{{At: time.Now(), Row: sales.PromoCode{
		PromoCodeID: id, Code: fmt.Sprint("CODE", o.random.IntN(2)), ContentHash: o.hash()}}}})
}

func (o *boxOffice) seats(show uint64) sales.Inventory {
	capacity, sold := int64(100), int64(o.random.IntN(3))
	row := sales.Inventory{ShowID: 80001 + show, EventID: 70001 + show, Capacity: &capacity, Sold: &sold,
		ContentHash: uint64(sold) + 1}
	o.insert(warehouse.Rows{Inventory: []warehouse.Observed[sales.Inventory]{{At: time.Now(), Row: row}}})
	return row
}

// step changes one thing, or nothing.
func (o *boxOffice) step() string {
	which := o.random.Uint64N(3)
	steps := []struct {
		name string
		do   func()
	}{
		{"sell", o.sell}, {"sell", o.sell}, {"sell many", func() {
			for range 9 {
				o.sell()
			}
		}},
		{"refund", o.refund}, {"vanish", o.vanish}, {"rename", func() { o.rename(which) }},
		{"move", func() { o.move(which) }},
		{"code", func() { o.code(1 + which) }}, {"seats", func() { o.seats(which) }}, {"nothing", func() {}},
		{"next day", func() { o.asOf = o.asOf.Add(24 * time.Hour) }},
	}
	s := steps[o.random.IntN(len(steps))]
	s.do()
	return s.name
}

func (o *boxOffice) publish() (uint64, int) {
	o.t.Helper()
	o.asOf = o.asOf.Add(time.Second)
	done, err := o.db.Publish(o.t.Context(),
		warehouse.PublishOptions{Run: "test", AsOf: o.asOf, AcceptLosses: true})
	if err != nil {
		o.t.Fatal(err)
	}
	return done.Batch, len(done.Checks)
}

// TestSlicesEqualTheWhole: whatever changed, what a publication shows, slices it takes over included, is what is
// computed anew from all that is stored.
func TestSlicesEqualTheWhole(t *testing.T) {
	t.Parallel()
	seeds, steps := uint64(3), 25
	if testing.Short() {
		seeds, steps = 1, 15
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			o, c := newBoxOffice(t, seed)
			conn := raw(t, c)
			var story []string
			var taken int
			for range steps {
				story = append(story, o.step())
				o.publish()
				differ, err := o.db.Recompute(t.Context())
				if err != nil || len(differ) > 0 {
					t.Fatalf("after %s: %v, %v", strings.Join(story, ", "), differ, err)
				}
				if n := texts(t, conn, "SELECT toString(countIf(built != batch)) FROM store_parts "+
					"WHERE batch = (SELECT batch FROM batch_published) AND part = 'orders'"); n[0] != "0" {
					taken++
				}
			}
			if taken < steps/5 {
				t.Errorf("%d publications took slices over: %s", taken, strings.Join(story, ", "))
			}
		})
	}
}

// TestNothingChanged: a publication of what is published already is one row, of the same batch and a later moment, and
// shows when the seats were read again.
func TestNothingChanged(t *testing.T) {
	t.Parallel()
	o, c := newBoxOffice(t, 1)
	conn := raw(t, c)
	o.sell()
	seats := o.seats(0)
	first, checks := o.publish()
	if checks == 0 {
		t.Fatal("no checks")
	}
	seen := func() string {
		return texts(t, conn, "SELECT concat(toString(max(snapshot_ts)), ' ', toString(max(d.inventory_ts)), ' ', "+
			"toString(max(d.as_of))) "+
			"FROM fact_qtickets_inventory_latest CROSS JOIN v_qtickets_sales_dashboard AS d")[0]
	}
	before := seen()
	o.insert(warehouse.Rows{Inventory: []warehouse.Observed[sales.Inventory]{{At: time.Now(), Row: seats}}})
	second, checks := o.publish()
	if second != first || checks != 0 {
		t.Errorf("batch %d with %d checks, want %d with none", second, checks, first)
	}
	if after := seen(); after == before {
		t.Errorf("still %s", before)
	}
	if differ, err := o.db.Recompute(t.Context()); err != nil || len(differ) > 0 {
		t.Errorf("%v, %v", differ, err)
	}
}

// TestNothingChangedReadsNoIDs: that nothing changed is told by one sum of all orders, however many slices there are.
func TestNothingChangedReadsNoIDs(t *testing.T) {
	t.Parallel()
	o, c := newBoxOffice(t, 3)
	h := newHost(t, c)
	o.db = testkit.Open(t, h.Config)
	for range 20 {
		o.sell()
	}
	for name, change := range map[string]func(){"a sale": o.sell, "a refund": o.refund, "a vanished order": o.vanish} {
		change()
		h.cut.Store(0)
		if first, _ := o.publish(); h.cut.Load() == 0 {
			t.Errorf("%s: batch %d, and the slices were not looked at", name, first)
		}
		h.cut.Store(0)
		if _, checks := o.publish(); checks != 0 || h.cut.Load() != 0 {
			t.Errorf("after %s nothing changed: %d checks, %d questions that cut orders into slices", name, checks, h.cut.Load())
		}
	}
}

// TestTornSlice: what is taken over must be there as it was computed; else everything is computed anew.
func TestTornSlice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage string
		told   string
	}{
		"rows are gone":     {"ALTER TABLE store_movements DROP PARTITION %d", ""},
		"rows are too many": {"INSERT INTO store_sales_daily SELECT * FROM store_sales_daily WHERE batch = %d", ""},
		"an amount": {"ALTER TABLE store_sales_daily UPDATE revenue = revenue + 1 WHERE batch = %d " +
			"SETTINGS mutations_sync = 1", "all slices tie to orders"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, config := newBoxOffice(t, 2)
			admin := testkit.Raw(t, testkit.As(t, config, embedded.Admin))
			for range 20 {
				o.sell()
			}
			batch, _ := o.publish()
			if err := admin.Exec(t.Context(), fmt.Sprintf(c.damage, batch)); err != nil {
				t.Fatal(err)
			}
			o.write(&o.orders[len(o.orders)-1])
			var told string
			_, err := o.db.Publish(t.Context(), warehouse.PublishOptions{Run: "test", AsOf: o.asOf,
				AcceptLosses: true, // rows too many were never sold
				Problem:      func(format string, args ...any) { told = fmt.Sprintf(format, args...) }})
			if err != nil || !strings.Contains(told, c.told) || (told == "") != (c.told == "") {
				t.Errorf("%v, told %q, want %q", err, told, c.told)
			}
			if differ, err := o.db.Recompute(t.Context()); err != nil || len(differ) > 0 {
				t.Errorf("%v, %v", differ, err)
			}
		})
	}
}

// TestAnewIsCompared: a publication of everything anew counts rows that came out otherwise than before, where nothing
// changed that they are computed from.
func TestAnewIsCompared(t *testing.T) {
	t.Parallel()
	o, config := newBoxOffice(t, 4)
	admin := testkit.Raw(t, testkit.As(t, config, embedded.Admin))
	for range 20 {
		o.sell()
	}
	batch, _ := o.publish()
	anew := func() map[string]uint64 {
		t.Helper()
		done, err := o.db.Publish(t.Context(), warehouse.PublishOptions{Run: "test", AsOf: o.asOf, Anew: true})
		if err != nil {
			t.Fatal(err)
		}
		return done.Differences
	}
	for _, spoil := range []string{
		"ALTER TABLE store_sales_utm_daily UPDATE orders = orders + 1 WHERE batch = %d AND utm_source = 'vk'",
		"ALTER TABLE store_sales_dashboard UPDATE tickets_sold = 0 WHERE batch = %d AND tickets_sold > 0",
	} {
		if err := admin.Exec(t.Context(), fmt.Sprintf(spoil, batch)+" SETTINGS mutations_sync = 1"); err != nil {
			t.Fatal(err)
		}
	}
	changed := o.orders[0]
	o.write(&changed) // its slice is not compared, and with a change the marts of a row per show are not
	differ := anew()
	if len(differ) != 1 || differ["sales_utm_daily"] == 0 {
		t.Errorf("differences %v, want some of sales_utm_daily alone", differ)
	}
	if differ := anew(); len(differ) > 0 {
		t.Errorf("differences %v after everything was computed anew, want none", differ)
	}
	last, err := o.db.LastPublication(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := admin.Exec(t.Context(), fmt.Sprintf("ALTER TABLE store_sales_dashboard UPDATE tickets_sold = 0 "+
		"WHERE batch = %d AND tickets_sold > 0 SETTINGS mutations_sync = 1", last.Batch)); err != nil {
		t.Fatal(err)
	}
	if differ := anew(); len(differ) != 1 || differ["sales_dashboard"] == 0 {
		t.Errorf("differences %v, want some of sales_dashboard alone", differ)
	}
}

// TestPointerWaits: readers go on seeing the last publication of which everything has arrived on the server they ask,
// as on a replica that lags behind.
func TestPointerWaits(t *testing.T) {
	t.Parallel()
	o, c := newBoxOffice(t, 3)
	conn, admin := raw(t, c), testkit.Raw(t, testkit.As(t, c, embedded.Admin))
	seen := func() string { return texts(t, conn, "SELECT toString(batch) FROM batch_published")[0] }
	var batches []string
	for range 3 {
		for range 12 {
			o.sell()
		}
		batch, _ := o.publish()
		batches = append(batches, fmt.Sprint(batch))
	}
	first, second, last := batches[0], batches[1], batches[2]
	for _, late := range []struct{ store, batch, want string }{
		{"parts", last, second}, {"sales_daily", last, second}, {"movements", last, second},
		{"sales_dashboard", last, second}, {"movements", second, first}, {"sales_utm_daily", second, first},
	} {
		alter := func(how string) {
			if err := admin.Exec(t.Context(), "ALTER TABLE store_"+late.store+" "+how+" PARTITION "+late.batch); err != nil {
				t.Fatal(err)
			}
		}
		alter("DETACH")
		if got := seen(); got != late.want {
			t.Errorf("without %s of %s readers see %s, want %s of %v", late.store, late.batch, got, late.want, batches)
		}
		alter("ATTACH")
		if got := seen(); got != last {
			t.Errorf("with %s again readers see %s, want %s", late.store, got, last)
		}
	}
}

// TestViewsUnderOtherSettings: BI brings settings of its own, and sees the same rows.
func TestViewsUnderOtherSettings(t *testing.T) {
	t.Parallel()
	o, c := newBoxOffice(t, 4)
	for range 12 {
		o.sell()
	}
	o.seats(1)
	o.publish()
	conn := raw(t, testkit.As(t, c, embedded.Reader))
	for _, view := range []string{"fact_qtickets_sales_daily", "fact_qtickets_sales_utm_daily",
		"fact_qtickets_refunds_daily", "fact_qtickets_movements", "fact_qtickets_inventory_latest",
		"fact_qtickets_zones_latest", "fact_qtickets_entries",
		"v_qtickets_sales_dashboard", "v_qtickets_pacing"} {
		sum := "SELECT toString((count(), ifNull(sum(cityHash64(toString(tuple(*)))), 0))) FROM " + view
		want := texts(t, conn, sum)[0]
		for _, settings := range []string{"join_use_nulls = 1", "group_by_use_nulls = 1, transform_null_in = 1",
			"prefer_column_name_to_alias = 1", "aggregate_functions_null_for_empty = 1", "cast_keep_nullable = 1"} {
			if got := texts(t, conn, sum+" SETTINGS "+settings)[0]; got != want {
				t.Errorf("%s with %s: %s, want %s", view, settings, got, want)
			}
		}
	}
}
