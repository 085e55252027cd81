package pipeline_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
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
	testkit.Long(t)
	t.Parallel()
	for _, fault := range []simulator.Fault{
		{}, {Kind: simulator.FilterIgnored}, {Kind: simulator.RangeRefused}, {Kind: simulator.RangeIgnored},
		{Kind: simulator.OrderIgnored},
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
			if report.Mode != pipeline.ModeReconcile || report.Status != ledger.OK {
				t.Errorf("mode %s, status %s: %s", report.Mode, report.Status, report.Message)
			}
			first, second := 0, found(report, pipeline.ScanReconcile).Changed
			for _, layer := range synced.Scans {
				first += layer.Changed
			}
			if first+second < refunded {
				t.Errorf("%d orders were refunded, the sync says that it found %d changed, the comparison %d", refunded, first,
					second)
			}
			if second > 0 && !strings.Contains(report.Message, "reconcile: ") {
				t.Errorf("the message does not say what was found: %s", report.Message)
			}
		})
	}
}

// withoutUpdatedAt is an API that lets orders without updated_at into a list filtered by it.
type withoutUpdatedAt struct{}

func (withoutUpdatedAt) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	response, err := answer(r)
	if err == nil && strings.Contains(string(body), `">="`) && strings.Contains(string(body), `"perPage":100`) {
		content, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		at := bytes.LastIndex(content, []byte(`"updated_at":"`))
		if at > 0 {
			end := at + bytes.IndexByte(content[at:], ',')
			content = append(append(append([]byte{}, content[:at]...), `"updated_at":null`...), content[end:]...)
		}
		response.Body = io.NopCloser(bytes.NewReader(content))
	}
	return response, err
}

// TestFilterThatBreaksInTheMiddle: what the probe found to hold may still fail; then everything is read.
func TestFilterThatBreaksInTheMiddle(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 300,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
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

// touching changes an old order while the list of changes is read beyond the page it enters.
type touching struct {
	once   sync.Once
	update func()
}

func (tt *touching) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if strings.Contains(string(body), `"updated_at"`) && strings.Contains(string(body), `"page":3`) {
		tt.once.Do(tt.update)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestChangeDuringTheListOfChanges: what enters on a page already read is read all the same.
func TestChangeDuringTheListOfChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 600,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
	l.mustSync()
	ids := l.world.Oracle().OrderIDs
	l.world.Advance(5 * time.Hour) // beyond the overlap
	for _, id := range ids[100:] {
		_ = l.world.Refund(id, nil, simulator.FullAmount) // refused for orders that are not paid
	}
	hook := &touching{update: func() {
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
