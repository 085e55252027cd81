package cli_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// printing are commands that print for people; what they end with does not matter here.
var printing = [][]string{
	{"sync", "--dry-run"}, {"sync", "--since-hours", "0"}, {"sync", "--nonsense"}, {"explain", "33"},
	{"check"}, {"explain", "2020-01-01"}, {"forecast"}, {"forecast", "--curves", "absent.csv"}, {"plan", "list"},
	{"plan", "import", "absent.csv"}, {"users", "list"}, {"users", "add", "anna"}, {"users", "add", "anna"},
	{"users", "list"}, {"users", "remove", "anna"}, {"users", "remove", "anna"}, {"share", "list"}, {"share", "add", "1"},
	{"contract"}, {"quarantine", "list"}, {"quarantine", "retry"}, {"reconcile"}, {"rebuild"}, {"doctor"},
	{"doctor", "--until", "99"}, {"doctor", "--all", "--secrets", "absent"}, {"alerts", "--dry-run"}, {"alerts", "--test"},
	{"digest", "--dry-run"}, {"datalens", "publish", "--workbook", "new"}, {"serve", "--listen", "0.0.0.0:0"},
}

// TestOneLanguageAtATime: what the commands print has no sentence in the other language; names of the box office, of
// variables, files, columns and commands are the same in both.
func TestOneLanguageAtATime(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 71, Orders: 60, Events: 3})
	s := newShell(t, world, testkit.Database(t)).with("QTICKETS_PAGE_USERS_FILE", filepath.Join(t.TempDir(), "users"))
	s.server.SetFault(simulator.Fault{Kind: simulator.BadPrice, N: world.Oracle().OrderIDs[1]})
	s.must(3, "sync")
	secrets := t.TempDir()
	s.organiserFiles(secrets)
	names := strings.FieldsFunc(s.sql("SELECT DISTINCT arrayJoin([event_name, city, place_name, show_name]) FROM "+
		"v_qtickets_sales_dashboard"), notLetter)
	event := s.sql("SELECT toString(any(event_id)) FROM v_qtickets_sales_dashboard")
	day := s.sql("SELECT toString(max(sales_date)) FROM fact_qtickets_sales_daily")
	commands := append(slices.Clone(printing), []string{"explain", day}, []string{"share", "add", event},
		[]string{"share", "list"}, []string{"migrate"}, []string{"check", "--all", "--secrets", secrets})
	rng := rand.New(rand.NewPCG(71, 71))
	for lang, foreign := range map[string]func(line string) []string{
		"ru": func(line string) []string {
			return slices.DeleteFunc(latinWord.FindAllString(code.ReplaceAllString(line, " "), -1), func(word string) bool {
				return slices.Contains(sameWords, word)
			})
		},
		"en": func(line string) []string {
			return slices.DeleteFunc(strings.FieldsFunc(line, notLetter), func(word string) bool {
				return slices.Contains(names, word) || !strings.ContainsFunc(word, isCyrillic)
			})
		},
	} {
		s := s.with("LANG", map[string]string{"ru": "ru_RU.UTF-8", "en": "en_US.UTF-8"}[lang], "ALERT_LANG", lang)
		for range 40 { // something for the dry run to tell
			world.Step(rng)
		}
		for i, arguments := range commands {
			if i%testkit.Rounds(3, 1) != 0 {
				continue // a sample of them
			}
			user := s
			if arguments[0] == "migrate" {
				user = s.as(embedded.Admin)
			}
			for line := range strings.Lines(user.run(arguments...).text()) {
				words := foreign(line)
				if isLog := strings.HasPrefix(line, "{"); !isLog && len(words) > 0 {
					t.Errorf("%s, %q says %q in %q", lang, arguments, words, line)
				}
			}
		}
	}
}

// organiserFiles are the env files of two organisers, the second of which has the database of the first.
func (s *shell) organiserFiles(dir string) {
	s.Helper()
	var text strings.Builder
	for name, value := range s.env {
		text.WriteString(name + "=" + value + "\n")
	}
	for _, name := range []string{"first.env", "second.env"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text.String()), 0o600); err != nil {
			s.Fatal(err)
		}
	}
}

// sameWords are the same in Russian: names, and the words of QTickets and of the shell.
var sameWords = []string{"ClickHouse", "DataLens", "QTickets", "Telegram", "absent", "anna", "zakaz", "first", "second",
	"id", "refunds", "services", "offset", "events", "discounts", "today", "yesterday", "orders"}

var (
	latinWord = regexp.MustCompile(`\b[A-Za-z]{2,}\b`)
	// code is what is quoted or is a name, a path or a flag, commands for the shell, and the id of a link in the list.
	code = regexp.MustCompile(`«[^»]*»|"[^"]*"|\S*[_/.=-]\S*|\b[A-Z]{2,}[A-Za-z]*\b|^ *(docker|echo|sudo) .*|sudo|^[a-z2-7]{8} +\d`)
)

func notLetter(r rune) bool  { return !unicode.IsLetter(r) }
func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
