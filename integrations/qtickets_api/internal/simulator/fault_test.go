package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range everyFault {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			fault, err := simulator.ParseFault(c.fault)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(160)
			s := start(t, w, simulator.ServerOptions{})
			s.SetFault(fault)
			if got := s.Faults(); len(got) != 1 || got[0] != fault {
				t.Fatalf("faults %v", got)
			}
			c.check(t, s, w)
			s.ClearFaults()
			if r := get(t, s, "/orders", ""); r.status != http.StatusOK || len(s.Faults()) != 0 ||
				r.header.Get("X-Cache-Status") != "MISS" {
				t.Errorf("after ClearFaults: %d", r.status)
			}
		})
	}
}

func TestFaultsAreAllTested(t *testing.T) {
	t.Parallel()
	tested := map[simulator.FaultKind]bool{}
	for _, c := range everyFault {
		f, err := simulator.ParseFault(c.fault)
		if err != nil {
			t.Fatal(err)
		}
		if f.String() != c.fault {
			t.Errorf("%q is written %q", c.fault, f.String())
		}
		tested[f.Kind] = true
	}
	for _, d := range simulator.FaultDocs() {
		if !tested[d.Kind] || d.Meaning == "" {
			t.Errorf("%s has no test or no meaning", d.Kind)
		}
	}
}

func TestFaultsThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "no-such", "filter-ignored:3", "date-format", "date-format:roman",
		"account-offset:Moscow", "cut-body:x", "stale-cache:no"} {
		if f, err := simulator.ParseFault(text); err == nil {
			t.Errorf("%q was understood as %+v", text, f)
		}
	}
}

// TestFaultsAddUp: several switches at once, and one turned off alone.
func TestFaultsAddUp(t *testing.T) {
	t.Parallel()
	s := start(t, newWorld(160), simulator.ServerOptions{})
	s.SetFault(simulator.Fault{Kind: simulator.FilterIgnored}, simulator.Fault{Kind: simulator.TooManyRequests, N: 1,
		Path: "orders"})
	wantStatuses(t, s, "/orders", 429, 200)
	wantTotal(t, get(t, s, "/orders", paid), 160)
	s.ClearFaults(simulator.FilterIgnored)
	if len(s.Faults()) != 1 || get(t, s, "/orders", paid).page(t).Paging.Total == 160 {
		t.Errorf("faults left: %v", s.Faults())
	}
}

func wantStatus(t *testing.T, r reply, status int) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d (%v), want %d", r.status, r.err, status)
	}
}

func wantStatuses(t *testing.T, s *simulator.Server, path string, statuses ...int) {
	t.Helper()
	for _, status := range statuses {
		wantStatus(t, get(t, s, path, ""), status)
	}
}

func wantTotal(t *testing.T, r reply, total int) {
	t.Helper()
	if p := r.page(t); p.Paging.Total != total {
		t.Errorf("total %d, want %d", p.Paging.Total, total)
	}
}

func wantText(t *testing.T, r reply, part string) {
	t.Helper()
	if !strings.Contains(r.text, part) {
		t.Errorf("no %s in %.200s", part, r.text)
	}
}

// refundOne sells and wholly refunds an order, an hour later, and reads it.
func refundOne(t *testing.T, s *simulator.Server, w *simulator.World) map[string]any {
	t.Helper()
	id, err := w.CreateOrder(simulator.NewOrder{FullPrice: true, Tickets: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Pay(id); err != nil {
		t.Fatal(err)
	}
	w.Advance(time.Hour)
	if err := w.Refund(id, nil, simulator.FullAmount); err != nil {
		t.Fatal(err)
	}
	return detail(t, s, id)
}

func detail(t testing.TB, s *simulator.Server, id int64) map[string]any {
	t.Helper()
	var response struct{ Data map[string]any }
	get(t, s, fmt.Sprintf("/orders/%d", id), "").decode(t, &response)
	return response.Data
}
