package pipeline_test

import (
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
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
