package pipeline_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestFaults loads history, lets three hours of sales pass, and loads the changes through one fault.
// What is published afterwards is right, or it is what was published before and the run says failed.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault  simulator.Fault
		status warehouse.Status
		class  string // of a failed run
	}{
		{simulator.Fault{Kind: simulator.FilterIgnored}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.OrderIgnored}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.PerPageCapped, N: 7}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.RangeRefused}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.RangeIgnored}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.DateFormat, Text: "iso"}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.DateFormat, Text: "space"}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.DateFormat, Text: "naive"}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.SelectIgnored}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.SelectRefused}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.BodyStripped}, warehouse.OK, ""}, // by bracketed parameters of the address
		{simulator.Fault{Kind: simulator.DuplicateRow}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.CutBody, N: 2}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.CutBody}, warehouse.Failed, "cut_body"},
		{simulator.Fault{Kind: simulator.CutJSON, N: 3}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.Dropped, N: 2}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.TooManyRequests, N: 2}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.RetryAfter, N: 2}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.TooManyRequests}, warehouse.Failed, "rate_limited"},
		{simulator.Fault{Kind: simulator.Unavailable, N: 2}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.Unavailable}, warehouse.Failed, "outage"},
		{simulator.Fault{Kind: simulator.ServerError, N: 1}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.BadGateway, N: 1}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.HTMLPage}, warehouse.Failed, "base_url"},
		{simulator.Fault{Kind: simulator.Redirected}, warehouse.Failed, "redirect"},
		{simulator.Fault{Kind: simulator.TokenRotated}, warehouse.Failed, "token"},
		{simulator.Fault{Kind: simulator.Unauthorized}, warehouse.Failed, "token"},
		{simulator.Fault{Kind: simulator.SeatsUnavailable}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.HTMLPage, Path: "color-themes"}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.HTMLPage, Path: "shows"}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.ServerError, Path: "shows"}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.Dropped, Path: "shows"}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.ServerError, Path: "color-themes"}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.Unauthorized, Path: "discounts"}, warehouse.Partial, ""},
		{simulator.Fault{Kind: simulator.AccountOffset}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.IntsAsStrings}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.UnknownFields}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.NullDetails}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.CustomObject}, warehouse.OK, ""},
		{simulator.Fault{Kind: simulator.NameMaps}, warehouse.OK, ""},
	} {
		t.Run(c.fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300, Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
			l.mustSync()
			before := l.salesDaily()
			l.world.Advance(3 * time.Hour)
			l.server.SetFault(c.fault)
			report, err := l.sync()
			if got := report.Status; got != c.status || (err != nil && qtickets.Class(err) != c.class) {
				t.Fatalf("the run is %s (class %s): %v %v; want %s (class %s)", got, qtickets.Class(err), err, report.Problems, c.status, c.class)
			}
			if err == nil {
				checkFacts(l)
				return
			}
			if report.Batch != 0 || len(before) != len(l.salesDaily()) {
				t.Error("a failed run published something")
			}
			l.server.ClearFaults()
			l.mustSync() // and the next run repairs it
			checkFacts(l)
		})
	}
}

// TestIncompleteHistoryIsNotPublished: a first load that cannot account for every row of the source
// publishes nothing at all.
func TestIncompleteHistoryIsNotPublished(t *testing.T) {
	t.Parallel()
	for _, fault := range []simulator.Fault{
		{Kind: simulator.EmptyPage}, {Kind: simulator.PageIgnored}, {Kind: simulator.SkippedRow}, {Kind: simulator.TotalLies}, {Kind: simulator.StaleCache, Text: "any-url"},
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300}))
			fault.Path = "orders"
			l.server.SetFault(fault)
			report, err := l.sync()
			if report.Status != warehouse.Failed || report.OrdersComplete || report.Batch != 0 {
				t.Errorf("the run is %s, published batch %d: %v", report.Status, report.Batch, err)
			}
			if n := len(l.salesDaily()); n != 0 {
				t.Errorf("%d facts were published", n)
			}
			l.server.ClearFaults()
			if again := l.mustSync(); again.Mode != "backfill" {
				t.Errorf("the next run is a %s, want the backfill again", again.Mode)
			}
			checkFacts(l)
		})
	}
}

// TestRowWithoutAnID waits in quarantine until a whole list was read that holds no such row.
func TestRowWithoutAnID(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50}))
	l.mustSync()
	nameless := []warehouse.Quarantined{{Feed: "orders", Reason: "the row has no id", ReadAt: time.Now()}}
	if _, err := l.db.Insert(t.Context(), warehouse.Rows{Quarantined: nameless}, "test"); err != nil {
		t.Fatal(err)
	}
	if report := l.mustSync(); report.Status != warehouse.Partial {
		t.Errorf("an increment cannot know that the row is gone: status %s, want partial", report.Status)
	}
	if report := l.mustSync(reconcile); report.Status != warehouse.OK {
		t.Errorf("after a whole list without such a row: status %s (%s), want ok", report.Status, report.Message)
	}
	if held := l.rows("SELECT id FROM meta_quarantine"); len(held) != 0 {
		t.Errorf("quarantine still holds %v", held)
	}
}

// TestSeatsAreGivenUp: when the seats of a few shows cannot be had, the others are not asked for.
func TestSeatsAreGivenUp(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 50}))
	l.server.SetFault(simulator.Fault{Kind: simulator.ServerError, Path: "shows"})
	report := l.mustSync(func(o *pipeline.Options) { o.InFlight = 1 })
	asked := 0
	for key, n := range l.server.Counters().Requests {
		if strings.HasPrefix(key.Path, "shows/") {
			asked += n
		}
	}
	if report.InventoryFailed < 10 || asked != 3*4 { // three shows, four attempts each
		t.Errorf("%d shows failed after %d requests, want all of them after 12", report.InventoryFailed, asked)
	}
}

// TestVanishedOrdersCountNoMore: an order that the source does not list any more is noticed by the next
// run, asked for by its id, and counts no longer; it comes back when the source has it again.
func TestVanishedOrdersCountNoMore(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
	l.mustSync()
	if err := l.world.Vanish(l.world.Oracle().OrderIDs[50]); err != nil {
		t.Fatal(err)
	}
	report := l.mustSync()
	if report.Status != warehouse.OK || !strings.Contains(report.Message, "1 vanished") {
		t.Errorf("status %s: %s", report.Status, report.Message)
	}
	checkFacts(l)
	if again := l.mustSync(); again.RowsInserted != 0 || strings.Contains(again.Message, "vanished") {
		t.Errorf("the next run: %s", again.Message)
	}
}

// TestManyVanishedOrders look like another organiser's token: nothing is published until a person says so.
func TestManyVanishedOrders(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
	l.mustSync()
	before := l.salesDaily()
	for _, id := range l.world.Oracle().OrderIDs[:40] {
		if err := l.world.Vanish(id); err != nil {
			t.Fatal(err)
		}
	}
	report, err := l.sync()
	if !errors.Is(err, pipeline.ErrLosses) || report.Batch != 0 || !strings.Contains(err.Error(), "40 of 100") || !strings.Contains(err.Error(), "--accept-losses") {
		t.Errorf("status %s, batch %d: %v", report.Status, report.Batch, err)
	}
	if diff := cmp.Diff(before, l.salesDaily()); diff != "" {
		t.Errorf("what is published changed: %s", diff)
	}
	l.mustSync(reconcile, func(o *pipeline.Options) { o.AcceptLosses = true })
	checkFacts(l)
}

// touching changes an old order while the list of changes is read beyond the page it enters.
type touching struct {
	once  sync.Once
	touch func()
}

func (tt *touching) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.Contains(string(body), `"updated_at"`) && strings.Contains(string(body), `"page":3`) {
		tt.once.Do(tt.touch)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestChangeDuringTheListOfChanges: what enters on a page already read is read all the same.
func TestChangeDuringTheListOfChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 600, Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
	l.mustSync()
	ids := l.world.Oracle().OrderIDs
	l.world.Advance(5 * time.Hour) // beyond the overlap
	for _, id := range ids[100:] {
		_ = l.world.Refund(id, nil, simulator.FullAmount) // refused for orders that are not paid
	}
	hook := &touching{touch: func() {
		for _, id := range ids[:100] {
			if l.world.Refund(id, nil, simulator.FullAmount) == nil {
				return
			}
		}
		t.Error("no order to touch")
	}}
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport, o.MaxInFlight = hook, 1 })
	l.mustSync(func(o *pipeline.Options) { o.InFlight = 1 })
	checkFacts(l)
}

// TestQuarantine: an order nobody can read is set aside with its reason, the rest is published, and the
// order comes back when it can be read.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.FaultKind{simulator.BadPrice, simulator.NaiveTime} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
			first := l.world.Oracle().OrderIDs[0]
			l.server.SetFault(simulator.Fault{Kind: kind})
			report := l.mustSync()
			if report.Quarantined != 1 || report.Status != warehouse.Partial {
				t.Errorf("%d rows in quarantine, status %s, want 1 and partial", report.Quarantined, report.Status)
			}
			held := l.rows("SELECT id, reason FROM meta_quarantine")
			if len(held) != 1 || held[0][0].(uint64) != uint64(first) || held[0][1].(string) == "" {
				t.Errorf("quarantine holds %v, want order %d", held, first)
			}
			checkFacts(l, first)
			if again := l.mustSync(); again.Mode != "increment" || again.Status != warehouse.Partial {
				t.Errorf("a later run is a %s with status %s, want an increment that says partial while the order is missing", again.Mode, again.Status)
			}
			checkFacts(l, first)
			l.server.ClearFaults()
			if healed := l.mustSync(); healed.Status != warehouse.OK {
				t.Errorf("status %s (%s), want ok once the order can be read", healed.Status, healed.Message)
			}
			if held := l.rows("SELECT id FROM meta_quarantine"); len(held) != 0 {
				t.Errorf("quarantine still holds %v", held)
			}
			checkFacts(l)
		})
	}
}
