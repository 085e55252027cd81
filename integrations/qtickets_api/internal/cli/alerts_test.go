package cli_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// intoPublish begins a statement that publishes.
const intoPublish = "INSERT INTO publish (seq, batch, as_of, published_at, run_id) "

// guard is a shell whose alerts go to a Telegram, to a mailbox and to a dead-man's switch.
type guard struct {
	*shell
	telegram *testkit.Telegram
	mail     *testkit.Mail
	pings    *atomic.Int64
}

func newGuard(t *testing.T, seed int64) *guard {
	t.Helper()
	g := &guard{telegram: testkit.ServeTelegram(t), mail: testkit.ServeMail(t), pings: &atomic.Int64{}}
	ping := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { g.pings.Add(1) }))
	t.Cleanup(ping.Close)
	g.shell = newShell(t, smallWorld(seed), testkit.Database(t)).with(
		"ALERT_URLS", g.telegram.URL("-100")+" "+g.mail.URL("duty@example.test"), "ALERT_PING_URL", ping.URL+
			"/canary-of-the-ping",
		"ALERT_STATE_DIR", filepath.Join(t.TempDir(), "alerts"), "LANG", "ru_RU.UTF-8",
	)
	return g
}

// heard are the titles of the messages since the last call, which must be the same in both channels.
func (g *guard) heard() string {
	g.Helper()
	var written, posted []string
	for _, text := range g.telegram.Texts() {
		title, _, _ := strings.Cut(strings.TrimPrefix(text, "-100: QTickets zakaz: "), "\n")
		posted = append(posted, title)
	}
	for _, letter := range g.mail.Letters() {
		if letter.To != "duty@example.test" || !strings.Contains(letter.Body, "meta_alerts") {
			g.Errorf("%+v", letter)
		}
		written = append(written, strings.TrimPrefix(letter.Subject, "QTickets zakaz: "))
	}
	if strings.Join(posted, "|") != strings.Join(written, "|") {
		g.Errorf("Telegram heard %q, the mailbox %q", posted, written)
	}
	return strings.Join(posted, "|")
}

// evaluate runs the alerts twice: the second time nobody may hear anything.
func (g *guard) evaluate(code int, want string) outcome {
	g.Helper()
	out := g.must(code, "alerts")
	if got := g.heard(); got != want {
		g.Errorf("heard %q, want %q\n%s", got, want, out.text())
	}
	g.must(code, "alerts")
	if got := g.heard(); got != "" {
		g.Errorf("heard again: %q", got)
	}
	return out
}

// history is a rule's lines: those that ended, of all.
func (g *guard) history(rule string) string {
	g.Helper()
	return g.sql("SELECT count(ended_at), count(), count(told_at) FROM meta_alerts WHERE rule = '%s'", rule)
}

// TestAlerts makes each incident happen and pass: each is told once to both channels, and once its end.
func TestAlerts(t *testing.T) {
	t.Parallel()
	age := func(g *guard, days string) { // the ledger, as if time had passed
		g.sql(`INSERT INTO state_job_runs SELECT * REPLACE (version + 1 AS version, started_at - INTERVAL %[1]s AS started_at,
			heartbeat_at - INTERVAL %[1]s AS heartbeat_at, finished_at - INTERVAL %[1]s AS finished_at) FROM state_job_runs FINAL`, days)
	}
	for i, c := range []struct {
		rule, title string
		begin, end  func(g *guard)
	}{
		{"no_data", "нет свежих данных", func(g *guard) {
			g.sql(intoPublish + "SELECT seq + 1, batch, as_of - INTERVAL 121 MINUTE, published_at, run_id FROM publish " +
				"ORDER BY seq DESC LIMIT 1")
		}, func(g *guard) { g.must(0, "sync") }},
		{"failed_runs", "много неудачных загрузок", func(g *guard) {
			g.server.SetFault(simulator.Fault{Kind: simulator.TokenRotated})
			g.must(1, "sync")
			g.must(1, "sync")
			g.server.ClearFaults()
		}, func(g *guard) { age(g, "25 HOUR") }},
		{"dead_run", "загрузка прервалась", func(g *guard) {
			g.sql(`INSERT INTO state_job_runs (job, run_id, version, status, working, started_at, heartbeat_at, host, message)
				SELECT 'qtickets_api', '20260101T000000.000000000-KILLED', 1, 'running', 1, now64(3) - INTERVAL 20 MINUTE, now64(3) - INTERVAL 11 MINUTE, 'h', 'running'`)
			g.must(0, "sync") // declares it dead
		}, func(g *guard) { age(g, "61 MINUTE") }},
		{"quarantine", "в карантине есть строки, которые не удалось разобрать", func(g *guard) {
			g.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: g.server.World().Oracle().OrderIDs[1]})
			g.must(3, "sync", "--full")
		}, func(g *guard) { g.server.ClearFaults(); g.must(0, "quarantine", "retry") }},
		{"probe_change", "API QTickets отвечает не так, как раньше", func(g *guard) {
			g.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: 20})
			g.must(0, "sync")
		}, func(g *guard) { age(g, "3 HOUR") }},
		{"reconcile", "сверка нашла расхождения", func(g *guard) {
			g.must(0, "sync")
			refundOne(g)
			g.must(0, "reconcile")
		}, func(g *guard) { g.must(0, "reconcile") }},
		{"orders_drop", "заказов намного меньше обычного", func(g *guard) {
			g.sql(intoPublish + "SELECT seq + 1, batch, now64(3), now64(3), run_id FROM publish ORDER BY seq DESC LIMIT 1")
			for _, daysAgo := range []int{1, 7, 14, 21, 28} {
				sellAtMidnight(g, daysAgo)
			}
		}, func(g *guard) { sellAtMidnight(g, 0) }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t, int64(100+i))
			refundOne(g) // so that silent refunds are no news later
			g.must(0, "sync")
			g.evaluate(0, "")
			c.begin(g)
			out := g.evaluate(0, c.title)
			wantLine(t, out.stdout, "✗ "+c.rule, "")
			if got := g.history(c.rule); got != "0\t1\t1" {
				t.Errorf("the history holds ended, all, told: %q", got)
			}
			c.end(g)
			out = g.evaluate(0, "устранено: "+c.title)
			wantLine(t, out.stdout, "✓ "+c.rule, "")
			if got := g.history(c.rule); got != "1\t1\t1" {
				t.Errorf("the history holds ended, all, told: %q", got)
			}
			if n := g.pings.Load(); n != 6 {
				t.Errorf("the dead-man's switch was asked %d times in 6 evaluations", n)
			}
		})
	}
}

// refundOne refunds an order that is old enough to be known, without a trace in updated_at.
func refundOne(g *guard) {
	g.Helper()
	world := g.server.World()
	for _, id := range world.Oracle().OrderIDs {
		if world.Refund(id, nil, 0) == nil {
			return
		}
	}
	g.Fatal("no order of the world can be refunded")
}

func sellAtMidnight(g *guard, daysAgo int) {
	g.Helper()
	g.sql(`INSERT INTO state_orders (order_id, version, created_at, sale_ts)
		SELECT cityHash64(%[1]d, number), 1, now(), toStartOfDay(now('Europe/Moscow')) - INTERVAL %[1]d DAY FROM numbers(400)`, daysAgo)
}

// TestAlertsCannotCheck: silence of the watchman is told too, without ClickHouse, and the switch is not asked.
func TestAlertsCannotCheck(t *testing.T) {
	t.Parallel()
	for name, breaking := range map[string]struct{ begin, end func(g *guard) *guard }{
		"away": {
			func(g *guard) *guard { other := *g; other.shell = g.with("CLICKHOUSE_PORT", "1"); return &other },
			func(g *guard) *guard { return g },
		},
		"a rule that cannot be asked": {
			func(g *guard) *guard { g.sql("RENAME TABLE state_quarantine TO state_lost"); g.sql(decoy); return g },
			func(g *guard) *guard {
				g.sql("DROP TABLE state_quarantine SYNC")
				g.sql("RENAME TABLE state_lost TO state_quarantine")
				return g
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t, 120)
			g.must(0, "sync")
			g.sql(intoPublish + "SELECT seq + 1, batch, as_of - INTERVAL 3 HOUR, published_at, run_id FROM publish " +
				"ORDER BY seq DESC LIMIT 1")
			g.evaluate(0, "нет свежих данных")
			pings := g.pings.Load()
			out := breaking.begin(g).evaluate(1, "не удалось выполнить проверку")
			wantLine(t, out.stdout, "✗ cannot_check", "Не удалось проверить")
			if out.stderr == "" || g.pings.Load() != pings {
				t.Errorf("stderr %q, the switch was asked %d times", out.stderr, g.pings.Load()-pings)
			}
			breaking.end(g).evaluate(0, "устранено: не удалось выполнить проверку") // no_data goes on, and was told
			if got := g.history("cannot_check"); got != "1\t1\t1" {
				t.Errorf("the history holds ended, all, told: %q", got)
			}
		})
	}
}

// decoy is a table of that name in which the rule does not find its columns.
const decoy = "CREATE TABLE state_quarantine (a UInt8) ENGINE = MergeTree ORDER BY a"

// TestAlertsChannelOutOfOrder: the other channel hears everything once, this one later; the command fails
// meanwhile, and the switch is not asked.
func TestAlertsChannelOutOfOrder(t *testing.T) {
	t.Parallel()
	g := newGuard(t, 121)
	g.must(0, "sync")
	g.telegram.Break(true)
	g.sql(intoPublish + "SELECT seq + 1, batch, as_of - INTERVAL 3 HOUR, published_at, run_id FROM publish ORDER " +
		"BY seq DESC LIMIT 1")
	for range 2 {
		out := g.must(1, "alerts")
		if !strings.Contains(out.stderr, "отправка 1 telegram: HTTP 502") {
			t.Errorf("stderr: %s", out.stderr)
		}
	}
	if letters := g.mail.Letters(); len(letters) != 1 || len(g.telegram.Texts()) != 0 || g.pings.Load() != 0 {
		t.Errorf("letters: %+v, pings: %d", letters, g.pings.Load())
	}
	g.telegram.Break(false)
	g.must(0, "alerts")
	if texts := g.telegram.Texts(); len(texts) != 1 || len(g.mail.Letters()) != 0 {
		t.Errorf("texts: %q", texts)
	}
}

// TestAlertsQuietHours: what is not critical waits, the command does not fail for that.
func TestAlertsQuietHours(t *testing.T) {
	t.Parallel()
	g := newGuard(t, 122)
	g.must(0, "sync")
	g.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: 20})
	g.must(0, "sync")
	now := time.Now().UTC().Hour()
	night := *g
	night.shell = g.with("ALERT_QUIET_HOURS", hours(now+2, now+5)) // Moscow is three hours ahead
	out := night.evaluate(0, "")
	wantLine(t, out.stdout, "отложено до конца тихих часов: 2", "")
	g.evaluate(0, "API QTickets отвечает не так, как раньше")
}

func hours(from, to int) string {
	text, _ := json.Marshal([]int{from % 24, to % 24})
	return strings.NewReplacer("[", "", "]", "", ",", "-").Replace(string(text))
}

// TestAlertsTest says which address works.
func TestAlertsTest(t *testing.T) {
	t.Parallel()
	g := newGuard(t, 123)
	out := g.must(0, "alerts", "--test")
	for _, line := range []string{"✓ 1 telegram", "✓ 2 smtp", "✓ ping"} {
		wantLine(t, out.stdout, line, "")
	}
	if texts, letters := g.telegram.Texts(), g.mail.Letters(); len(texts) != 1 || len(letters) != 1 ||
		g.pings.Load() != 1 {
		t.Errorf("%q %v", texts, letters)
	}
	g.mail.Break(true)
	out = g.must(1, "alerts", "--test")
	wantLine(t, out.stdout, "✓ 1 telegram", "")
	wantLine(t, out.stdout, "✗ send to 2 smtp", "451")
}

// TestAlertsSettings: what is wrong with the configuration, and what happens where nobody is named.
func TestAlertsSettings(t *testing.T) {
	t.Parallel()
	g := newGuard(t, 124)
	nobody := g.with("ALERT_URLS", "", "LANG", "en_US.UTF-8")
	out := nobody.must(2, "alerts", "--test")
	for _, name := range []string{"ALERT_URLS ", "ALERT_URLS_FILE", "docs/alerts.md"} {
		if !strings.Contains(out.stderr, name) {
			t.Errorf("no %q in %q", name, out.stderr)
		}
	}
	g.must(0, "sync")
	out = nobody.must(0, "alerts")
	wantLine(t, out.stdout, "✓ no_data", "the data is fresh: complete as of")
	wantLine(t, out.stdout, "Nobody is told: ALERT_URLS is not set", "")
	for name, value := range map[string]string{"ALERT_URLS": "telegram://canary-secret@telegram?chats=1",
		"ALERT_QUIET_HOURS": "all night"} {
		if out := g.with(name, value).must(2, "alerts"); !strings.Contains(out.stderr, name) ||
			strings.Contains(out.text(), "canary") {
			t.Errorf("%s: %s", name, out.stderr)
		}
	}
	file := g.file("file", "not a folder")
	if out := g.with("ALERT_STATE_DIR", file).must(1, "alerts"); !strings.Contains(out.stderr, "ALERT_STATE_DIR") {
		t.Errorf("%s", out.stderr)
	}
	var report struct {
		Findings []struct{ Rule, Verdict string }
		Channels int
	}
	if err := json.Unmarshal([]byte(g.must(0, "alerts", "--json").stdout), &report); err != nil ||
		len(report.Findings) != len(warehouse.AlertRules)+1+len(alert.ShowRules) || report.Channels != 2 {
		t.Errorf("%v %+v", err, report)
	}
}

// TestAlertsOfShows: the organiser hears of a show, once and with its end, and the operator does not; with DIGEST_URLS
// in place of addresses of its own.
func TestAlertsOfShows(t *testing.T) {
	t.Parallel()
	g := newGuard(t, 125)
	organiser := testkit.ServeTelegram(t)
	g.shell = g.with("DIGEST_URLS", organiser.URL("7"))
	hear := func(want ...string) {
		t.Helper()
		g.evaluate(0, "")
		var said []string
		for _, text := range organiser.Texts() {
			title, _, _ := strings.Cut(strings.TrimPrefix(text, "7: QTickets zakaz: "), " — ")
			said = append(said, title)
		}
		if strings.Join(said, "|") != strings.Join(want, "|") {
			t.Errorf("heard %q, want %q", said, want)
		}
	}
	g.must(0, "sync")
	hear()
	show := g.sql("SELECT show_id FROM store_sales_dashboard WHERE cancelled = 0 AND tickets_left > 0 AND " +
		"start_at > now() + INTERVAL 1 DAY ORDER BY show_id LIMIT 1")
	change := func(what string) {
		g.sql("ALTER TABLE store_sales_dashboard UPDATE %s WHERE show_id = %s SETTINGS mutations_sync = 2", what, show)
	}
	change("tickets_left = 0")
	hear("мест больше нет")
	change("tickets_left = capacity - closed")
	hear("больше не так: мест больше нет")
	change("cancelled = 1")
	hear("показ изменён")
	if got := g.sql("SELECT count(), count(ended_at) FROM meta_alerts WHERE rule IN ('sold_out', 'show_changed') AND " +
		"isNotNull(told_at)"); got != "2\t2" {
		t.Errorf("the history holds of what was told all and ended: %q", got)
	}
}
