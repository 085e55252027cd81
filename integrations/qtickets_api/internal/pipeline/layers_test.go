package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// silent is a world whose refunds leave no trace in the order's updated_at.
func silent(orders int) *simulator.World {
	return simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: orders})
}

// refundSome refunds every tenth order that can be, beyond the reach of a window on updated_at.
func (l *lab) refundSome() int {
	l.Helper()
	n := 0
	for i, id := range l.world.Oracle().OrderIDs {
		if i%10 == 0 && l.world.Refund(id, nil, simulator.FullAmount) == nil {
			n++
		}
	}
	if n == 0 {
		l.Fatal("nothing was refunded")
	}
	return n
}

func found(report *pipeline.Report, layer string) pipeline.Scan {
	for _, l := range report.Scans {
		if l.Name == layer {
			return l
		}
	}
	return pipeline.Scan{Name: layer}
}

// TestSilentRefunds: whatever the API honours, a sync and a comparison with QTickets end with the facts of
// the box office, and the report says what was found and how.
func TestSilentRefunds(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{
		{}, {Kind: simulator.FilterIgnored}, {Kind: simulator.RangeRefused}, {Kind: simulator.RangeIgnored}, {Kind: simulator.OrderIgnored},
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, silent(400))
			l.mustSync()
			if fault.Kind != "" {
				l.server.SetFault(fault)
			}
			refunded := l.refundSome()
			l.world.Advance(time.Hour)
			synced := l.mustSync(func(o *pipeline.Options) { o.Limits.SweepRequests = 1 })
			report := l.mustSync(reconcile)
			checkFacts(l)
			if report.Mode != pipeline.ModeReconcile || report.Status != warehouse.OK {
				t.Errorf("mode %s, status %s: %s", report.Mode, report.Status, report.Message)
			}
			first, second := 0, found(report, pipeline.ScanReconcile).Changed
			for _, layer := range synced.Scans {
				first += layer.Changed
			}
			if first+second < refunded {
				t.Errorf("%d orders were refunded, the sync says that it found %d changed, the comparison %d", refunded, first, second)
			}
			if second > 0 && !strings.Contains(report.Message, "reconcile: ") {
				t.Errorf("the message does not say what was found: %s", report.Message)
			}
		})
	}
}

// TestSweepsFindSilentRefunds: without a comparison of everything, within the budget of each run and after a
// bounded number of runs.
func TestSweepsFindSilentRefunds(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(400))
	l.mustSync()
	l.refundSome()
	before := l.server.Counters().Total
	for range 25 {
		report := l.mustSync(func(o *pipeline.Options) { o.Limits.SweepRequests, o.Limits.SweepRecent = 4, 10*365*24*time.Hour })
		if swept := found(report, pipeline.ScanSweep); swept.Requests > 4 {
			t.Fatalf("a run sent %d requests to sweep, its budget is 4", swept.Requests)
		}
	}
	checkFacts(l)
	if n := l.server.Counters().Total - before; n > 25*40 {
		t.Errorf("%d requests in 25 runs", n)
	}
}

// TestOverdueSweepsIgnoreTheBudget: the age of what is published is bounded whatever it costs.
func TestOverdueSweepsIgnoreTheBudget(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(300))
	l.mustSync()
	l.refundSome()
	time.Sleep(2 * time.Millisecond)
	report := l.mustSync(func(o *pipeline.Options) {
		o.Limits = pipeline.Limits{SweepRequests: 1, SweepMaxAge: time.Millisecond, SweepRecent: 10 * 365 * 24 * time.Hour}
	})
	if found(report, pipeline.ScanSweep).Changed == 0 {
		t.Errorf("nothing was found: %+v", report.Scans)
	}
	checkFacts(l)
}

// TestScansOnShowDay: a scan moves nothing in the order; on the day of the show it is seen within the hour.
func TestScansOnShowDay(t *testing.T) {
	t.Parallel()
	now := time.Now()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50, Now: now.Add(-8 * time.Hour)}))
	event, err := l.world.NewEvent(simulator.EventSpec{})
	if err != nil {
		t.Fatal(err)
	}
	show, err := l.world.NewShow(event, simulator.ShowSpec{Start: now.Add(2 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	order, err := l.world.CreateOrder(simulator.NewOrder{ShowID: show, Tickets: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.world.Pay(order); err != nil {
		t.Fatal(err)
	}
	l.world.Advance(8 * time.Hour) // the sale is beyond the window of changes
	l.mustSync()
	if err := l.world.Scan(l.world.Tickets(order)[0].ID); err != nil {
		t.Fatal(err)
	}
	l.exec("INSERT INTO state_sweeps SELECT event_id, now64(3) - INTERVAL 2 HOUR FROM (SELECT event_id FROM state_events FINAL)",
		"ALTER TABLE state_sweeps DELETE WHERE 1 SETTINGS mutations_sync = 1")
	l.mustSync(func(o *pipeline.Options) { o.Limits.SweepRequests = 1 })
	if rows := l.rows("SELECT ticket_id FROM stg_qtickets_api_tickets_raw WHERE isNotNull(checked_at) AND show_id = " + text(show)); len(rows) != 1 {
		t.Errorf("%d scans of the show are known, want 1", len(rows))
	}
}

// unreadable is an API that cannot give one order by its id.
type unreadable struct{ path string }

func (u unreadable) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, u.path) {
		return nil, errors.New("connection reset")
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestUnreadableIsNotGone: only "there is no such order" is believed, not any other failure.
func TestUnreadableIsNotGone(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(60))
	l.mustSync()
	before := testkit.Published(l, l.config)
	gone := l.world.Oracle().OrderIDs[7]
	if err := l.world.Vanish(gone); err != nil {
		t.Fatal(err)
	}
	api := l.api
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = unreadable{"/orders/" + text(gone)} })
	if report, err := l.sync(); !errors.Is(err, qtickets.ErrNetwork) || report.Batch != 0 {
		t.Errorf("batch %d, %v", report.Batch, err)
	}
	if diff := cmp.Diff(before, testkit.Published(l, l.config)); diff != "" {
		t.Errorf("what is published changed: %s", diff)
	}
	l.api = api
	l.mustSync()
	checkFacts(l)
}

// TestBackfillGoesOn: a backfill that was cut off goes on where it stopped, and what changed meanwhile in the
// part already read is found.
func TestBackfillGoesOn(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{{}, {Kind: simulator.PerPageCapped, N: 40}, {Kind: simulator.RangeRefused}} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 3600, Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
			if fault.Kind != "" {
				l.server.SetFault(fault)
			}
			ctx, cancel := context.WithCancel(t.Context())
			o := pipeline.Options{InFlight: 2, Logger: slog.New(slog.DiscardHandler), Progress: func(feed string, done, _ int64) {
				if feed == "orders" && done > 2500 {
					cancel()
				}
			}}
			if report, err := pipeline.Run(ctx, l.api, l.db, pipeline.RunInfo{}, o); err == nil || report.OrdersComplete || report.Batch != 0 {
				t.Fatalf("the cut run: %v, %+v", err, report)
			}
			stored := l.rows("SELECT count() FROM stg_qtickets_api_orders_raw")[0][0].(uint64)
			if stored < 2000 || stored >= 3600 {
				t.Fatalf("%d orders are stored of the cut run", stored)
			}
			ids := l.world.Oracle().OrderIDs
			for _, id := range ids[:200] {
				_ = l.world.Refund(id, nil, simulator.FullAmount) // refused for orders that are not paid
			}
			l.world.Step(newRand(1))
			report := l.mustSync()
			if !report.Resumed || report.Mode != pipeline.ModeBackfill || found(report, pipeline.ScanHistory).Orders > 3700-int(stored)+200 {
				t.Errorf("resumed %v, mode %s, read %+v, want only what was missing of %d orders with %d stored", report.Resumed, report.Mode, report.Scans, len(ids), stored)
			}
			if fault.Kind == simulator.RangeRefused { // nothing tells what changed: the next runs look
				l.mustSync(reconcile)
			}
			checkFacts(l)
			if again := l.mustSync(); again.Mode != pipeline.ModeIncrement {
				t.Errorf("the next run is a %s", again.Mode)
			}
		})
	}
}

// TestBackfillDoesNotGoOnInAnotherList: when the stored beginning is not that of the list, it is read anew.
func TestBackfillDoesNotGoOnInAnotherList(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 900}))
	l.server.SetFault(simulator.Fault{Kind: simulator.EmptyPage, N: 6, Path: "orders"})
	if _, err := l.sync(); !errors.Is(err, qtickets.ErrIncomplete) {
		t.Fatal(err)
	}
	l.server.ClearFaults()
	for _, id := range l.world.Oracle().OrderIDs[:9] {
		if err := l.world.Vanish(id); err != nil {
			t.Fatal(err)
		}
	}
	l.mustSync()
	checkFacts(l)
	if n := l.rows("SELECT count() FROM stg_qtickets_api_orders_raw")[0][0].(uint64); n != 891 {
		t.Errorf("%d orders are stored, want 891", n)
	}
}

// TestReread: single orders are read by their ids and published at once; the moment up to which the sales are
// complete does not move.
func TestReread(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(100))
	reread := func(ids ...uint64) func(*pipeline.Options) {
		return func(o *pipeline.Options) { o.Mode, o.IDs = pipeline.ModeReread, ids }
	}
	id := l.world.Oracle().OrderIDs[99]
	if report := l.mustSync(reread(uint64(id))); report.Batch != 0 {
		t.Error("a part of the history was published")
	}
	l.mustSync()
	asOf, err := l.db.AsOf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var changed []uint64
	for _, id := range l.world.Oracle().OrderIDs {
		if len(changed) < 3 && l.world.Refund(id, nil, simulator.FullAmount) == nil {
			changed = append(changed, uint64(id))
		}
	}
	gone := l.world.Oracle().OrderIDs[0]
	if err := l.world.Vanish(gone); err != nil {
		t.Fatal(err)
	}
	report := l.mustSync(reread(append(changed, uint64(gone), 1)...))
	checkFacts(l)
	if again, _ := l.db.AsOf(t.Context()); !again.Equal(asOf) || report.OrdersComplete || report.Batch == 0 {
		t.Errorf("as_of %v, before %v; complete %v, batch %d", again, asOf, report.OrdersComplete, report.Batch)
	}
}

// TestVanishedTicketIsClosed: a ticket that its order does not list any more brings nothing and stays on record.
func TestVanishedTicketIsClosed(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(100))
	l.mustSync()
	var order, ticket int64
	for _, id := range l.world.Oracle().OrderIDs {
		if tickets := l.world.Tickets(id); len(tickets) > 1 && l.world.VanishTicket(id, tickets[0].ID) == nil {
			order, ticket = id, tickets[0].ID
			break
		}
	}
	l.mustSync(reconcile)
	checkFacts(l)
	rows := l.rows("SELECT toString(state), isNotNull(deleted_at) FROM stg_qtickets_api_tickets_raw WHERE ticket_id = " + text(ticket) + " AND order_id = " + text(order))
	if len(rows) != 1 || rows[0][0] != "cancelled" {
		t.Errorf("ticket %d of order %d: %v, want it on record as cancelled", ticket, order, rows)
	}
	if again := l.mustSync(reconcile); again.RowsInserted != 0 {
		t.Errorf("reading it again wrote %d rows", again.RowsInserted)
	}
}

// TestRebuildChangesNothing, and repairs what somebody changed in the tables.
func TestRebuildChangesNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 9, Orders: 2500, Refunds: simulator.RefundRules{MovesUpdatedAt: true, SetsDeletedAt: true}}))
	rebuild := func() *pipeline.Report {
		t.Helper()
		report, err := pipeline.Rebuild(t.Context(), l.db, pipeline.RunInfo{}, pipeline.Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if _, err := pipeline.Rebuild(t.Context(), l.db, pipeline.RunInfo{}, pipeline.Options{Logger: slog.New(slog.DiscardHandler)}); !errors.Is(err, pipeline.ErrNothingLoaded) {
		t.Errorf("without a history: %v", err)
	}
	l.mustSync(func(o *pipeline.Options) { o.BuyerKey = []byte("key") })
	if report := rebuild(); report.RowsInserted != 0 || len(report.Differences) != 0 || report.Orders != 2500 || report.Batch == 0 {
		t.Errorf("%d of %d orders changed, marts %v, batch %d", report.RowsInserted, report.Orders, report.Differences, report.Batch)
	}
	checkFacts(l)
	l.exec(`INSERT INTO state_orders SELECT * REPLACE (version + 1 AS version, arrayMap(x -> x + 1, tickets.revenue) AS "tickets.revenue",
		arrayMap(x -> x + 1, tickets.gross_revenue) AS "tickets.gross_revenue") FROM state_orders FINAL WHERE has(tickets.state, 'sold') LIMIT 3`)
	if report := rebuild(); report.RowsInserted != 3 || len(report.Differences) != 0 {
		t.Errorf("%d orders repaired, marts %v, want 3 and nothing else", report.RowsInserted, report.Differences)
	}
	checkFacts(l)
}

// withoutUpdatedAt is an API that lets orders without updated_at into a list filtered by it.
type withoutUpdatedAt struct{}

func (withoutUpdatedAt) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && strings.Contains(string(body), `">="`) && strings.Contains(string(body), `"perPage":100`) {
		answer, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		at := bytes.LastIndex(answer, []byte(`"updated_at":"`))
		if at > 0 {
			end := at + bytes.IndexByte(answer[at:], ',')
			answer = append(append(append([]byte{}, answer[:at]...), `"updated_at":null`...), answer[end:]...)
		}
		response.Body = io.NopCloser(bytes.NewReader(answer))
	}
	return response, err
}

// TestFilterThatBreaksInTheMiddle: what the probe found to hold may still fail; then everything is read.
func TestFilterThatBreaksInTheMiddle(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300, Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
	l.mustSync()
	l.world.Advance(time.Hour)
	l.refundSome()
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = withoutUpdatedAt{} })
	report := l.mustSync()
	if report.Probe.UpdatedAt || found(report, pipeline.ScanReconcile).Orders < 300 {
		t.Errorf("probe %+v, layers %+v", report.Probe, report.Scans)
	}
	checkFacts(l)
}

// TestProbeChangeIsAFact: what the API honours otherwise than before is in the report and in the ledger.
func TestProbeChangeIsAFact(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(100))
	if report := l.mustSync(); report.ProbeChange != "" || report.Probe.Transport != "body" || !report.Probe.OrderBy || !report.Probe.Where || report.Probe.PerPage != 100 || !report.Probe.UpdatedAt {
		t.Errorf("first run: %q, %+v", report.ProbeChange, report.Probe)
	}
	if report := l.mustSync(); report.ProbeChange != "" {
		t.Errorf("nothing changed: %q", report.ProbeChange)
	}
	for _, c := range []struct {
		fault  simulator.Fault
		change string
	}{
		{simulator.Fault{Kind: simulator.BodyStripped}, "transport: brackets, was body"},
		{simulator.Fault{Kind: simulator.RangeRefused}, "updated_at: false, was true"},
		{simulator.Fault{Kind: simulator.PerPageCapped, N: 10}, "per_page: 10, was 100"},
		{simulator.Fault{Kind: simulator.FilterIgnored}, "where: false, was true"},
		{simulator.Fault{Kind: simulator.OrderIgnored}, "order_by: false, was true"},
	} {
		l.server.SetFault(c.fault)
		l.mustSync()
		rows := l.rows("SELECT probe_change, message, probe FROM meta_job_runs ORDER BY started_at DESC LIMIT 1")
		if change := rows[0][0].(string); !strings.Contains(change, c.change) || !strings.Contains(rows[0][1].(string), c.change) {
			t.Errorf("%s: %q, want %q, and in the message: %s", c.fault, change, c.change, rows[0][1])
		}
		l.server.ClearFaults()
		l.mustSync()
	}
}

// TestSeatsOfChangedShows: where something was sold the seats are read at once, whatever the budget.
func TestSeatsOfChangedShows(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50}))
	event, err := l.world.NewEvent(simulator.EventSpec{})
	if err != nil {
		t.Fatal(err)
	}
	var shows []int64
	for i := range 4 {
		show, err := l.world.NewShow(event, simulator.ShowSpec{Start: l.world.Now().Add(time.Duration(i+1) * 24 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		shows = append(shows, show)
	}
	l.mustSync()
	for _, show := range shows {
		order, err := l.world.CreateOrder(simulator.NewOrder{ShowID: show, Tickets: 2})
		if err == nil {
			err = l.world.Pay(order)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	l.mustSync(func(o *pipeline.Options) { o.Limits.SeatsRequests, o.Limits.SeatsMaxAge = 1, 1000*time.Hour })
	checkSeats(l)
}
