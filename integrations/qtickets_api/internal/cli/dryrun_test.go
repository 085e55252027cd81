package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// summary is the end of a dry run as step 5 of the deployment checklist prints it.
func summary(events, orders, tickets, shows int) string {
	return fmt.Sprintf("[qtickets_api] Dry-run complete:\n  Events: %d\n  Orders: %d\n  Sales rows: %d\n  Inventory "+
		"shows processed: %d\n",
		events, orders, tickets, shows)
}

// seatsAsked is how many shows a run asked the seats of.
func seatsAsked(s *shell) int { return s.server.Counters().Path("shows/{id}/seats") }

// wantLog demands the two lines that step 5 of the deployment checklist looks for.
func wantLog(t *testing.T, stderr string, orders, tickets int) {
	t.Helper()
	seen := map[string]bool{}
	for line := range strings.Lines(stderr) {
		var entry struct {
			Msg            string
			Path           string
			Status, Orders int
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Errorf("a log line is not JSON: %s", line)
			continue
		}
		if entry.Msg == "Fetched orders from QTickets API via GET" && entry.Path == "/orders" && entry.Status == 200 &&
			entry.Orders == orders {
			seen["fetched"] = true
		}
		if entry.Msg == fmt.Sprintf("Transformed %d sales rows", tickets) {
			seen["transformed"] = true
		}
	}
	if !seen["fetched"] || !seen["transformed"] {
		t.Errorf("the log does not tell of %d orders fetched with status 200 and %d rows transformed:\n%s", orders, tickets,
			stderr)
	}
}

// TestDryRunWithoutClickHouse counts the whole box office, and with --since-hours its last hours, and says so
// word for word; what it cannot reach it only warns of.
func TestDryRunWithoutClickHouse(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{
		Seed: 11, Orders: 400, HistoryDays: 20,
		Now: time.Now().Add(-time.Hour), // its nightly changes are whole days before that, not at the edge of a window
	})
	absent := newShell(t, world, testkit.EmptyDatabase(t)).with("CLICKHOUSE_HOST", "", "CLICKHOUSE_PORT", "",
		"CLICKHOUSE_PASSWORD", "")
	oracle := world.Oracle()
	cases := []struct {
		name      string
		shell     *shell
		arguments []string
		warns     bool
	}{
		{"no server named", absent, []string{"sync", "--dry-run"}, false},
		{"last 24 hours, as in the checklist", absent, []string{"--since-hours", "24", "--dry-run"}, false},
		{"server away", absent.with("CLICKHOUSE_HOST", "127.0.0.1", "CLICKHOUSE_PORT", closedPort(t)), []string{"--dry-run"},
			true},
		{"no schema", absent.with(variables(checklist(absent.server, absent.db))...), []string{"--dry-run"}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.shell.server.ResetCounters()
			began := time.Now()
			out := c.shell.must(0, c.arguments...)
			shows := seatsAsked(c.shell)
			orders, tickets := len(oracle.OrderIDs), len(oracle.TicketIDs)
			if slices.Contains(c.arguments, "24") {
				orders, tickets = changedSince(t, c.shell, windowOf(t, out.stderr, began))
			}
			if want := summary(len(oracle.EventIDs), orders, tickets, shows); out.stdout != want || shows == 0 {
				t.Errorf("the summary (-want +got):\n%s", cmp.Diff(want, out.stdout))
			}
			wantLog(t, out.stderr, orders, tickets)
			if warned := strings.Contains(out.stderr,
				`"level":"WARN","msg":"No comparison with ClickHouse"`); warned != c.warns {
				t.Errorf("a warning that ClickHouse is away: %v, want %v\n%s", warned, c.warns, out.stderr)
			}
		})
	}
}

func variables(env map[string]string) []string {
	var all []string
	for name, value := range env {
		all = append(all, name, value)
	}
	return all
}

// windowOf is the moment since which a run asked for changes, of which the API knows the second. It has to
// be 24 hours before a moment between the start of the run and now.
func windowOf(t *testing.T, stderr string, began time.Time) time.Time {
	t.Helper()
	var entry struct {
		Msg   string
		Since time.Time `json:"window_since"`
	}
	for line := range strings.Lines(stderr) {
		if err := json.Unmarshal([]byte(line), &entry); err == nil && entry.Msg == "Started" {
			break
		}
	}
	const asked = 24 * time.Hour
	if earliest := began.Add(-asked).Truncate(time.Second); entry.Since.Before(earliest) ||
		entry.Since.After(time.Now().Add(-asked)) {
		t.Fatalf("the run asked for changes since %s", entry.Since)
	}
	return entry.Since.Truncate(time.Second)
}

// changedSince counts orders and tickets of a window the slow way: from the list of all of them.
func changedSince(t *testing.T, s *shell, since time.Time) (orders, tickets int) {
	t.Helper()
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: 100}
	for page, err := range qtickets.Pages(t.Context(), testkit.Client(t, s.server).Orders, q, 1, 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Rows {
			if !o.CreatedAt.Value.Before(since) || !o.UpdatedAt.Value.Before(since) {
				orders++
				tickets += len(o.Baskets)
			}
		}
	}
	if orders == 0 {
		t.Fatalf("no orders since %s", since)
	}
	return orders, tickets
}

// TestDryRunShowsTheDifference: before the first run, and again after more sales and refunds, it prints per
// day and event what is published and what would be, as the box office knows it, and writes nothing. A real
// run then does just that.
func TestDryRunShowsTheDifference(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 12, Orders: 200, Events: 5,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	s := newShell(t, world, testkit.Database(t))
	checkDifference(s, nil)
	s.must(0, "sync")
	before := daysOf(world.Oracle())
	for i, old := range world.Oracle().OrderIDs { // what a dry run can find: tickets deleted alone move no updated_at
		if i%4 == 0 {
			_ = world.Refund(old, nil, simulator.FullAmount) // those that were not paid cannot be
		}
	}
	for range 20 {
		id, err := world.CreateOrder(simulator.NewOrder{Tickets: 2})
		if err == nil {
			err = world.Pay(id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	checkDifference(s, before)
	s.must(0, "sync")
	if out := s.must(0, "--dry-run"); !strings.HasPrefix(out.stdout, "[qtickets_api] Dry-run complete:") {
		t.Errorf("a difference is left after the run:\n%s", out.stdout)
	}
}

// checkDifference does a dry run where published is what readers see.
func checkDifference(s *shell, published map[cell]total) {
	s.Helper()
	want := changesBetween(published, daysOf(s.server.World().Oracle()))
	if len(want) < 5 {
		s.Fatalf("only %d changes to look for", len(want))
	}
	stored := s.contents()
	out := s.must(0, "--dry-run")
	table, rest, _ := strings.Cut(out.stdout, "[qtickets_api]")
	if diff := cmp.Diff(want, changesPrinted(table)); diff != "" {
		s.Errorf("the difference (-want +printed):\n%s", diff)
	}
	if lines := strings.Split("[qtickets_api]"+rest, "\n"); len(lines) != 6 ||
		lines[0] != "[qtickets_api] Dry-run complete:" || lines[5] != "" {
		s.Errorf("the output does not end with the summary:\n%s", out.stdout)
	}
	if diff := cmp.Diff(stored, s.contents()); diff != "" {
		s.Errorf("a dry run changed rows and checksums of tables (-before +after):\n%s", diff)
	}
}

// cell is a day of an event in one currency; total what was sold of it.
type cell struct {
	day, event, currency string
}

type total struct {
	tickets int
	kopecks int64
}

func (s total) String() string {
	return fmt.Sprintf("%d %d.%02d", s.tickets, s.kopecks/100, s.kopecks%100)
}

func daysOf(o simulator.Oracle) map[cell]total {
	days := map[cell]total{}
	for key, sold := range o.SalesDaily {
		c := cell{key.Day, fmt.Sprint(key.EventID), key.Currency}
		days[c] = total{days[c].tickets + sold.TicketsSold, days[c].kopecks + sold.Revenue}
	}
	return days
}

// changesBetween are the lines a dry run should print, blanks folded.
func changesBetween(before, after map[cell]total) []string {
	cells := map[cell]bool{}
	for c := range before {
		cells[c] = true
	}
	for c := range after {
		cells[c] = true
	}
	var lines []string
	for c := range cells {
		if before[c] != after[c] {
			lines = append(lines, fmt.Sprint(c.day, " ", c.event, " ", c.currency, " ", before[c], " ", after[c]))
		}
	}
	slices.Sort(lines)
	return lines
}

func changesPrinted(table string) []string {
	var lines []string
	for line := range strings.Lines(table) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "day" {
			lines = append(lines, strings.Join(fields, " "))
		}
	}
	return lines
}

// TestDryRunFails: zeros are not a success.
func TestDryRunFails(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(13), testkit.EmptyDatabase(t)).with("CLICKHOUSE_HOST", "")
	s.server.SetFault(simulator.Fault{Kind: simulator.TokenRotated, Path: "orders"})
	out := s.must(1, "--dry-run")
	if out.stdout != "" || !strings.Contains(out.stderr, "QTICKETS_TOKEN") {
		t.Errorf("a dry run that was refused says:\n%s", out.text())
	}
}
