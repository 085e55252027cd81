package warehouse_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// How often the numbers change under the readers' eyes, in a short and in a whole run.
const fewPublications, manyPublications = 8, 175 // with what happens beside them 14 and 300

// counts are queries of every mart, of facts and of views for BI, each of which answers n after the n-th publication:
// every one of them adds one sold and one refunded ticket.
var counts = []string{
	"SELECT toInt64(sum(a.tickets_sold)) AS n FROM fact_qtickets_sales_daily AS a",
	"SELECT toInt64(sum(b.refunded_tickets)) AS n FROM fact_qtickets_sales_daily AS b",
	"SELECT toInt64(sum(c.tickets_sold)) AS n FROM fact_qtickets_sales_utm_daily AS c",
	"SELECT toInt64(sum(d.refunded_tickets)) AS n FROM v_qtickets_refunds_daily AS d",
	"SELECT toInt64(sum(e.sold)) AS n FROM v_qtickets_inventory_latest AS e",
	"SELECT toInt64(sum(f.tickets_sold)) AS n FROM v_qtickets_sales_dashboard AS f",
	"SELECT toInt64(round(sum(g.revenue) / 100)) AS n FROM v_qtickets_sales_dashboard AS g",
	"SELECT toInt64(sum(h.refunded_tickets)) AS n FROM v_qtickets_movements AS h",
	"SELECT toInt64(sum(i.sold)) AS n FROM v_qtickets_zones_latest AS i",
	"SELECT toInt64(sum(j.tickets)) AS n FROM v_qtickets_entries AS j",
}

// TestReadersNeverSeeHalf: readers loop over all marts, together in one statement and one after the other,
// while publications of all kinds go on and old ones are dropped. They never see a part of one, none, or two at once.
func TestReadersNeverSeeHalf(t *testing.T) {
	t.Parallel()
	publications := testkit.Rounds(fewPublications, manyPublications)
	c := testkit.Database(t)
	native := c
	native.SliceOrders = 8                    // so that publications take slices over
	native.Port = testkit.Engine(t).TCPPort() // fewer round trips
	db := testkit.Open(t, native)
	var took atomic.Int64 // nanoseconds of the last publication
	rng := rand.New(rand.NewPCG(1, 0))
	once := func(rows warehouse.Rows, anew bool) {
		_, err := db.Insert(t.Context(), rows, "test")
		if err == nil {
			_, err = db.Publish(t.Context(), warehouse.PublishOptions{Run: "test", AsOf: time.Now(), Anew: anew})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	publish := func(n uint64) {
		defer func(started time.Time) { took.Store(int64(time.Since(started))) }(time.Now())
		once(warehouse.Rows{Orders: []warehouse.Observed[sales.Order]{soldAndRefunded(n)},
			Inventory: []warehouse.Observed[sales.Inventory]{hall(n)}}, n%20 == 0)
		switch old := soldAndRefunded(1 + rng.Uint64N(n)); n % 4 {
		case 1:
			once(warehouse.Rows{}, false)
		case 2:
			old.Row.UTM.Source, old.Row.ContentHash = fmt.Sprint("source", n), n
			once(warehouse.Rows{Orders: []warehouse.Observed[sales.Order]{old}}, false)
		case 3:
			once(warehouse.Rows{Events: []warehouse.Observed[sales.Event]{{At: time.Now(), Row: sales.Event{
				EventID: 70001, Name: fmt.Sprint("Event ", n), ContentHash: n}}}}, false)
		}
		if n%10 == 0 {
			if err := db.DropOldBatches(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	publish(1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var readers sync.WaitGroup
	var together, inTurn atomic.Int32
	readLoop := func(reads *atomic.Int32, read func(clickhouse.Conn, int64) (int64, error)) {
		conn := raw(t, testkit.As(t, c, embedded.Reader))
		for last := int64(1); ctx.Err() == nil; reads.Add(1) {
			n, err := read(conn, last)
			if err != nil {
				t.Errorf("a reader who had seen publication %d: %v", last, err)
				return
			}
			last = n
			time.Sleep(rand.N(time.Duration(took.Load()))) // about one read per publication, at any moment of it
		}
	}
	readers.Go(func() { readLoop(&together, readTogether) })
	readers.Go(func() { readLoop(&inTurn, readInTurn) })
	for n := uint64(2); n <= uint64(publications) && !t.Failed(); n++ {
		publish(n)
	}
	stop()
	readers.Wait()
	if least := int32(publications / 10); together.Load() < least || inTurn.Load() < least {
		t.Errorf("only %d and %d reads during %d publications", together.Load(), inTurn.Load(), publications)
	}
	t.Logf("%d reads of all marts together, %d in turn", together.Load(), inTurn.Load())
}

// readTogether reads all marts in one statement: they agree, and do not go back behind what was seen.
func readTogether(conn clickhouse.Conn, last int64) (int64, error) {
	statement := "SELECT q0.n, q1.n, q2.n, q3.n, q4.n, q5.n, q6.n, q7.n, q8.n FROM (" + counts[0] + ") AS q0"
	for i, q := range counts[1:] {
		statement += fmt.Sprintf(" CROSS JOIN (%s) AS q%d", q, i+1)
	}
	var n [9]int64
	if err := conn.QueryRow(context.Background(), statement).Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7],
		&n[8]); err != nil {
		return 0, err
	}
	for _, other := range n[1:] {
		if other != n[0] || other < last {
			return 0, fmt.Errorf("the marts say %v in one statement", n)
		}
	}
	return n[0], nil
}

// readInTurn reads one mart after the other: each shows the publication that the one before it did, or a
// later one.
func readInTurn(conn clickhouse.Conn, last int64) (int64, error) {
	for _, q := range counts {
		var n int64
		if err := conn.QueryRow(context.Background(), q).Scan(&n); err != nil {
			return 0, err
		}
		if n < last {
			return 0, fmt.Errorf("%q says %d after another mart said %d", q, n, last)
		}
		last = n
	}
	return last, nil
}

// soldAndRefunded is an order of two tickets of 100 roubles, one of them refunded wholly; days and shows
// vary, so that every mart has many rows.
func soldAndRefunded(n uint64) warehouse.Observed[sales.Order] {
	o := order(n, 10000, 2)
	day := o.Row.SaleTS.AddDate(0, 0, int(n%40))
	o.Row.SaleTS = &day
	for i := range o.Row.Tickets {
		o.Row.Tickets[i].ShowID += n % 7
	}
	back := &o.Row.Tickets[1]
	back.State, back.RefundedAt = sales.Refunded, &day
	back.Amounts = sales.Amounts{Gross: back.Price, Refunded: back.Price, Revenue: qtickets.Money(0)}
	return o
}

// hall is one with n places sold.
func hall(n uint64) warehouse.Observed[sales.Inventory] {
	sold, none, capacity := int64(n), int64(0), int64(1000)
	free := capacity - sold
	return warehouse.Observed[sales.Inventory]{At: time.Now(), Row: sales.Inventory{
		ShowID: 80001, EventID: 70001, Capacity: &capacity, Sold: &sold, Held: &none, Free: &free, Closed: &none,
		ContentHash: n,
		Zones: []sales.Zone{{ID: "floor", Name: "Floor", Capacity: &capacity, Sold: &sold, Held: &none, Free: &free,
			Closed: &none}},
	}}
}
