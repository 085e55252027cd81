package pipeline_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// soldOrder makes a paid order of a few tickets now.
func (l *lab) soldOrder(n int) int64 {
	l.Helper()
	if l.event == 0 { // with seats for everybody
		var err error
		if l.event, err = l.world.NewEvent(simulator.EventSpec{Shows: []simulator.ShowSpec{{Hall: "numbered"}}}); err != nil {
			l.Fatal(err)
		}
	}
	id, err := l.world.CreateOrder(simulator.NewOrder{EventID: l.event, Tickets: n, FullPrice: true})
	if err == nil {
		err = l.world.Pay(id)
	}
	if err != nil {
		l.Fatal(err)
	}
	l.world.Advance(time.Minute)
	return id
}

// replace makes a new order of other seats for an order; two tickets may be given the same one, which is none.
func (l *lab) replace(id int64) int64 {
	l.Helper()
	for range 100 {
		if fresh, err := l.world.Replace(id); err == nil {
			l.world.Advance(time.Minute)
			return fresh
		}
	}
	l.Fatalf("order %d cannot be replaced", id)
	return 0
}

func reread(ids ...uint64) func(*pipeline.Options) {
	return func(o *pipeline.Options) { o.Mode, o.IDs = pipeline.ModeReread, ids }
}

// anomaliesOf are those of a stored order.
func (l *lab) anomaliesOf(order int64) string {
	l.Helper()
	const told = "SELECT arrayStringConcat(anomalies, ',') FROM stg_qtickets_api_orders_raw WHERE order_id = "
	rows := l.rows(told + text(order))
	if len(rows) != 1 {
		l.Fatalf("order %d: %v", order, rows)
	}
	return rows[0][0].(string)
}

// TestFault1_1_ReplacedOrderAlive: only the new order says that it replaces the old one, which stays paid and alive.
// It counts once, whichever of them is read first, in a poll or after a webhook, and again when the whole is read.
func TestFault1_1_ReplacedOrderAlive(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true, ReplacedStays: true}})
	l := newLab(t, world)
	old := l.soldOrder(2)
	l.mustSync()
	first := l.replace(old)
	l.mustSync() // the old one does not move: it is not even read
	checkFacts(l)
	if told := l.anomaliesOf(old); told != "replaced_alive" {
		t.Errorf("anomalies of the old order: %q", told)
	}
	second := l.replace(first) // by webhook, and twice in a row
	l.mustSync(reread(uint64(second)))
	checkFacts(l)
	l.mustSync(reread(uint64(old)), reread(uint64(old)))
	checkFacts(l)
	if again := l.mustSync(reconcile); again.Feeds["orders"].Inserted != 0 || again.Status != ledger.OK {
		t.Errorf("reading everything again wrote %d orders, status %s", again.Feeds["orders"].Inserted, again.Status)
	}
	checkFacts(l)
	// The new one comes first: the old one was unreadable until now.
	other := l.soldOrder(3)
	l.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: other})
	l.replace(other)
	l.mustSync()
	l.server.ClearFaults(simulator.BadPrice)
	if report := l.mustSync(); report.Status != ledger.OK {
		t.Errorf("status %s: %s", report.Status, report.Message)
	}
	checkFacts(l)
	rebuildChangesNothing(l)
}

// withoutPrimary takes away what an order says that it replaces: lists are not documented to say it.
type withoutPrimary struct{}

func (withoutPrimary) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := answer(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	body = bytes.ReplaceAll(body, []byte(`"primary_orders"`), []byte(`"nothing_to_see"`))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// TestFault1_1_OnlyAWebhookSaysIt: that an order replaces another stands in the body of a webhook and nowhere else. It
// is kept when lists do not repeat it.
func TestFault1_1_OnlyAWebhookSaysIt(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true, ReplacedStays: true}})
	l := newLab(t, world)
	old := l.soldOrder(2)
	l.mustSync()
	fresh := l.replace(old)
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = withoutPrimary{} })
	l.mustSync() // a poll reads the new order before its webhook arrives, and cannot know
	delivered := []warehouse.Webhook{{ID: "1", Type: "payed", OrderID: uint64(fresh), PrimaryOrders: []uint64{uint64(old)},
		ReceivedAt: time.Now()}}
	if _, err := l.db.SaveWebhooks(t.Context(), delivered); err != nil {
		t.Fatal(err)
	}
	report, err := pipeline.Webhooks(t.Context(), l.api, l.db, pipeline.RunInfo{Org: "test"},
		pipeline.Options{InFlight: 2, Logger: slog.New(slog.DiscardHandler)})
	if err != nil || report.Batch == 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	checkFacts(l)
	l.mustSync(reconcile)
	checkFacts(l)
	rebuildChangesNothing(l)
}

// TestFault1_2_TicketMoved: a ticket stands in another order now, and the old order's updated_at did not move. The old
// one is read again in the same run, and no publication holds the ticket twice.
func TestFault1_2_TicketMoved(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60}))
	old := l.soldOrder(3)
	l.mustSync()
	for i, ticket := range l.world.Tickets(old)[:2] { // into a new order each, one read by a poll, one after a webhook
		fresh, err := l.world.MoveTicket(ticket.ID)
		if err != nil {
			t.Fatal(err)
		}
		l.world.Advance(time.Minute)
		report := l.mustSync([]func(*pipeline.Options){func(*pipeline.Options) {}, reread(uint64(fresh))}[i])
		if report.Batch == 0 || report.Status != ledger.OK {
			t.Errorf("batch %d, status %s: %s", report.Batch, report.Status, report.Message)
		}
		checkFacts(l)
	}
	if told := l.anomaliesOf(old); strings.Contains(told, "ticket_twice") {
		t.Errorf("anomalies of the old order, which was read again: %q", told)
	}
	rebuildChangesNothing(l)
}

// TestFault1_2_TicketMovedAndGone: the new order is cancelled, or its ticket refunded, before anybody reads it. It no
// longer counts anywhere, and of the old order, which changed without a sign, nobody is told.
func TestFault1_2_TicketMovedAndGone(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *simulator.World, fresh int64) error{
		"cancelled": (*simulator.World).Cancel,
		"refunded": func(w *simulator.World, fresh int64) error {
			return w.Refund(fresh, nil, simulator.FullAmount)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60}))
			old := l.soldOrder(3)
			l.mustSync()
			fresh, err := l.world.MoveTicket(l.world.Tickets(old)[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := end(l.world, fresh); err != nil {
				t.Fatal(err)
			}
			l.world.Advance(time.Minute)
			l.mustSync(reread(uint64(fresh)))
			checkFacts(l)
			rebuildChangesNothing(l)
		})
	}
}

// TestFault1_2_TicketStandsTwice: QTickets goes on listing a ticket in both orders. It counts once, with an anomaly,
// and in the one that is left when the other is cancelled.
func TestFault1_2_TicketStandsTwice(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60}))
	first, second := l.soldOrder(1), l.soldOrder(1)
	l.mustSync()
	sold := func() int64 {
		return l.rows("SELECT sum(tickets_sold) FROM fact_qtickets_sales_daily")[0][0].(int64)
	}
	before := sold()
	l.server.SetFault(simulator.Fault{Kind: simulator.TicketTwice, N: second})
	l.mustSync(reread(uint64(second)))
	if now := sold(); now != before-1 {
		t.Errorf("%d tickets sold, want %d: the second order sells the first one's ticket", now, before-1)
	}
	if told := l.anomaliesOf(first); told != "ticket_twice" {
		t.Errorf("anomalies %q", told)
	}
	rebuildChangesNothing(l)
	if err := l.world.Cancel(second); err != nil {
		t.Fatal(err)
	}
	l.mustSync(reread(uint64(second)))
	if now := sold(); now != before-1 || l.anomaliesOf(first) != "" {
		t.Errorf("the second order is cancelled: %d tickets sold, want %d, anomalies %q", now, before-1, l.anomaliesOf(first))
	}
}

// rebuildChangesNothing derives everything from the stored payloads.
func rebuildChangesNothing(l *lab) {
	l.Helper()
	report, err := pipeline.Rebuild(l.Context(), l.db, pipeline.RunInfo{Org: "test"},
		pipeline.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil || report.RowsInserted > 0 || len(report.Differences) > 0 {
		l.Errorf("a rebuild wrote %d rows, differences %v: %v", report.RowsInserted, report.Differences, err)
	}
}
