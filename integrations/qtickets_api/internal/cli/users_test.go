package cli_test

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

var invitationAt = regexp.MustCompile(`http://\S+/invitation/[A-Z2-7]+`)

// TestUsers: people come and go while serve runs: an invitation, a password, a page, and out again.
func TestUsers(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(65), testkit.Database(t)).live()
	s.syncJSON()
	if out := s.run("users", "list"); out.code != 2 || !strings.Contains(out.stderr, "QTICKETS_PAGE_USERS_FILE") {
		t.Errorf("without a file: %s", out.text())
	}
	file := filepath.Join(t.TempDir(), "users")
	s = s.with("QTICKETS_PAGE_USERS_FILE", file, "QTICKETS_PAGE_URL", "http://sales.example.test/")
	out := s.must(0, "users", "add", "anna", "--role", "admin")
	if !invitationAt.MatchString(out.stdout) || !strings.Contains(out.stdout, "everything, and may write") {
		t.Fatalf("added: %s", out.text())
	}
	l := s.serve()
	first := invitationAt.FindString(out.stdout)
	link, err := url.Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"password": {"a long password"}}.Encode()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url+strings.TrimPrefix(link.Path, "/"),
		strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", strings.TrimSuffix(l.url, "/"))
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) != 1 {
		t.Fatalf("the invitation: %d %v", response.StatusCode, response.Header)
	}
	c := response.Cookies()[0]
	session := c.Name + "=" + c.Value
	wait(t, "who signed in sees the page", func() bool { // a slow answer is 503
		status, _ := l.get("/", "Cookie", session)
		return status == http.StatusOK
	})
	for _, arguments := range [][]string{{"users", "add", "anna"}, {"users", "add", "b:c"}, {"users", "remove", "nobody"},
		{"users", "add", "vera", "--role", "event"}, {"users", "add", "vera", "--event", "7"}, {"users", "add", "vera",
			"--role", "root"}, {"users", "add", "vera", "--expires", "367d"}} {
		if out := s.run(arguments...); out.code != 2 {
			t.Errorf("%q: %s", arguments, out.text())
		}
	}
	s.must(0, "users", "add", "vera", "--role", "event", "--event", "7")
	if out := s.must(0, "users", "list", "--lang", "ru"); !strings.Contains(out.stdout, "одно мероприятие 7") ||
		!strings.Contains(out.stdout, "выбран") {
		t.Errorf("list: %s", out.text())
	}
	if out := s.must(0, "users", "list", "--json"); !strings.Contains(out.stdout, `"state":"invited"`) {
		t.Errorf("list: %s", out.text())
	}
	s.must(0, "users", "remove", "anna")
	if status, _ := l.get("/", "Cookie", session); status != http.StatusUnauthorized {
		t.Errorf("removed: %d", status)
	}
	for _, secret := range []string{"a long password", "anna", "vera", filepath.Base(link.Path), c.Value} {
		if strings.Contains(l.stderr.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
