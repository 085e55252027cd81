package pipeline_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// losing is an API whose filter on updated_at loses rows without a sign on any row: what one operator
// asks for comes back empty.
type losing struct{ operator string }

func (l losing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	response, err := answer(r)
	if err == nil && strings.Contains(string(body), `"operator":"`+l.operator+`"`) {
		_ = response.Body.Close()
		response.Body = io.NopCloser(strings.NewReader(`{"data":[],"paging":{"perPage":1,"currentPage":1,"total":0}}`))
	}
	return response, err
}

// TestProbeNoticesLostRows: a range that does not split the list exactly is not believed, and the
// changes are found by reading everything.
func TestProbeNoticesLostRows(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	for operator, why := range map[string]string{">=": "was not found", "<": "do not make"} {
		l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 200,
			Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
		l.mustSync()
		l.world.Advance(3 * time.Hour)
		l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = losing{operator} })
		report := l.mustSync()
		if report.Probe.UpdatedAt || !strings.Contains(report.Probe.Why, why) {
			t.Errorf("with %s losing rows the probe says %+v, want a refusal because rows %s", operator, report.Probe, why)
		}
		if report.Orders < 200 {
			t.Errorf("%d orders read, want all of them", report.Orders)
		}
		checkFacts(l)
	}
}

// TestProbeChangeIsAFact: a change in what the API honours is in the report and in the ledger.
func TestProbeChangeIsAFact(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	l := newLab(t, silent(100))
	if report := l.mustSync(); report.ProbeChange != "" || report.Probe.Transport != "body" || !report.Probe.OrderBy ||
		!report.Probe.Where || report.Probe.PerPage != 100 || !report.Probe.UpdatedAt {
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
		if change := rows[0][0].(string); !strings.Contains(change, c.change) ||
			!strings.Contains(rows[0][1].(string), c.change) {
			t.Errorf("%s: %q, want %q, and in the message: %s", c.fault, change, c.change, rows[0][1])
		}
		l.server.ClearFaults()
		l.mustSync()
	}
}
