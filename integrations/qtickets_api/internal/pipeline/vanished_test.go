package pipeline_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

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
	rows := l.rows("SELECT toString(state), isNotNull(deleted_at) FROM stg_qtickets_api_tickets_raw WHERE ticket_id = " +
		text(ticket) + " AND order_id = " + text(order))
	if len(rows) != 1 || rows[0][0] != "cancelled" {
		t.Errorf("ticket %d of order %d: %v, want it on record as cancelled", ticket, order, rows)
	}
	if again := l.mustSync(reconcile); again.RowsInserted != 0 {
		t.Errorf("reading it again wrote %d rows", again.RowsInserted)
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
	if report.Status != ledger.OK || !strings.Contains(report.Message, "1 vanished") {
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
	if !errors.Is(err, pipeline.ErrLosses) || report.Batch != 0 || !strings.Contains(err.Error(), "40 of 100") ||
		!strings.Contains(err.Error(), "--accept-losses") {
		t.Errorf("status %s, batch %d: %v", report.Status, report.Batch, err)
	}
	if diff := cmp.Diff(before, l.salesDaily()); diff != "" {
		t.Errorf("what is published changed: %s", diff)
	}
	l.mustSync(reconcile, func(o *pipeline.Options) { o.AcceptLosses = true })
	checkFacts(l)
}
