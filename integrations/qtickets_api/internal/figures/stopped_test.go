package figures_test

import (
	"fmt"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestFault1_14_CurveOfAShowThatStoppedSelling: it goes flat to today, on the page and in the view DataLens reads, and
// that of a show that is over goes to its day.
func TestFault1_14_CurveOfAShowThatStoppedSelling(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 21, Orders: 300})
	reader := testkit.As(t, l.config, embedded.Reader)
	f := l.filter()
	today := f.Version.AsOf.In(sales.Moscow)
	for _, c := range []struct{ lastSale, days, want int }{
		{30, 1, 1}, // a show tomorrow whose last sale is 30 days old
		{58, 5, 5},
		{58, -3, 0}, // over
	} {
		l.stopSelling(today.AddDate(0, 0, -c.lastSale), today.AddDate(0, 0, c.days))
		store := figures.NewStore(testkit.Open(t, reader))
		rows := testkit.Rows(t, reader, "SELECT show_id, any(event_id), toInt64(min(days_left)), argMin(sold, days_left) - "+
			"argMax(sold, -days_left) FROM v_qtickets_pacing GROUP BY show_id")
		if len(rows) < 3 {
			t.Fatalf("%d curves", len(rows))
		}
		for _, row := range rows {
			if got := cells(row[2:]...); got != cells(int64(c.want), int64(0)) {
				t.Errorf("%+v: show %v of the view ends at %s", c, row[0], got)
			}
			f.Show, f.Event = row[0].(uint64), row[1].(uint64)
			p, err := store.Pacing(t.Context(), f)
			if err != nil || len(p.Points) < 2 {
				t.Fatalf("show %d: %d points, %v", f.Show, len(p.Points), err)
			}
			last, before := p.Points[len(p.Points)-1], p.Points[len(p.Points)-2]
			if last.DaysLeft != c.want || last.Sold != before.Sold || before.DaysLeft < c.want+1 {
				t.Errorf("%+v: show %d of the page ends with %+v, %+v", c, f.Show, before, last)
			}
		}
	}
}

// stopSelling forgets what was sold from a day on and moves every show to one day.
func (l *lab) stopSelling(from, show time.Time) {
	l.Helper()
	conn := testkit.Raw(l, testkit.As(l, l.config, embedded.Admin))
	day := show.Format(time.DateOnly)
	for _, statement := range []string{
		"ALTER TABLE publish UPDATE rows = 0 WHERE 1 SETTINGS mutations_sync = 1", // readers need not wait for all rows
		fmt.Sprintf("ALTER TABLE store_movements DELETE WHERE toDate(at) > '%s' SETTINGS mutations_sync = 1",
			from.Format(time.DateOnly)),
		fmt.Sprintf("ALTER TABLE store_sales_daily DELETE WHERE sales_date > '%s' SETTINGS mutations_sync = 1",
			from.Format(time.DateOnly)),
		fmt.Sprintf("ALTER TABLE store_refunds_daily DELETE WHERE refund_date > '%s' SETTINGS mutations_sync = 1",
			from.Format(time.DateOnly)),
		fmt.Sprintf("ALTER TABLE store_movements UPDATE show_date = '%s' WHERE 1 SETTINGS mutations_sync = 1", day),
		fmt.Sprintf("ALTER TABLE store_sales_dashboard UPDATE show_date = '%s' WHERE 1 SETTINGS mutations_sync = 1", day),
	} {
		if err := conn.Exec(l.Context(), statement); err != nil {
			l.Fatal(err)
		}
	}
}
