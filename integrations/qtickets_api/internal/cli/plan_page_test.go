package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// send sends a plan's form to serve, with headers in pairs and the cookie of the link unless they have one.
func (l *serving) send(show []string, tickets, revenue string, headers ...string) (status int, body string) {
	l.Helper()
	form := url.Values{"currency": {show[3]}, "tickets": {tickets}, "revenue": {revenue}}.Encode()
	r, err := http.NewRequestWithContext(l.Context(), http.MethodPost,
		l.url+"plan?lang=en&event="+show[0]+"&show="+show[1], strings.NewReader(form))
	if err != nil {
		l.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", l.cookie)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	r.Close = true
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		l.Fatal(err)
	}
	defer response.Body.Close()
	text := &strings.Builder{}
	if _, err := io.Copy(text, response.Body); err != nil {
		l.Fatal(err)
	}
	return response.StatusCode, text.String()
}

// says waits until an address says something: on a busy machine a block may be too slow the first time.
func (l *serving) says(path, text string, headers ...string) {
	l.Helper()
	wait(l, path+" says "+text, func() bool {
		_, body := l.get(path, headers...)
		return strings.Contains(body, text)
	})
}

// TestPlanOnThePage: what is typed on the page is what the page, its CSV, the view for BI and "plan export" say; it is
// written by the loader's user, and the page's own may still write nothing.
func TestPlanOnThePage(t *testing.T) {
	t.Parallel()
	b := newBox(t, simulator.WorldOptions{Seed: 41, Orders: 400})
	l := b.live().serve()
	show := b.shows[0]
	page := "/events/" + show[0] + "?lang=en&show=" + show[1]
	view := func() string {
		return b.sql("SELECT plan_tickets, plan_revenue FROM v_qtickets_plan WHERE target = 'show' AND show_id = %s "+
			"AND currency_id = '%s'", show[1], show[3])
	}
	same := []string{"Sec-Fetch-Site", "same-origin"}
	l.get(page) // is kept
	for _, c := range []struct{ tickets, revenue, view, csv, heading string }{
		{"444", "1 200 000,50", "444\t1200000.5", "Revenue,1200000.50,", "Plan of 444\u00a0tickets: "},
		{"445", "", "445\t\\N", "Tickets,445,", "Plan of 445\u00a0tickets: "},
		{"", "", "\\N\t\\N", "", "The show has no plan"},
		{"446", "", "446\t\\N", "Tickets,446,", "Plan of 446\u00a0tickets: "},
	} {
		if status, body := l.send(show, c.tickets, c.revenue, same...); status != http.StatusSeeOther {
			t.Fatalf("%q, %q: %d %.300s", c.tickets, c.revenue, status, body)
		}
		if view() != c.view {
			t.Errorf("%q, %q: the view says %q, want %q", c.tickets, c.revenue, view(), c.view)
		}
		l.says(page, c.heading)
		if c.csv != "" {
			l.says("/csv/plan?lang=en&event="+show[0]+"&show="+show[1], c.csv)
		}
	}
	if history := b.sql("SELECT count(), uniqExact(version), groupUniqArray(changed_by) FROM plan_targets"); history !=
		"4\t4\t['']" {
		t.Errorf("the history is %s", history)
	}
	l.says(page, "plan 446") // the line of the chart
	// An import is seen as soon, and what was typed before is its history.
	b.must(0, "plan", "import", b.plan("event;show;tickets", show[0]+";"+show[1]+";447"))
	l.says(page, "Plan of 447\u00a0tickets: ")
	for _, wrong := range []string{"4OO", "-1", "1.5"} {
		if status, _ := l.send(show, wrong, "", same...); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", wrong, status)
		}
	}
	for what, c := range map[string]struct {
		status int
		send   func() (int, string)
	}{
		"without the cookie": {403, func() (int, string) { return l.send(show, "1", "", append(same, "Cookie", "")...) }},
		"from another port":  {403, func() (int, string) { return l.send(show, "1", "", "Sec-Fetch-Site", "same-site") }},
		"without an origin":  {403, func() (int, string) { return l.send(show, "1", "") }},
		"too large":          {413, func() (int, string) { return l.send(show, strings.Repeat("1", 5000), "", same...) }},
	} {
		if status, _ := c.send(); status != c.status {
			t.Errorf("%s: %d, want %d", what, status, c.status)
		}
	}
	if view() != "447\t\\N" {
		t.Errorf("something was written: %s", view())
	}
	reader := b.as(embedded.Reader)
	if out := reader.run("plan", "import", b.plan("event;tickets", show[0]+";1")); out.code != 1 {
		t.Errorf("the page's user writes: %d %s", out.code, out.text())
	}
}

// TestPlanByRole: in every way to be let in, an administrator alone changes a plan; the history knows the name.
func TestPlanByRole(t *testing.T) {
	t.Parallel()
	b := newBox(t, simulator.WorldOptions{Seed: 41, Orders: 400})
	show := b.shows[0]
	hash, err := bcrypt.GenerateFromPassword([]byte("right password"), bcrypt.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for name, role := range map[string]string{"anna": ":admin", "boris": "", "vera": ":view", "gleb": ":view-no-money",
		"dina": ":event:" + show[0]} {
		lines = append(lines, name+":"+string(hash)+role)
	}
	s := b.live()
	same := []string{"Sec-Fetch-Site", "same-origin"}
	try := func(what string, l *serving, want int, headers ...string) {
		t.Helper()
		if status, _ := l.send(show, "321", "", headers...); status != want {
			t.Errorf("%s: %d, want %d", what, status, want)
		}
	}
	basicMode := s.with("QTICKETS_PAGE_USERS_FILE", b.file("users", lines...)).serve()
	for _, name := range []string{"boris", "vera", "gleb", "dina"} {
		try(name, basicMode, http.StatusForbidden, append(same, "Authorization", basic(name, "right password"))...)
	}
	login := basic("anna", "right password")
	try("another site, with the password", basicMode, http.StatusForbidden, "Sec-Fetch-Site", "cross-site",
		"Authorization", login)
	if rows := b.sql("SELECT count() FROM plan_targets"); rows != "0" {
		t.Errorf("%s plans were written", rows)
	}
	try("anna", basicMode, http.StatusSeeOther, append(same, "Authorization", login)...)
	if by := b.sql("SELECT changed_by FROM dim_plan_targets"); by != "anna" {
		t.Errorf("the plan was changed by %q", by)
	}
	basicMode.says("/events/"+show[0]+"?lang=en&show="+show[1], " by anna.", "Authorization", login)
	proxyMode := s.with("QTICKETS_PAGE_PROXY_HEADER", "X-User", "QTICKETS_PAGE_TRUSTED_PROXIES", "127.0.0.1").serve()
	try("whoever the proxy knows", proxyMode, http.StatusForbidden, append(same, "X-User", "anna")...)
	open := s.serve("--no-auth")
	try("a program of this machine", open, http.StatusForbidden)
	try("another site in a browser of this machine", open, http.StatusForbidden, "Sec-Fetch-Site", "cross-site")
	try("a browser of this machine", open, http.StatusSeeOther, same...)
	try("without Sec-Fetch-Site", open, http.StatusSeeOther, "Origin", strings.TrimSuffix(open.url, "/"))
	if rows := b.sql("SELECT count() FROM plan_targets"); rows != fmt.Sprint(1) {
		t.Errorf("the same plan was written again: %s rows", rows)
	}
}
