package cli_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

var (
	shareAt   = regexp.MustCompile(`http://sales\.example\.test(/s/[A-Z2-7]+/)`)
	currency  = regexp.MustCompile(`₽|₸|RUB|KZT`)
	shareList = regexp.MustCompile(`(?m)^([a-z2-7]{8}) +([0-9]+)`)
)

// TestShare: a link to an event of a real load opens that event alone, until it is revoked.
func TestShare(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(66), testkit.Database(t)).live()
	s.syncJSON()
	hash, err := bcrypt.GenerateFromPassword([]byte("right password"), bcrypt.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	s = s.with("QTICKETS_PAGE_USERS_FILE", s.file("users", "anna:"+string(hash)+":admin"),
		"QTICKETS_PAGE_URL", "http://sales.example.test")
	event := s.sql("SELECT toString(event_id) FROM dim_events ORDER BY event_id LIMIT 1")
	name := s.sql("SELECT name FROM dim_events ORDER BY event_id LIMIT 1")
	others := strings.Split(s.sql("SELECT name FROM dim_events ORDER BY event_id LIMIT 100 OFFSET 1"), "\n")
	l := s.serve()
	for _, arguments := range [][]string{{"share", "add", "1"}, {"share", "add", event, "1"}, {"share", "add"},
		{"share", "add", event, "--expires", "0d"}, {"share", "add", event, "--for", "a\nb"},
		{"share", "revoke", "nothing"}} {
		if out := s.run(arguments...); out.code != 2 {
			t.Errorf("%q: %s", arguments, out.text())
		}
	}
	out := s.must(0, "share", "add", event, "--no-money", "--for", "Площадка Б", "--lang", "ru")
	link := shareAt.FindStringSubmatch(out.stdout)
	if link == nil || !strings.Contains(out.stdout, name) {
		t.Fatalf("made: %s", out.text())
	}
	for _, query := range []string{"", "?lang=en&by=money", "?event=1&show=1"} {
		var status int
		var body string
		wait(t, "the page is not too slow to answer", func() bool {
			status, body = l.get(link[1] + query)
			return status != http.StatusServiceUnavailable
		})
		if status != http.StatusOK && query != "?event=1&show=1" || currency.MatchString(body) {
			t.Errorf("%q: %d %q", query, status, currency.FindString(body))
		}
		for _, other := range others {
			if other != name && strings.Contains(body, other) {
				t.Errorf("%q: the page names %q", query, other)
			}
		}
	}
	for path, want := range map[string]int{"/": http.StatusUnauthorized, "/events/" + event: http.StatusUnauthorized,
		"/csv/event?event=" + event: http.StatusUnauthorized, link[1] + "csv/event": http.StatusNotFound} {
		if status, _ := l.get(path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if out := s.must(0, "share", "list"); !strings.Contains(out.stdout, "Площадка Б") {
		t.Errorf("list: %s", out.text())
	}
	l.sharedOnThePage(event)
	var made []string
	wait(t, "the views are counted", func() bool {
		made = shareList.FindStringSubmatch(s.must(0, "share", "list").stdout)
		return made != nil && !strings.Contains(s.must(0, "share", "list", "--json").stdout, `"views":0`)
	})
	s.must(0, "share", "revoke", made[1])
	if status, body := l.get(link[1]); status != http.StatusNotFound || !strings.Contains(body, "no longer valid") &&
		!strings.Contains(body, "больше не действует") {
		t.Errorf("revoked: %d", status)
	}
	if strings.Contains(l.stderr.String(), strings.Trim(link[1], "/s")) {
		t.Error("the log holds the link")
	}
	if out := s.must(0, "share", "list"); out.stdout != fmt.Sprintln("No links.") {
		t.Errorf("list: %s", out.text())
	}
}

// sharedOnThePage makes a link by the form of the page, which is in the list of "share list" and opens the event.
func (l *serving) sharedOnThePage(event string) {
	l.Helper()
	send := func(path, form string) (int, string) {
		r, err := http.NewRequestWithContext(l.Context(), http.MethodPost, l.url+path+"?event="+event,
			strings.NewReader(form))
		if err != nil {
			l.Fatal(err)
		}
		r.SetBasicAuth("anna", "right password")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return do(l, r)
	}
	status, body := send("share", "label=typed&term=7d&money=no")
	link := shareAt.FindStringSubmatch(body)
	list := l.must(0, "share", "list").stdout
	made := regexp.MustCompile(`(?m)^([a-z2-7]{8}) .* typed$`).FindStringSubmatch(list)
	if status != http.StatusOK || link == nil || made == nil {
		l.Fatalf("a link of the page: %d, and the list: %s", status, list)
	}
	if status, _ := l.get(link[1]); status != http.StatusOK {
		l.Errorf("the link of the page: %d", status)
	}
	send("share/revoke", "id="+made[1])
	if status, _ := l.get(link[1]); status != http.StatusNotFound {
		l.Errorf("revoked on the page: %d", status)
	}
}
