package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestFaults loads history, lets three hours of sales pass, and loads the changes through one fault.
// What is published afterwards is right, or it is what was published before and the run says failed.
func TestFaults(t *testing.T) {
	t.Parallel()
	for i, c := range []struct {
		fault  simulator.Fault
		status ledger.Status
		class  string // of a failed run
	}{
		{simulator.Fault{Kind: simulator.FilterIgnored}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.OrderIgnored}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.PerPageCapped, N: 7}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.RangeRefused}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.RangeIgnored}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.DateFormat, Text: "iso"}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.DateFormat, Text: "space"}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.DateFormat, Text: "naive"}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.SelectIgnored}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.SelectRefused}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.BodyStripped}, ledger.OK, ""}, // by bracketed parameters of the address
		{simulator.Fault{Kind: simulator.DuplicateRow}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.CutBody, N: 2}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.CutBody}, ledger.Failed, "cut_body"},
		{simulator.Fault{Kind: simulator.CutJSON, N: 3}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.Dropped, N: 2}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.TooManyRequests, N: 2}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.RetryAfter, N: 2}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.TooManyRequests}, ledger.Failed, "rate_limited"},
		{simulator.Fault{Kind: simulator.Unavailable, N: 2}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.Unavailable}, ledger.Failed, "outage"},
		{simulator.Fault{Kind: simulator.ServerError, N: 1}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.BadGateway, N: 1}, ledger.OK, ""},
		// The address has given JSON before, so a page is no wrong address.
		{simulator.Fault{Kind: simulator.HTMLPage}, ledger.Failed, "outage"},
		{simulator.Fault{Kind: simulator.HTMLPage, N: 2}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.Redirected}, ledger.Failed, "redirect"},
		{simulator.Fault{Kind: simulator.TokenRotated}, ledger.Failed, "token"},
		{simulator.Fault{Kind: simulator.Unauthorized}, ledger.Failed, "token"},
		{simulator.Fault{Kind: simulator.SeatsUnavailable}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.HTMLPage, Path: "color-themes"}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.HTMLPage, Path: "shows"}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.ServerError, Path: "shows"}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.Dropped, Path: "shows"}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.ServerError, Path: "color-themes"}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.Unauthorized, Path: "discounts"}, ledger.Partial, ""},
		{simulator.Fault{Kind: simulator.AccountOffset}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.IntsAsStrings}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.UnknownFields}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.NullDetails}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.CustomObject}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.NameMaps}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.NameMaps, Text: "ru_RU"}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.PHPFloats}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.ServiceFee}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.OddRefunds}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.OddFields}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.BadBytes}, ledger.OK, ""},
		{simulator.Fault{Kind: simulator.Stalled, N: 1}, ledger.OK, ""},
	} {
		if i%testkit.Rounds(4, 1) != 0 {
			continue // a sample of them
		}
		t.Run(c.fault.String(), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300,
				Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
			l.mustSync()
			before := l.salesDaily()
			l.world.Advance(3 * time.Hour)
			l.server.SetFault(c.fault)
			if c.fault.Kind == simulator.Stalled {
				l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Silence = 300 * time.Millisecond })
			}
			report, err := l.sync()
			if got := report.Status; got != c.status || (err != nil && qtickets.Class(err) != c.class) {
				t.Fatalf("the run is %s (class %s): %v %v; want %s (class %s)", got, qtickets.Class(err), err, report.Problems,
					c.status, c.class)
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

// A first run that begins in a bad minute, with every kind of bad answer one after another, loads everything.
func TestFault1_12_ARunOutlivesABadMinute(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 7, Orders: 60}))
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Silence = 300 * time.Millisecond })
	for _, fault := range []simulator.Fault{
		{Kind: simulator.Dropped, N: 2}, {Kind: simulator.TooManyRequests, N: 2}, {Kind: simulator.Unavailable, N: 2},
		{Kind: simulator.ServerError, N: 1}, {Kind: simulator.BadGateway, N: 1}, {Kind: simulator.HTMLPage, N: 2},
		{Kind: simulator.CutBody, N: 1}, {Kind: simulator.CutJSON, N: 2}, {Kind: simulator.Stalled, N: 1},
	} {
		l.server.SetFault(fault)
	}
	if report := l.mustSync(); report.Status != ledger.OK {
		t.Errorf("%s: %v", report.Status, report.Problems)
	}
	checkFacts(l)
}

// Orders with fields that nobody can read are counted, and say which fields those are.
func TestFault1_6_UnreadFieldsAreTold(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 8, Orders: 40}))
	l.server.SetFault(simulator.Fault{Kind: simulator.OddFields}, simulator.Fault{Kind: simulator.BadBytes})
	if report := l.mustSync(); report.Status != ledger.OK || report.Quarantined != 0 {
		t.Errorf("%s, %d in quarantine: %v", report.Status, report.Quarantined, report.Problems)
	}
	checkFacts(l)
	got := l.rows(`SELECT count() > 0, countIf(has(anomalies, 'unread_field')) = count(),
		countIf(has(JSONExtract(payload_json, 'unread', 'Array(String)'), 'baskets.updated_at')) = count()
		FROM stg_qtickets_api_orders_raw`)
	if fmt.Sprint(got) != "[[1 1 1]]" {
		t.Errorf("%v", got)
	}
}
