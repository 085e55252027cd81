package pipeline_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
	"dashboard-mvp/integrations/qtickets_api/internal/webhook"
)

// announce notes that orders were announced, as the receiver does.
func (l *lab) announce(ids ...int64) {
	l.Helper()
	var delivered []warehouse.Webhook
	for _, id := range ids {
		delivered = append(delivered, warehouse.Webhook{ID: fmt.Sprint("of ", id), Type: "updated", OrderID: uint64(id),
			ReceivedAt: time.Now()})
	}
	if _, err := l.db.SaveWebhooks(l.Context(), delivered); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) webhooks() (*pipeline.Report, error) {
	l.Helper()
	return pipeline.Webhooks(l.Context(), l.api, l.db, pipeline.RunInfo{Org: "test"},
		pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)})
}

func (l *lab) mustWebhooks() *pipeline.Report {
	l.Helper()
	report, err := l.webhooks()
	if err != nil || report == nil {
		l.Fatal("webhooks: ", report, err)
	}
	return report
}

// waiting are the orders whose webhooks are pending.
func (l *lab) waiting() int {
	l.Helper()
	pending, err := l.db.PendingWebhooks(l.Context(), 10_000)
	if err != nil {
		l.Fatal(err)
	}
	return len(pending)
}

func (l *lab) publication() *warehouse.Publication {
	l.Helper()
	p, err := l.db.LastPublication(l.Context())
	if err != nil || p == nil {
		l.Fatal("last publication: ", p, err)
	}
	return p
}

// sell makes n paid orders.
func (l *lab) sell(n int) (ids []int64) {
	l.Helper()
	for range n {
		id, err := l.world.CreateOrder(simulator.NewOrder{Tickets: 1})
		if err == nil {
			err = l.world.Pay(id)
		}
		if err != nil {
			l.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// TestWebhookRun: an announced change that no list shows is published with one request, under the moment of the load
// before; the same webhook again costs its request and nothing else; the next load finds nothing.
func TestWebhookRun(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(200))
	l.mustSync()
	before := l.publication()
	ids := l.world.Oracle().OrderIDs
	refunded := ids[slices.IndexFunc(ids,
		func(id int64) bool { return l.world.Refund(id, nil, simulator.FullAmount) == nil })]
	l.announce(refunded)
	report := l.mustWebhooks()
	if report.Mode != "webhook" || report.APIRequests != 1 || report.Batch == 0 || found(report, "webhook").Changed != 1 ||
		len(report.Webhooks) != 1 {
		t.Errorf("report %+v", report)
	}
	after := l.publication()
	if !after.AsOf.Equal(before.AsOf) || after.Batch == before.Batch {
		t.Errorf("publication %+v after %+v: the moment must stay, the batch must not", after, before)
	}
	checkFacts(l)
	if none, err := l.webhooks(); none != nil || err != nil {
		t.Errorf("without a pending webhook: %v, %v", none, err)
	}
	l.announce(refunded)
	if again := l.mustWebhooks(); again.Batch != 0 || again.RowsInserted != 0 || again.APIRequests != 1 ||
		again.Status != ledger.OK {
		t.Errorf("the same webhook again: %+v", again)
	}
	if next := l.mustSync(); next.Feeds["orders"].Inserted != 0 || next.Mode != "increment" {
		t.Errorf("the next load wrote orders: %+v in mode %s", next.Feeds["orders"], next.Mode)
	}
	checkFacts(l)
}

// TestWebhookBurst: of a burst a start of sales is read by pages of no more rows than are wanted, what is older one by
// one; where the order is not honoured, all of it one by one.
func TestWebhookBurst(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after simulator.FaultKind // since before the last load, and since after it
		new           int                 // orders of the burst, besides two old ones
		requests      int64
		orders        int // read
	}{
		"few":           {requests: 2, orders: 2},
		"many":          {new: 60, requests: 3, orders: 64},
		"over a page":   {new: 119, requests: 5, orders: 202},
		"in brackets":   {before: simulator.BodyStripped, new: 60, requests: 3, orders: 64},
		"capped pages":  {before: simulator.PerPageCapped, new: 60, requests: 5, orders: 102},
		"few, no sets":  {before: simulator.RangeIgnored, requests: 2, orders: 2},
		"many, no sets": {before: simulator.RangeRefused, new: 60, requests: 3, orders: 64},
		"no order":      {before: simulator.OrderIgnored, after: simulator.FilterIgnored, new: 8, requests: 11, orders: 10},
		"no longer":     {after: simulator.RangeIgnored, new: 8, requests: 3, orders: 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 8, Orders: 300,
				Refunds: simulator.RefundRules{MovesUpdatedAt: true}}))
			if c.before != "" {
				l.server.SetFault(simulator.Fault{Kind: c.before})
			}
			l.mustSync()
			if c.after != "" {
				l.server.SetFault(simulator.Fault{Kind: c.after})
			}
			old := l.world.Oracle().OrderIDs[:2]
			l.announce(append(l.sell(c.new), old...)...)
			report := l.mustWebhooks()
			if read := found(report, "webhook"); report.APIRequests != c.requests || read.Orders != c.orders ||
				read.New != c.new {
				t.Errorf("%d requests (want %d), %+v (want %d orders)", report.APIRequests, c.requests, read, c.orders)
			}
			checkFacts(l)
		})
	}
}

// TestWebhookOfAMissingOrder: an order that never was is nothing; one that is gone counts no more; many that are gone
// stop the publication, and their webhooks wait.
func TestWebhookOfAMissingOrder(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(100))
	l.mustSync()
	l.announce(999)
	if report := l.mustWebhooks(); report.Status != ledger.OK || report.Batch != 0 || l.waiting() != 0 {
		t.Errorf("an unknown order: %+v, %d wait", report, l.waiting())
	}
	ids := l.world.Oracle().OrderIDs
	if err := l.world.Vanish(ids[0]); err != nil {
		t.Fatal(err)
	}
	l.announce(ids[0])
	if report := l.mustWebhooks(); found(report, "webhook").Vanished != 1 || report.Batch == 0 {
		t.Errorf("a vanished order: %+v", report)
	}
	checkFacts(l)
	before := l.publication()
	for _, id := range ids[1:50] {
		if err := l.world.Vanish(id); err != nil {
			t.Fatal(err)
		}
	}
	l.announce(ids[1:50]...)
	if _, err := l.webhooks(); !errors.Is(err, pipeline.ErrLosses) {
		t.Errorf("half of all orders gone: %v", err)
	}
	if l.waiting() != 49 || l.publication().Batch != before.Batch {
		t.Errorf("%d webhooks wait, batch %d after %d", l.waiting(), l.publication().Batch, before.Batch)
	}
}

// TestWebhookOfAnOrderInQuarantine: what cannot be understood is put there and said; the others are published.
func TestWebhookOfAnOrderInQuarantine(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(60))
	l.mustSync()
	ids := l.sell(2)
	l.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: ids[0]})
	l.announce(ids...)
	report := l.mustWebhooks()
	if report.Status != ledger.Partial || report.Quarantined != 1 || report.Batch == 0 || l.waiting() != 0 {
		t.Errorf("%+v, %d wait", report, l.waiting())
	}
	checkFacts(l, ids[0])
	requests := l.server.Counters().Total
	l.announce(ids[1])
	if report = l.mustWebhooks(); report.Status != ledger.Partial || l.server.Counters().Total-requests != 1 {
		t.Errorf("with an older row in quarantine: %+v", report)
	}
	l.server.ClearFaults()
	l.announce(ids[0])
	if report = l.mustWebhooks(); report.Status != ledger.OK {
		t.Errorf("%+v", report)
	}
	checkFacts(l)
}

// TestWebhooksWaitForALoad: without a complete load nothing is read, nothing published and no line written; a run
// of webhooks that died is no load.
func TestWebhooksWaitForALoad(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(60))
	lines := func() uint64 { return l.rows("SELECT count() FROM meta_job_runs")[0][0].(uint64) }
	refused := func(when string) {
		t.Helper()
		n := lines()
		if _, err := l.webhooks(); !errors.Is(err, pipeline.ErrWaitForLoad) || lines() != n || l.waiting() != 1 {
			t.Errorf("%s: %v, %d new lines, %d wait", when, err, lines()-n, l.waiting())
		}
	}
	l.announce(l.world.Oracle().OrderIDs[0])
	refused("before the first load")
	l.mustSync()
	l.mustWebhooks()

	l.server.SetFault(simulator.Fault{Kind: simulator.HTMLPage, Path: "orders", N: 1000})
	if _, err := l.sync(); err == nil {
		t.Fatal("the load did not fail")
	}
	l.server.ClearFaults()
	l.announce(l.sell(1)[0])
	refused("after a failed load")
	l.mustSync()
	l.mustWebhooks()

	// The last line of the load is lost: what it published proves that it was complete.
	l.exec("INSERT INTO state_job_runs SELECT * REPLACE (0 AS orders_complete, 'failed' AS status, 'dead' AS " +
		"error_class, '' AS mode, version + 1 AS version) FROM state_job_runs FINAL WHERE mode IN ('backfill', 'increment')")
	l.announce(l.sell(1)[0])
	l.mustWebhooks()

	dead := ledger.Run{ID: "9", Status: ledger.Running, Working: true, Mode: "webhook",
		StartedAt: time.Now().Add(-time.Hour), Process: "- - - -"}
	if err := ledger.New(l.db).Save(t.Context(), dead); err != nil {
		t.Fatal(err)
	}
	l.exec("INSERT INTO state_job_runs SELECT * REPLACE (now64(3) - INTERVAL 1 HOUR AS heartbeat_at, version + 1 AS " +
		"version) FROM state_job_runs FINAL WHERE run_id = '9'")
	l.announce(l.sell(1)[0])
	if report := l.mustWebhooks(); report.Batch == 0 {
		t.Errorf("after a dead run of webhooks: %+v", report)
	}
	const ended = "SELECT toString(mode), toString(error_class) FROM meta_job_runs WHERE run_id = '9'"
	if row := l.rows(ended)[0]; row[0] != "webhook" || row[1] != "dead" {
		t.Errorf("the dead run: %v", row)
	}
	checkFacts(l)
}

// TestWebhooksSurviveFailures: what could not be read or published waits and is done later, once.
func TestWebhooksSurviveFailures(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(60))
	l.mustSync()
	l.announce(l.sell(3)...)
	l.server.SetFault(simulator.Fault{Kind: simulator.Unavailable, N: 1000})
	if report, err := l.webhooks(); err == nil || report.Status != ledger.Failed || qtickets.Class(err) == "other" {
		t.Errorf("with QTickets away: %+v, %v", report, err)
	}
	if l.waiting() != 3 {
		t.Errorf("%d webhooks wait, want 3", l.waiting())
	}
	l.server.ClearFaults()
	before := l.publication()
	l.exec("ALTER TABLE store_sales_daily ADD CONSTRAINT closed CHECK batch = 0")
	if _, err := l.webhooks(); err == nil || l.waiting() != 3 || l.publication().Batch != before.Batch {
		t.Errorf("a publication that fails: %v, %d wait", err, l.waiting())
	}
	l.exec("ALTER TABLE store_sales_daily DROP CONSTRAINT closed")
	if report := l.mustWebhooks(); report.RowsInserted != 0 || report.Batch == 0 || l.waiting() != 0 {
		t.Errorf("what was written and not published: %+v, %d wait", report, l.waiting())
	}
	checkFacts(l)
}

// TestLedgerOfWebhooksLeaves: every line of such a run says from the first one on what it is, so that a week later
// all of them go, and none of a load.
func TestLedgerOfWebhooksLeaves(t *testing.T) {
	t.Parallel()
	l := newLab(t, silent(60))
	l.stopMerges()
	l.mustSync()
	l.announce(l.sell(1)[0])
	report := l.mustWebhooks()
	modes := l.rows("SELECT toString(mode), count() FROM state_job_runs WHERE run_id = ? GROUP BY mode", report.RunID)
	if len(modes) != 1 || modes[0][0] != "webhook" || modes[0][1].(uint64) < 3 {
		t.Errorf("lines of the run by mode: %v", modes)
	}
	l.exec("OPTIMIZE TABLE state_job_runs FINAL",
		"ALTER TABLE state_job_runs RESET SETTING max_bytes_to_merge_at_max_space_in_pool, "+
			"max_bytes_to_merge_at_min_space_in_pool",
		"INSERT INTO state_job_runs SELECT * REPLACE (started_at - INTERVAL 8 DAY AS started_at, concat('old-', run_id) "+
			"AS run_id) FROM state_job_runs")
	left := l.rows("SELECT toString(mode), startsWith(run_id, 'old-') AS old FROM meta_job_runs ORDER BY mode, old")
	if got := fmt.Sprint(left); got != "[[backfill 0] [backfill 1] [webhook 0]]" {
		t.Errorf("lines left after a week: %s", got)
	}
}

// TestDayOfWebhooks: a day in which a third of the webhooks is lost, a quarter comes twice and all that is due together
// comes in the wrong order. After every load the facts are those of the box office; without losses after every run.
func TestDayOfWebhooks(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	for name, o := range map[string]simulator.WebhookOptions{
		"lossy":    {LoseEvery: 3, DuplicateEvery: 4, Reversed: true, UnknownEvery: 5, Trimmed: true},
		"complete": {DuplicateEvery: 3, Reversed: true, ForgeEvery: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 41, Orders: 300,
				Refunds: simulator.RefundRules{MovesUpdatedAt: o.LoseEvery > 0}}))
			l.mustSync()
			l.playDay(o)
		})
	}
}

// playDay plays a day: a webhook run every two hours, a load every six.
func (l *lab) playDay(o simulator.WebhookOptions) {
	l.Helper()
	receiver := webhook.New(webhook.Options{Secret: "secret", Save: l.db.SaveWebhooks,
		Logger: slog.New(slog.DiscardHandler)})
	endpoint := httptest.NewServer(receiver)
	defer receiver.Close()
	defer endpoint.Close()
	o.URL, o.Secret = endpoint.URL, "secret"
	hooks := simulator.NewWebhooks(l.world, o)
	rng := newRand(41)
	var report simulator.WebhookReport
	var byLoads, moved int // moved: tickets, of which no webhook says anything, neither of the old order nor of the new
	for round := range 12 {
		for range 30 {
			if strings.HasPrefix(l.world.Step(rng), "move ticket") {
				moved++
			}
		}
		l.world.Advance(2 * time.Hour)
		report = hooks.Deliver(l.Context())
		if _, err := l.webhooks(); err != nil {
			l.Fatal(err)
		}
		if o.LoseEvery == 0 {
			checkFacts(l)
		}
		if round%3 == 2 {
			for _, layer := range l.mustSync().Scans {
				byLoads += layer.New + layer.Changed
			}
			checkFacts(l)
		}
	}
	l.checkDay(o, report, byLoads, moved)
}

// checkDay compares what is told of the webhooks with what was sent.
func (l *lab) checkDay(o simulator.WebhookOptions, report simulator.WebhookReport, byLoads, moved int) {
	l.Helper()
	r := l.rows("SELECT toInt64(sum(deliveries)), toInt64(sum(pending)), toInt64(sum(orders_missed)), " +
		"toInt64(sum(webhooks)) FROM meta_webhook_days")[0]
	deliveries, pending, missed, distinct := int(r[0].(int64)), int(r[1].(int64)), int(r[2].(int64)), int(r[3].(int64))
	if deliveries != report.Delivered || pending != 0 || report.Delivered < 100 || distinct >= deliveries {
		l.Errorf("%d deliveries of %d webhooks, %d pending; sent: %+v", deliveries, distinct, pending, report)
	}
	if o.LoseEvery > 0 && (missed == 0 || missed > byLoads || report.Lost < 30) {
		l.Errorf("%d orders missed by webhooks, the loads found %d changes, %d webhooks were lost", missed, byLoads,
			report.Lost)
	}
	if o.LoseEvery == 0 && missed > 2*moved {
		l.Errorf("%d orders are said to be missed, though no webhook was lost and %d tickets were moved", missed, moved)
	}
	if seen := l.rows("SELECT arrayStringConcat(arraySort(groupUniqArray(toString(event_type))), ' ') FROM " +
		"meta_webhooks")[0][0].(string); !strings.Contains(seen, "payed") || (o.UnknownEvery > 0) != strings.Contains(seen,
		"other") {
		l.Errorf("types %q", seen)
	}
	testkit.CheckFacts(l, l.config, l.world)
}
