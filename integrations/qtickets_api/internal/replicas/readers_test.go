package replicas_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// sold are queries of several marts, each of which answers n after the n-th publication: every one of them adds a sold
// ticket.
const sold = `SELECT q0.n, q1.n, q2.n, q3.n FROM (SELECT toInt64(sum(a.tickets_sold)) AS n FROM fact_qtickets_sales_daily AS a) AS q0
CROSS JOIN (SELECT toInt64(sum(b.tickets_sold)) AS n FROM fact_qtickets_sales_utm_daily AS b) AS q1
CROSS JOIN (SELECT toInt64(sum(c.tickets_sold)) AS n FROM v_qtickets_sales_dashboard AS c) AS q2
CROSS JOIN (SELECT toInt64(sum(d.tickets)) AS n FROM fact_qtickets_movements AS d) AS q3`

// TestReadersOfReplicasThatLag: whatever is late on a replica, its readers see whole publications, never none, and
// never an older one after a newer one.
func TestReadersOfReplicasThatLag(t *testing.T) {
	testkit.Long(t)
	cluster := testkit.Replicas(t)
	hosts := cluster.Database(t)
	hosts[0].SliceOrders = 4 // so that publications take slices over
	db := testkit.Open(t, hosts[0])
	published := int64(0)
	publish := func() {
		t.Helper()
		published++
		rows := warehouse.Rows{Orders: []warehouse.Observed[sales.Order]{testkit.PaidOrder(uint64(published), 10000, 1)}}
		_, err := db.Insert(t.Context(), rows, "test")
		if err == nil {
			_, err = db.Publish(t.Context(), warehouse.PublishOptions{Run: "test", AsOf: time.Now()})
		}
		if err == nil {
			err = db.DropOldBatches(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	publish()
	readers := cluster.As(embedded.Reader, hosts[0].Database)
	var all []*warehouse.DB
	for _, c := range readers {
		reader := testkit.Open(t, c)
		waitFor(t, func() bool { n, err := read(t.Context(), reader); return err == nil && n == 1 })
		all = append(all, reader)
	}
	ctx, stop := context.WithCancel(t.Context())
	var loops sync.WaitGroup
	var reads [3]atomic.Int64
	var last [3]atomic.Int64
	for i, reader := range all {
		last[i].Store(1)
		loops.Go(func() {
			for ctx.Err() == nil {
				n, err := read(t.Context(), reader)
				if err != nil || n < last[i].Load() {
					t.Errorf("replica %d says %d after %d: %v", i+1, n, last[i].Load(), err)
					return
				}
				last[i].Store(n)
				reads[i].Add(1)
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	stores := strings.Fields("store_parts store_sales_daily store_sales_utm_daily store_movements store_sales_dashboard")
	for _, late := range [][]string{stores, stores[:1], stores[2:3], {"publish"}, {"state_job_runs"}, {"state_orders"}} {
		tell := func(what string) {
			for _, table := range late {
				for _, replica := range []int{1, 2} {
					cluster.Exec(t, replica, fmt.Sprintf("SYSTEM %s FETCHES %s.%s", what, hosts[0].Database, table))
				}
			}
		}
		tell("STOP")
		for range 4 { // more than are kept, if it were not for the half hour
			publish()
		}
		tell("START")
		for i := range all {
			waitFor(t, func() bool { return last[i].Load() == published || t.Failed() })
		}
	}
	stop()
	loops.Wait()
	t.Logf("%d publications; reads of the replicas: %d, %d, %d", published, reads[0].Load(), reads[1].Load(),
		reads[2].Load())
}

// read is what all marts say in one statement.
func read(ctx context.Context, reader *warehouse.DB) (int64, error) {
	var n [4]int64
	err := reader.Read(ctx, sold, nil, func(scan func(...any) error) error { return scan(&n[0], &n[1], &n[2], &n[3]) })
	if err == nil && (n[1] != n[0] || n[2] != n[0] || n[3] != n[0]) {
		err = fmt.Errorf("the marts say %v in one statement", n)
	}
	return n[0], err
}

func waitFor(t testing.TB, done func() bool) {
	t.Helper()
	for !done() {
		select {
		case <-t.Context().Done():
			t.Fatal("it did not happen in time")
		case <-time.After(20 * time.Millisecond):
		}
	}
}
