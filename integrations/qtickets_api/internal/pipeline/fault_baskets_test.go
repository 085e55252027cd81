package pipeline_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// withoutBaskets leaves the tickets of one order out of lists; by its id they are there.
type withoutBaskets int64

func (id withoutBaskets) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := answer(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/orders") {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if at := bytes.Index(body, []byte(`{"id":`+text(int64(id))+`,"uniqid"`)); at >= 0 {
		rest := bytes.Replace(body[at:], []byte(`"baskets":[`), []byte(`"no_baskets":[`), 1)
		body = append(body[:at:at], rest...)
	}
	response.ContentLength = int64(len(body))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// TestFault1_4_RowsWithoutBaskets: a list that leaves out the tickets of an order does not take them away.
func TestFault1_4_RowsWithoutBaskets(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60}))
	order := l.soldOrder(3)
	for range 2 { // as a new order, and as a known one
		l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = withoutBaskets(order) })
		if report := l.mustSync(reconcile); report.Status != ledger.OK {
			t.Errorf("status %s: %s", report.Status, report.Message)
		}
		checkFacts(l)
	}
}

// withoutShows leaves the shows out of the first event of a list.
type withoutShows struct{}

func (withoutShows) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := answer(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/events") {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	body = bytes.Replace(body, []byte(`"shows":[`), []byte(`"no_shows":[`), 1)
	response.ContentLength = int64(len(body))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// TestFault1_9_EventThatSaysNothingOfItsShows: only a list that says so takes shows away.
func TestFault1_9_EventThatSaysNothingOfItsShows(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60}))
	l.mustSync()
	const alive = "SELECT count() FROM dim_shows WHERE deleted_at IS NULL"
	before := l.rows(alive)[0][0]
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = withoutShows{} })
	report := l.mustSync()
	if now := l.rows(alive)[0][0]; now != before || report.ShowsVanished > 0 {
		t.Errorf("%v shows, %v before: %s", now, before, report.Message)
	}
	checkFacts(l)
}
