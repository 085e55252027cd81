package pipeline_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestProductionAnswers loads two recorded answers of the real API. They are not in the repository:
// QTICKETS_CAPTURES names their folder.
func TestProductionAnswers(t *testing.T) {
	dir := os.Getenv("QTICKETS_CAPTURES")
	if dir == "" {
		t.Skip("QTICKETS_CAPTURES is not set: no recorded production answers to load")
	}
	world, err := simulator.LoadCapture(dir)
	if err != nil {
		t.Fatal(err)
	}
	l := newLab(t, world)
	report := l.mustSync()
	if len(report.Problems) > 0 || report.Orders != 50 || report.SalesRows != 139 || report.Events != 5 ||
		report.Shows != 11 {
		t.Errorf("report: %+v", report)
	}
	type totals struct {
		Orders, Paid, Unpaid, Tickets, Sold, Free, Cancelled, Refunded, Scanned, UTM, Days uint64
		Revenue, Blind                                                                     string
	}
	r := l.rows(`SELECT
			assumeNotNull((SELECT count() FROM stg_qtickets_api_orders_raw)),
			assumeNotNull((SELECT countIf(sale_ts IS NOT NULL AND deleted_at IS NULL) FROM stg_qtickets_api_orders_raw)),
			assumeNotNull((SELECT countIf(sale_ts IS NULL AND deleted_at IS NOT NULL) FROM stg_qtickets_api_orders_raw)),
			count(), countIf(state = 'sold'), countIf(state = 'sold' AND price = 0), countIf(state = 'cancelled'),
				countIf(state = 'refunded'),
			countIf(checked_at IS NOT NULL),
			assumeNotNull((SELECT countIf(utm_source != '' OR utm_medium != '' OR utm_campaign != '')
				FROM stg_qtickets_api_orders_raw)),
			assumeNotNull((SELECT uniqExact(sales_date) FROM fact_qtickets_sales_daily)),
			assumeNotNull((SELECT sum(revenue) FROM fact_qtickets_sales_daily)),
			sum(price)
		FROM stg_qtickets_api_tickets_raw`)[0]
	n := func(i int) uint64 { return r[i].(uint64) }
	got := totals{
		Orders: n(0), Paid: n(1), Unpaid: n(2), Tickets: n(3), Sold: n(4), Free: n(5), Cancelled: n(6), Refunded: n(7),
		Scanned: n(8), UTM: n(9), Days: n(10),
		Revenue: r[11].(decimal.Decimal).StringFixed(2), Blind: r[12].(decimal.Decimal).StringFixed(2),
	}
	want := totals{
		Orders: 50, Paid: 40, Unpaid: 10, Tickets: 139, Sold: 118, Free: 83, Cancelled: 21, Refunded: 0, Scanned: 39, UTM: 26,
		Days:    17,
		Revenue: "11397.00", Blind: "19329.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-right +loaded:\n%s", diff)
	}
	if again := l.mustSync(); again.RowsInserted != 0 {
		t.Errorf("the second run wrote %d rows, want 0", again.RowsInserted)
	}
}
