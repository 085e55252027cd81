package pipeline_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func accept(o *pipeline.Options) { o.AcceptLosses = true }

// TestFault1_3_RefundFractions: one refund of several tickets, split by the server into fractions of a kopeck.
func TestFault1_3_RefundFractions(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true, SplitsFractions: true}}))
	first, second := l.soldOrder(3), l.soldOrder(6)
	l.mustSync()
	for order, amount := range map[int64]int64{first: 1000_00, second: 77_77} {
		if err := l.world.Refund(order, nil, amount); err != nil {
			t.Fatal(err)
		}
	}
	l.world.Advance(time.Minute)
	if report := l.mustSync(); report.Status != ledger.OK || report.Quarantined > 0 {
		t.Errorf("status %s: %s", report.Status, report.Message)
	}
	checkFacts(l)
	rebuildChangesNothing(l)
}

// TestFault1_4_PaymentTakenBack: a refund clears payed and payed_at. The sale stays on its day.
func TestFault1_4_PaymentTakenBack(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 60, HistoryDays: 5,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true, DropsPayedAt: true}}))
	l.mustSync()
	order := l.soldOrder(2)
	l.mustSync()
	l.world.Advance(48 * time.Hour)
	if err := l.world.Refund(order, nil, simulator.FullAmount); err != nil {
		t.Fatal(err)
	}
	report := l.mustSync(reread(uint64(order)))
	if report.Status != ledger.OK || l.anomaliesOf(order) != "payed_at" {
		t.Errorf("status %s (%s), anomalies %q", report.Status, report.Message, l.anomaliesOf(order))
	}
	const soldOn = "SELECT toString(toDate(assumeNotNull(sale_ts))) FROM stg_qtickets_api_orders_raw WHERE order_id = "
	days := l.rows(soldOn + text(order))
	const refundedOf = "SELECT sales_date FROM fact_qtickets_sales_daily WHERE refunded_tickets > 0 AND sales_date = "
	paidDay := l.rows(refundedOf + "'" + days[0][0].(string) + "'")
	if len(paidDay) == 0 {
		t.Errorf("nothing refunded on the sales day %v", days)
	}
	rebuildChangesNothing(l)
}

// TestFault1_4_KnownOrderUnreadable: an order that was read before keeps what it brought, and every place says so.
func TestFault1_4_KnownOrderUnreadable(t *testing.T) {
	t.Parallel()
	for _, kind := range []simulator.FaultKind{simulator.BadPrice, simulator.NaiveTime} {
		l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 150}))
		order := l.soldOrder(2)
		l.mustSync()
		l.server.SetFault(simulator.Fault{Kind: kind, N: order})
		report := l.mustSync(reread(uint64(order)))
		if report.Status != ledger.Partial || !strings.Contains(report.Message, "order "+text(order)+
			" cannot be read any more and is counted as read on ") || !strings.Contains(report.Message, "2 tickets, revenue ") {
			t.Errorf("%s: status %s: %s", kind, report.Status, report.Message)
		}
		checkFacts(l)
		const counted = "SELECT counted_tickets, counted_read_at IS NOT NULL, counted_revenue > 0 FROM meta_quarantine"
		rows := l.rows(counted + " WHERE id = " + text(order))
		if diff := cmp.Diff([][]any{{int64(2), uint8(1), uint8(1)}}, rows); diff != "" {
			t.Errorf("%s: meta_quarantine: %s", kind, diff)
		}
		checked := false
		for _, v := range l.db.SmokeChecks(t.Context()) {
			if v.Check == "known orders can be read" {
				checked = v.Status == "fail"
			}
		}
		if !checked {
			t.Errorf("%s: check does not fail", kind)
		}
		l.server.ClearFaults()
		if report := l.mustSync(); report.Status != ledger.OK {
			t.Errorf("%s: once it can be read: status %s: %s", kind, report.Status, report.Message)
		}
	}
}

// TestFault1_5_TooManyUnreadable: above a share of unreadable orders nothing is published, unless a person says so.
func TestFault1_5_TooManyUnreadable(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
	l.mustSync()
	before := testkit.Published(l, l.config)
	spoiled := l.world.Oracle().OrderIDs[10:12]
	l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = spoiling(spoiled) })
	l.world.Advance(time.Hour)
	report, err := l.sync(reconcile)
	if !errors.Is(err, pipeline.ErrUnreadable) || report.Batch != 0 || report.ErrorClass != "quarantine" ||
		!strings.Contains(report.Message, "2 of 1") {
		t.Errorf("batch %d: %v", report.Batch, err)
	}
	if diff := cmp.Diff(before, testkit.Published(l, l.config)); diff != "" {
		t.Errorf("what is published changed: %s", diff)
	}
	if report := l.mustSync(reconcile, accept); report.Status != ledger.Partial || report.Batch == 0 {
		t.Errorf("by a person's word: status %s, batch %d", report.Status, report.Batch)
	}
	l.api = testkit.Client(t, l.server)
	if report := l.mustSync(); report.Status != ledger.OK {
		t.Errorf("once they can be read: status %s: %s", report.Status, report.Message)
	}
	checkFacts(l)
}

// spoiling makes some orders unreadable on their way: their currency is none.
type spoiling []int64

func (s spoiling) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := answer(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	for _, id := range s {
		at := bytes.Index(body, []byte(`{"id":`+text(id)+`,"uniqid"`))
		if at >= 0 {
			body = slices.Concat(body[:at], bytes.Replace(body[at:], []byte(`"currency_id":"`), []byte(`"currency_id":null,"was":"`), 1))
		}
	}
	response.ContentLength = int64(len(body))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// lying says that the list of all orders holds some more.
type lying int64

func (n lying) RoundTrip(r *http.Request) (*http.Response, error) {
	filtered := false
	if r.Body != nil {
		query, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		filtered = bytes.Contains(query, []byte(`"where"`))
		r.Body = io.NopCloser(bytes.NewReader(query))
	}
	response, err := answer(r)
	if err != nil || filtered || !strings.HasSuffix(r.URL.Path, "/orders") {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	at := bytes.LastIndex(body, []byte(`"total":`)) + len(`"total":`)
	var total, length int64
	if _, err := fmt.Sscanf(string(body[at:]), "%d", &total); err != nil {
		return nil, err
	}
	length = int64(len(text(total)))
	body = slices.Concat(body[:at], []byte(text(total+int64(n))), body[at+int(length):])
	response.ContentLength = int64(len(body))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

// TestFault1_9_VanishedEvent: an event that QTickets lists no more is marked, its seats are unknown; an empty list is
// no news of anything.
func TestFault1_9_VanishedEvent(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
	l.mustSync()
	onSale := "SELECT show_id FROM v_qtickets_sales_dashboard WHERE tickets_left IS NOT NULL AND event_id = "
	event := l.rows("SELECT event_id FROM v_qtickets_sales_dashboard WHERE tickets_left > 0 LIMIT 1")[0][0].(uint64)
	l.server.SetFault(simulator.Fault{Kind: simulator.EmptyList, Path: "events"})
	if report := l.mustSync(); report.Status != ledger.Partial || !strings.Contains(report.Message, "lists no events") {
		t.Errorf("an empty list: status %s: %s", report.Status, report.Message)
	}
	if len(l.rows(onSale+text(int64(event)))) == 0 {
		t.Error("an empty list took an event off sale")
	}
	l.server.ClearFaults()
	l.server.SetFault(simulator.Fault{Kind: simulator.HiddenRow, N: int64(event), Path: "events"})
	if report := l.mustSync(); report.Status != ledger.OK || !strings.Contains(report.Message, "gone from QTickets") {
		t.Errorf("an event is gone: status %s: %s", report.Status, report.Message)
	}
	if left := l.rows(onSale + text(int64(event))); len(left) > 0 {
		t.Errorf("seats of a vanished event: %v", left)
	}
	rows := l.rows("SELECT is_active, deleted_at IS NOT NULL FROM dim_events WHERE event_id = " + text(int64(event)))
	if len(rows) != 1 ||
		rows[0][0] != uint8(0) || rows[0][1] != uint8(1) {
		t.Errorf("the vanished event is %v", rows)
	}
	checkFacts(l)
	if again := l.mustSync(); again.ShowsVanished != 0 {
		t.Errorf("marked again: %s", again.Message)
	}
	l.server.ClearFaults()
	l.mustSync(func(o *pipeline.Options) { o.Limits.SeatsMaxAge = 1 })
	if len(l.rows(onSale+text(int64(event)))) == 0 {
		t.Error("the event came back, its seats did not")
	}
	checkSeats(l)
}

// TestFault1_10_AnotherOrganiser: with another organiser's token nothing is stored, whatever the run was asked for, and
// the next run with the right one is ok by itself.
func TestFault1_10_AnotherOrganiser(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 100}))
	l.mustSync()
	own, others := l.api, testkit.Serve(t, simulator.NewWorld(simulator.WorldOptions{Seed: 6, Orders: 80, Events: 3,
		Account: 1}))
	count := "SELECT (SELECT count() FROM state_orders), (SELECT count() FROM state_events), " +
		"(SELECT count() FROM state_shows)," +
		" (SELECT count() FROM state_quarantine), (SELECT count() FROM state_promo_codes)"
	before := l.rows(count)
	for _, mode := range []pipeline.Mode{pipeline.ModeIncrement, pipeline.ModeReconcile, pipeline.ModeReread} {
		l.api = testkit.Client(t, others)
		report, err := l.sync(func(o *pipeline.Options) { o.Mode = mode })
		if !errors.Is(err, pipeline.ErrAccount) || report.Batch != 0 || report.ErrorClass != "account" {
			t.Errorf("%s: batch %d: %v", mode, report.Batch, err)
		}
		if diff := cmp.Diff(before, l.rows(count)); diff != "" {
			t.Errorf("%s: another organiser's rows are stored: %s", mode, diff)
		}
	}
	l.api = own
	if report := l.mustSync(); report.Status != ledger.OK {
		t.Errorf("with the right token again: status %s: %s", report.Status, report.Message)
	}
	checkFacts(l)
}

// TestFault1_10_NothingSoldYet: as long as no order is stored, the events prove whose account it is.
func TestFault1_10_NothingSoldYet(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Events: 4}))
	l.mustSync()
	others := testkit.Serve(t, simulator.NewWorld(simulator.WorldOptions{Seed: 6, Orders: 80, Events: 3, Account: 1}))
	own := l.api
	l.api = testkit.Client(t, others)
	if report, err := l.sync(); !errors.Is(err, pipeline.ErrAccount) || report.Batch != 0 {
		t.Errorf("batch %d: %v", report.Batch, err)
	}
	const count = "SELECT countIf(kind = 'order'), countIf(kind = 'event') FROM " +
		"(SELECT 'order' AS kind FROM state_orders UNION ALL SELECT 'event' FROM state_events FINAL)"
	if diff := cmp.Diff([][]any{{uint64(0), uint64(4)}}, l.rows(count)); diff != "" {
		t.Errorf("another organiser's rows are stored: %s", diff)
	}
	l.api = own
	l.soldOrder(2) // with an event that is new
	if report := l.mustSync(); report.Status != ledger.OK {
		t.Errorf("with the right token again: status %s: %s", report.Status, report.Message)
	}
	checkFacts(l)
}

// TestFault1_11_TotalForEverTooMany: paging.total is one too many for good. Nothing is published until a person accepts
// the difference; then loads go on, an alert stays open, and a greater difference stops them again.
func TestFault1_11_TotalForEverTooMany(t *testing.T) {
	t.Parallel()
	for _, filteredToo := range []bool{true, false} {
		const n = 2
		l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 5, Orders: 130,
			Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
		lie := func(n int64) {
			if filteredToo {
				l.server.SetFault(simulator.Fault{Kind: simulator.TotalLies, N: n, Path: "orders"})
			} else {
				l.api = testkit.Client(t, l.server, func(o *qtickets.Options) { o.Transport = lying(n) })
			}
		}
		lie(n)
		report, err := l.sync()
		if !errors.Is(err, qtickets.ErrIncomplete) || report.Batch != 0 || !strings.Contains(err.Error(), "--accept-losses") {
			t.Fatalf("batch %d: %v", report.Batch, err)
		}
		if report := l.mustSync(reconcile, accept); report.Status != ledger.OK || report.OrdersMissing != n {
			t.Fatalf("by a person's word: status %s, %d missing: %s", report.Status, report.OrdersMissing, report.Message)
		}
		checkFacts(l)
		l.world.Advance(time.Hour)
		if report := l.mustSync(); report.Status != ledger.OK || report.OrdersMissing != n {
			t.Errorf("later: status %s, %d missing: %s", report.Status, report.OrdersMissing, report.Message)
		} else if !report.Probe.UpdatedAt || len(report.Scans) == 0 || found(report, pipeline.ScanReconcile).Orders > 0 {
			t.Errorf("later: everything is read again: probe %+v, layers %+v", report.Probe, report.Scans)
		}
		checkFacts(l)
		lie(n + 1)
		if report, err := l.sync(); err == nil || report.Batch != 0 {
			t.Errorf("one more is missing: batch %d, status %s", report.Batch, report.Status)
		}
		l.server.ClearFaults()
		l.api = testkit.Client(t, l.server)
		if report := l.mustSync(); report.Status != ledger.OK || report.OrdersMissing != 0 {
			t.Errorf("the difference is gone: status %s, %d missing", report.Status, report.OrdersMissing)
		}
	}
}
