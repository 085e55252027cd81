package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/explain"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// busyWorld has all kinds of tickets on few days, those of today for certain.
func busyWorld(t *testing.T, seed int64) *simulator.World {
	t.Helper()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: seed, Orders: 120, HistoryDays: 3})
	rng := rand.New(rand.NewPCG(uint64(seed), 1))
	for range 60 {
		world.Step(rng)
	}
	inTenge, err := world.NewEvent(simulator.EventSpec{Currency: "KZT", Shows: []simulator.ShowSpec{{}}})
	if err != nil {
		t.Fatal(err)
	}
	sell := func(n simulator.NewOrder) int64 {
		id, err := world.CreateOrder(n)
		if err := errors.Join(err, world.Pay(id)); err != nil {
			t.Fatal(err)
		}
		return id
	}
	sell(simulator.NewOrder{Season: true})
	refunded := sell(simulator.NewOrder{EventID: inTenge, FullPrice: true, Tickets: 2})
	cancelled := sell(simulator.NewOrder{EventID: inTenge})
	if err := errors.Join(world.Refund(refunded, nil, 33333), world.Cancel(cancelled)); err != nil {
		t.Fatal(err)
	}
	return world
}

// TestExplain: each published number of each day is there with the tickets it is made of, and nobody's name.
func TestExplain(t *testing.T) {
	t.Parallel()
	world := busyWorld(t, 31)
	s := newShell(t, world, testkit.Database(t))
	run := s.syncJSON().RunID
	printed := ""
	for _, day := range strings.Fields(s.sql("SELECT DISTINCT sales_date FROM fact_qtickets_sales_daily UNION DISTINCT " +
		"SELECT refund_date FROM fact_qtickets_refunds_daily")) {
		out := s.must(0, "explain", day, "--all")
		printed += out.text()
		for _, part := range []string{"Published: batch ", run, "\n✓ The tickets add up to the published numbers.\n"} {
			if !strings.Contains(out.stdout, part) {
				t.Errorf("%s: no %q in\n%s", day, part, out.stdout)
			}
		}
		for fact := range strings.Lines(s.sql(`SELECT 'Event ' || toString(event_id) || ', show ' || toString(show_id) || ', ' || currency_id,
				'gross ' || toDecimalString(gross_revenue, 2) || ' ' || currency_id || ' − refunded '
					|| toDecimalString(refunded_revenue, 2) || ' ' || currency_id ||
				' = kept ' || toDecimalString(revenue, 2) || ' ' || currency_id
			FROM fact_qtickets_sales_daily WHERE sales_date = '%s'`, day)) {
			row, money, _ := strings.Cut(strings.TrimSpace(fact), "\t")
			if _, part, found := strings.Cut(out.stdout, "\n  "+row+"\n"); !found ||
				!strings.Contains(strings.Split(part, "  Event ")[0], money) {
				t.Errorf("%s: no row %q with %q in\n%s", day, row, money, out.stdout)
			}
		}
		for ticket := range strings.Lines(s.sql(`SELECT concat(toString(order_id), '  ', toString(ticket_id), '  ')
			FROM stg_qtickets_api_tickets_raw WHERE toDate(sale_ts) = '%s'`, day)) {
			if !strings.Contains(out.stdout, "\n  "+strings.TrimSuffix(ticket, "\n")) {
				t.Errorf("%s: ticket %q is not listed in\n%s", day, ticket, out.stdout)
			}
		}
		printed += s.must(0, "explain", day, "--json").text()
		russian := s.must(0, "explain", day, "--lang", "ru").text()
		if !strings.Contains(russian, "\n✓ Билеты сходятся с опубликованными числами.\n") {
			t.Errorf("%s: in Russian:\n%s", day, russian)
		}
		printed += russian
	}
	if strings.Contains(printed, "%!") {
		t.Errorf("a text does not fit its values:\n%s", printed)
	}
	for _, part := range []string{"cancelled without a refund", "отменён без возврата денег", "season ticket", "абонемент",
		"refunded", " RUB", " KZT"} {
		if !strings.Contains(printed, part) {
			t.Errorf("nothing of %q was printed", part)
		}
	}
	for _, mark := range newSearch(world).found([]byte(printed)) {
		t.Errorf("the output holds %q", mark)
	}
	if out := s.must(0, "explain", "2019-01-01"); out.stdout != "Nothing was sold or refunded on 2019-01-01.\n" {
		t.Errorf("an empty day: %q", out.stdout)
	}
}

// TestExplainUnpublishedChange: an order that changed and was not published is named, and the exit code says that
// the number is not the tickets'.
func TestExplainUnpublishedChange(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(32), testkit.Database(t))
	s.must(0, "sync")
	order, day, _ := strings.Cut(s.sql("SELECT order_id, toDate(sale_ts) FROM stg_qtickets_api_orders_raw WHERE "+
		"revenue > 0 LIMIT 1"), "\t")
	s.must(0, "explain", day)
	s.sql(`INSERT INTO state_orders SELECT * REPLACE (toUnixTimestamp64Nano(now64(9)) AS version,
		arrayMap(m -> toDecimal64(m + 1, 2), tickets.gross_revenue) AS "tickets.gross_revenue",
			arrayMap(m -> toDecimal64(m + 1, 2), tickets.revenue) AS "tickets.revenue",
		arrayMap(m -> toDecimal64(m + 1, 2), tickets.price) AS "tickets.price")
		FROM state_orders FINAL WHERE order_id = %s`, order)
	out := s.must(1, "explain", day)
	wantLine(t, out.stdout, "Orders of this day changed since the publication:", order)
	for _, part := range []string{"\n  ✗ tickets: ", "\n    published: ", "✗ The tickets do not add up",
		`"qtickets_api sync"`} {
		if !strings.Contains(out.stdout, part) {
			t.Errorf("no %q in\n%s", part, out.stdout)
		}
	}
	var e explain.Explanation
	if err := json.Unmarshal([]byte(s.must(1, "explain", day, "--json").stdout), &e); err != nil {
		t.Fatal(err)
	}
	if e.Ties || len(e.Changed) != 1 || fmt.Sprint(e.Changed[0]) != order || len(e.ChangedOther) != 0 {
		t.Errorf("as JSON: ties %v, changed %v %v, want order %s", e.Ties, e.Changed, e.ChangedOther, order)
	}
	s.must(0, "sync")
	s.must(0, "explain", day)
}

// TestExplainManyTickets: a long list is cut and says so, its sums are not.
func TestExplainManyTickets(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	s := newShell(t, smallWorld(33), testkit.Database(t))
	const byHand = `INSERT INTO state_orders (order_id, version, event_id, currency_id, created_at, sale_ts, tickets.ticket_id, tickets.show_id, tickets.state,
			tickets.counted, tickets.quantity, tickets.seat_id, tickets.price, tickets.discount, tickets.gross_revenue,
				tickets.refunded_amount,
			tickets.revenue, tickets.checked_at, tickets.deleted_at, tickets.refunded_at, run_id)
		WITH range(900001, 900251) AS ids, arrayMap(id -> toDecimal64('1.01', 2), ids) AS money,
			arrayMap(id -> toDecimal64(0, 2), ids) AS nothing,
			arrayMap(id -> CAST(NULL, 'Nullable(DateTime)'), ids) AS never
		SELECT 1, toUInt64(toUnixTimestamp64Nano(now64(9))), 7, 'RUB', '2020-01-01 12:00:00', '2020-01-01 12:00:00', ids,
			arrayMap(id -> 8, ids), arrayMap(id -> 'sold', ids),
			arrayMap(id -> 1, ids), arrayMap(id -> 1, ids), arrayMap(id -> '', ids), money, nothing, money, nothing, money, never, never, never, 'by hand'`
	s.sql(byHand)
	wantLine(t, s.must(1, "explain", "2020-01-01").stdout, "Nothing is published yet", "sync")
	s.must(0, "reconcile", "--accept-losses") // the box office knows nothing of what is stored
	wantLine(t, s.must(0, "explain", "2020-01-01").stdout, "Nothing", "")
	s.sql(byHand)
	s.must(3, "rebuild") // an order made by hand has no payload to derive it from
	out := s.must(0, "explain", "2020-01-01", "7", "8")
	if n := strings.Count(out.stdout, "\n  1      90"); n != 200 ||
		!strings.Contains(out.stdout, "\n  50 more tickets: --all lists them.\n") {
		t.Errorf("%d tickets listed, want 200 and a word about 50 more:\n%s", n, out.stdout)
	}
	wantLine(t, out.stdout, "✓ tickets sold 250 (free 0), orders 1,", "kept 252.50 RUB")
	wantLine(t, out.stdout, "by hand", "not in the run ledger")
	out = s.must(0, "explain", "2020-01-01", "--all")
	if n := strings.Count(out.stdout, "\n  1      90"); n != 250 || strings.Contains(out.stdout, "more tickets") {
		t.Errorf("--all: %d tickets listed, want 250", n)
	}
}

// TestExplainWrongUsage: each mistake is named with what to write.
func TestExplainWrongUsage(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(34), testkit.Database(t))
	for _, c := range []struct {
		arguments []string
		says      string
	}{
		{[]string{"explain"}, "<day>"},
		{[]string{"explain", "22.11.2026"}, "today or yesterday"},
		{[]string{"explain", "2026-02-30", "70001"}, "today or yesterday"},
		{[]string{"explain", "today", "Кубики"}, "event_id of fact_qtickets_sales_daily"},
		{[]string{"explain", "today", "0"}, "event_id of fact_qtickets_sales_daily"},
		{[]string{"explain", "today", "1;2"}, "event_id of fact_qtickets_sales_daily"},
		{[]string{"explain", "today", "70001", "1.5"}, "show_id of fact_qtickets_sales_daily"},
		{[]string{"explain", "today", "70001", "99999999999999999999"}, "show_id of fact_qtickets_sales_daily"},
		{[]string{"explain", "today", "1", "2", "3"}, "--help"},
		{[]string{"quarantine", "loose"}, "--help"},
	} {
		if out := s.run(c.arguments...); out.code != 2 || !strings.Contains(lastMessage(out.stderr), c.says) ||
			out.stdout != "" {
			t.Errorf("%q: exit code %d, want 2 and a message that says %q\n%s", c.arguments, out.code, c.says, out.text())
		}
	}
	out := s.as(embedded.Reader).must(1, "explain", "today")
	if !strings.Contains(lastMessage(out.stderr), "grants.sql") {
		t.Errorf("without the rights: %s", out.text())
	}
	for _, arguments := range [][]string{{"explain", "today"}, {"explain", "yesterday", "70001", "80001"}} {
		if out := s.must(0, arguments...); !strings.HasPrefix(out.stdout, "Nothing was sold or refunded on 20") {
			t.Errorf("%q in an empty database: %s", arguments, out.stdout)
		}
	}
}

// TestQuarantineList: empty, and with an order nobody can read.
func TestQuarantineList(t *testing.T) {
	t.Parallel()
	world := smallWorld(35)
	s := newShell(t, world, testkit.Database(t))
	if out := s.must(0, "quarantine"); out.stdout != "Quarantine is empty\n" {
		t.Errorf("%q", out.stdout)
	}
	if out := s.must(0, "quarantine", "--json"); out.stdout != "[]\n" {
		t.Errorf("%q", out.stdout)
	}
	order := world.Oracle().OrderIDs[3]
	s.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: order})
	s.must(3, "sync")
	out := s.must(0, "quarantine", "list")
	wantLine(t, out.stdout, fmt.Sprintf("orders  %d  20", order), "price")
	if lines := slices.Collect(strings.Lines(out.stdout)); len(lines) != 2 || !strings.HasPrefix(lines[0], "feed ") {
		t.Errorf("want a heading and one row:\n%s", out.stdout)
	}
	asJSON := s.must(0, "quarantine", "list", "--json")
	if marks := newSearch(world).found([]byte(out.text() + asJSON.text())); marks != nil {
		t.Errorf("the output holds %q", marks)
	}
	var quarantined []warehouse.Quarantined
	if err := json.Unmarshal([]byte(asJSON.stdout), &quarantined); err != nil {
		t.Fatal(err)
	}
	if len(quarantined) != 1 || quarantined[0].Feed != "orders" || quarantined[0].ID != uint64(order) ||
		quarantined[0].Reason == "" || quarantined[0].RunID == "" || quarantined[0].ReadAt.IsZero() {
		t.Errorf("as JSON: %+v", quarantined)
	}
}
