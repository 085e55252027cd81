package replicas_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// marts say n sold tickets after the n-th publication: every one adds one.
var marts = []string{
	"SELECT toInt64(sum(tickets_sold)) AS n FROM fact_qtickets_sales_daily",
	"SELECT toInt64(sum(tickets_sold)) AS n FROM fact_qtickets_sales_utm_daily",
	"SELECT toInt64(sum(tickets_sold)) AS n FROM v_qtickets_sales_dashboard",
	"SELECT toInt64(sum(tickets)) AS n FROM fact_qtickets_movements",
}

// readsOfEach are of every replica, in equal parts while each of lates is late; QTICKETS_READS asks for another number:
// 5000 by hand.
const readsOfEach = 1000

// lates are tables of which nothing new arrives at a replica: all marts, one, the pointer, the ledger, the orders.
var lates = [][]string{
	{"store_parts", "store_sales_daily", "store_sales_utm_daily", "store_movements", "store_sales_dashboard"},
	{"store_parts"}, {"store_sales_utm_daily"}, {"publish"}, {"state_job_runs"}, {"state_orders"},
}

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
		waitFor(t, func() bool { n, err := read(t.Context(), reader, 0); return err == nil && n == 1 })
		all = append(all, reader)
	}
	ctx, stop := context.WithCancel(t.Context())
	var loops sync.WaitGroup
	var reads, last [3]atomic.Int64
	for i, reader := range all {
		last[i].Store(1)
		loops.Go(func() {
			for look := 0; ctx.Err() == nil; look++ {
				n, err := read(t.Context(), reader, look)
				if err != nil || n < last[i].Load() {
					t.Errorf("replica %d says %d after %d: %v", i+1, n, last[i].Load(), err)
					return
				}
				last[i].Store(n)
				reads[i].Add(1)
			}
		})
	}
	wanted := readsOfEach
	if wish := os.Getenv("QTICKETS_READS"); wish != "" {
		var err error
		if wanted, err = strconv.Atoi(wish); err != nil {
			t.Fatal("QTICKETS_READS: ", err)
		}
	}
	for round, late := range lates {
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
		for i := range all {
			enough := int64((round + 1) * wanted / len(lates))
			waitFor(t, func() bool { return reads[i].Load() >= enough || t.Failed() })
		}
		t.Logf("while %s is late the replicas say %d, %d, %d of %d", late, last[0].Load(), last[1].Load(), last[2].Load(),
			published)
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

// read is what two of the marts say in one statement, other ones each time. What a read costs is the way from each mart
// to the pointer: two are the fewest that tell whole publications from torn ones.
func read(ctx context.Context, reader *warehouse.DB, i int) (int64, error) {
	sql := fmt.Sprintf("SELECT min(n), max(n), count() FROM (%s UNION ALL %s)", marts[i%len(marts)],
		marts[(i+1)%len(marts)])
	var least, most int64
	var said uint64
	err := reader.Read(ctx, sql, nil, func(scan func(...any) error) error { return scan(&least, &most, &said) })
	if err == nil && (least != most || said != 2) {
		err = fmt.Errorf("marts %d and the next say %d to %d", i%len(marts), least, most)
	}
	return most, err
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
