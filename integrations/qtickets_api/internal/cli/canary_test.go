package cli_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestNoPersonalData lets the loader meet invented people in every way it has (all kinds of runs, good and
// failing, with a log of everything) and then looks for them in all that it left: output, every column of
// every table and view, and the files of the engine.
func TestNoPersonalData(t *testing.T) {
	testkit.Long(t)
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{
		Seed: 21, Orders: 300, MailInCampaign: true, Refunds: simulator.RefundRules{MovesUpdatedAt: true},
	})
	s := newShell(t, world, testkit.Database(t)).with("QTICKETS_BUYER_KEY", "key of this installation")
	search := newSearch(world)
	if absent := missing(ordersResponse(s)); len(absent) > 0 {
		t.Fatalf("the box office gives no %q, so its absence elsewhere would prove nothing", absent)
	}

	printed := meetPeople(s)
	for _, mark := range search.found([]byte(printed)) {
		t.Errorf("the output holds %q", mark)
	}
	if at := strings.IndexFunc(printed, steers); at >= 0 {
		t.Errorf("the output may steer a terminal: %q", printed[max(at-60, 0):min(at+60, len(printed))])
	}
	for table, marks := range searchTables(s, search) {
		t.Errorf("table or view %s holds %q", table, marks)
	}
	for file, marks := range searchFiles(s, search) {
		t.Errorf("the engine's file %s holds %q", file, marks)
	}
	provePlanted(s, search)
}

// meetPeople does every kind of run and returns all that they printed.
func meetPeople(s *shell) string {
	s.Helper()
	var printed strings.Builder
	run := func(code int, arguments ...string) {
		s.Helper()
		printed.WriteString(s.must(code, arguments...).text())
	}
	world := s.server.World()
	run(0, "--dry-run")
	run(0, "sync")
	rng := rand.New(rand.NewPCG(21, 21))
	for range 80 {
		world.Step(rng)
	}
	run(0, "--since-hours", "24", "--dry-run")
	run(0, "sync", "--json")
	// Answers of a shape nobody promised: personal data sits where it was not expected.
	s.server.SetFault(simulator.Fault{Kind: simulator.UnknownFields}, simulator.Fault{Kind: simulator.CustomObject},
		simulator.Fault{Kind: simulator.IntsAsStrings}, simulator.Fault{Kind: simulator.NameMaps})
	run(0, "sync", "--full", "--json")
	s.server.ClearFaults()
	orders := world.Oracle().OrderIDs
	s.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: orders[1]}, simulator.Fault{Kind: simulator.NaiveTime,
		N: orders[2]})
	run(3, "sync", "--full", "--json")
	s.server.ClearFaults()
	printed.WriteString(meetPeopleInTexts(s))
	for _, fault := range []simulator.Fault{
		{Kind: simulator.CutJSON, Path: "orders"}, {Kind: simulator.HTMLPage, Path: "orders"}, {Kind: simulator.TokenRotated},
	} {
		s.server.SetFault(fault)
		run(1, "sync", "--full", "--json")
		s.server.ClearFaults()
	}
	run(1, "check") // the last run failed
	run(0, "sync")
	run(0, "check", "--json")
	printed.WriteString(meetWebhooks(s))
	return printed.String()
}

// meetPeopleInTexts reads a box office where a person stands in every free text and in keys of the JSON, in spellings
// and encodings of all kinds, and lets the operator look at what came of it.
func meetPeopleInTexts(s *shell) string {
	s.Helper()
	s.server.SetFault(simulator.Fault{Kind: simulator.PersonalTexts}, simulator.Fault{Kind: simulator.PersonalKeys},
		simulator.Fault{Kind: simulator.BadBytes})
	defer s.server.ClearFaults()
	printed := s.must(3, "sync", "--full").text()
	for _, arguments := range [][]string{{"quarantine", "list"}, {"quarantine", "list", "--json"}, {"quarantine", "retry"},
		{"explain", "yesterday", "--all"}, {"forecast"}, {"alerts"}, {"doctor"}, {"contract"},
		{"contract", "--json"}, {"plan", "list"}, {"digest", "--dry-run"},
		{"reconcile"}} {
		printed += s.run(arguments...).text()
	}
	return printed
}

// meetWebhooks lets serve take whole orders, rightly and wrongly signed, cut and of types nobody promised, and has
// people look at the page under addresses that name them. It returns what serve printed and told machines.
func meetWebhooks(s *shell) string {
	s.Helper()
	l := s.live().serve()
	world := s.server.World()
	hooks := l.webhooks(simulator.WebhookOptions{ForgeEvery: 3, UnknownEvery: 4, DuplicateEvery: 5})
	rng := rand.New(rand.NewPCG(22, 22))
	for range 40 {
		world.Step(rng)
	}
	world.Advance(time.Second)
	if report := hooks.Deliver(s.Context()); report.Delivered < 10 || report.Pending < 5 {
		s.Fatalf("%+v", report)
	}
	orders := ordersResponse(s)
	canary := world.Canaries()[0]
	for _, body := range [][]byte{orders, orders[:len(orders)/2], []byte(strconv.Quote(canary))} {
		r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, l.url+"webhooks/qtickets?mail=canary@example.test",
			bytes.NewReader(body))
		if err != nil {
			s.Fatal(err)
		}
		r.Header.Set("X-Event-Type", "canary@example.test")
		r.Header.Set("User-Agent", "canary@example.test")
		for _, signature := range []string{simulator.Sign(webhookSecret, body), "canary@example.test", ""} {
			r.Header.Set("X-Signature", signature)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if _, reply := do(s, r); strings.Contains(reply, "canary") {
				s.Errorf("a webhook is answered with %q", reply)
			}
		}
	}
	wait(s, "the webhooks are handled", func() bool { return l.pending() == "0" })
	for _, path := range []string{"canary@example.test", "?utm=canary@example.test"} {
		l.get(path, "User-Agent", "canary@example.test", "Referer", "https://canary.example.test/")
	}
	_, ready := l.get("readyz")
	_, figures := l.get("metrics")
	l.stop()
	if !strings.Contains(figures, `qtickets_webhook_events_total{type="other"}`) ||
		!strings.Contains(l.stderr.String(), "forged") {
		s.Errorf("the webhooks were not met:\n%s\n%s", figures, l.stderr)
	}
	return l.stdout.String() + l.stderr.String() + ready + figures
}

// ordersResponse is what the box office says of its orders, as text.
func ordersResponse(s *shell) []byte {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.server.URL()+"/orders?perPage=500", nil)
	if err != nil {
		s.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.server.Token())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		s.Fatalf("status %d, error %v", response.StatusCode, err)
	}
	return text
}

// mark is a text that gives a person away, in any of the spellings that are looked for. With more, that
// many digits follow it and none stands on either side: otherwise it is a part of some long number.
type mark struct {
	text      string
	more      int
	spellings []string
}

// newMark spells a text in both cases and, where it is not ASCII, as JSON may escape it.
func newMark(text string, more int) mark {
	m := mark{text: text, more: more}
	for _, spelled := range []string{text, strings.ToLower(text), strings.ToUpper(text)} {
		m.spellings = append(m.spellings, spelled)
		if escaped := strings.Trim(strconv.QuoteToASCII(spelled), `"`); escaped != spelled {
			m.spellings = append(m.spellings, escaped)
		}
	}
	slices.Sort(m.spellings)
	m.spellings = slices.Compact(m.spellings)
	return m
}

// search is a set of marks.
type search []mark

// kinds are the marks of every kind of personal data in a world: names in both scripts, mails, phones,
// cards, barcodes, and the host of all addresses.
var kinds = search{
	newMark("canary", 0), newMark("Канарейк", 0), newMark("7999555", 4), newMark("553691*", 0), newMark("991773", 6),
	newMark("example.test", 0),
}

// newSearch looks for all kinds and for the world's own list of whole values.
func newSearch(world *simulator.World) search {
	all := slices.Clone(kinds)
	for _, text := range append(world.Canaries(), simulator.PersonalMarks()...) {
		all = append(all, newMark(text, 0))
	}
	return all
}

func (all search) found(text []byte) []string {
	var texts []string
	for _, m := range all {
		if m.in(text) {
			texts = append(texts, m.text)
		}
	}
	return texts
}

// missing are the kinds that do not occur.
func missing(text []byte) []string {
	var texts []string
	for _, m := range kinds {
		if !m.in(text) {
			texts = append(texts, m.text)
		}
	}
	return texts
}

func (m mark) in(text []byte) bool {
	return slices.ContainsFunc(m.spellings, func(spelled string) bool {
		if m.more == 0 {
			return bytes.Contains(text, []byte(spelled))
		}
		return withDigits(text, spelled, m.more)
	})
}

// withDigits finds a number that starts with the given digits and has so many more.
func withDigits(text []byte, start string, more int) bool {
	for from := 0; ; {
		at := bytes.Index(text[from:], []byte(start))
		if at < 0 {
			return false
		}
		first := from + at
		end := first + len(start)
		for end < len(text) && digit(text[end]) {
			end++
		}
		if end-first == len(start)+more && (first == 0 || !digit(text[first-1])) {
			return true
		}
		from = first + 1
	}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// searchTables reads every column of every table and view, old versions included.
func searchTables(s *shell, all search) map[string][]string {
	s.Helper()
	found := map[string][]string{}
	tables := s.tables()
	if len(tables) < 25 {
		s.Errorf("only %d tables and views to search: %q", len(tables), tables)
	}
	for _, table := range tables {
		if marks := all.found([]byte(s.sql("SELECT * FROM `%s`", table))); len(marks) > 0 {
			found[table] = marks
		}
	}
	return found
}

// searchFiles reads every file of the engine: data, log, configuration. Columns are compressed, which breaks
// some texts up, so this adds to the search of the tables and does not replace it.
func searchFiles(s *shell, all search) map[string][]string {
	s.Helper()
	found := map[string][]string{}
	files := 0
	err := filepath.WalkDir(filepath.Dir(testkit.Engine(s).DataDir()),
		func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return gone(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return gone(err)
			}
			files++
			if marks := all.found(text); len(marks) > 0 {
				found[path] = marks
			}
			return nil
		})
	if err != nil {
		s.Fatal(err)
	}
	if files < 100 {
		s.Errorf("only %d files of the engine to search", files)
	}
	return found
}

// gone forgives a file that a merge took away while it was looked for.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// provePlanted puts people into a table and demands that both searches find them there and nowhere else.
func provePlanted(s *shell, all search) {
	s.Helper()
	s.sql("CREATE TABLE planted (note String) ENGINE = MergeTree ORDER BY tuple()")
	defer s.sql("DROP TABLE planted SYNC")
	s.sql("INSERT INTO planted VALUES ('canary.buyer1@mail.example.test'), ('Канарейка1'), ('+79995550001'), " +
		"('553691******0001'), ('991773000001')")
	tables := searchTables(s, all)
	if len(tables) != 1 {
		s.Errorf("people were planted in one table and found in: %q", tables)
	}
	for _, kind := range kinds {
		if !slices.Contains(tables["planted"], kind.text) {
			s.Errorf("the search of the tables does not find the planted %q", kind.text)
		}
	}
	if len(searchFiles(s, all)) == 0 {
		s.Error("the search of the files does not find what was planted")
	}
}
