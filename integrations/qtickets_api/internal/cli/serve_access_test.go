package cli_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func basic(name, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}

// TestAccess: who is let in to what, in every mode.
func TestAccess(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(61), testkit.Database(t)).live()
	s.syncJSON()
	hash, err := bcrypt.GenerateFromPassword([]byte("right password"), bcrypt.DefaultCost)
	if err != nil {
		t.Fatal(err)
	}
	const ok, no, who = http.StatusOK, http.StatusForbidden, http.StatusUnauthorized
	const metricsToken = "a token for the collector"
	bearer := "Bearer " + metricsToken
	right, wrong, stranger := basic("anna", "right password"), basic("anna", "wrong"), basic("boris", "right password")
	for mode, c := range map[string]struct {
		shell *shell
		cases [][]any // path, status, headers
	}{
		"link": {s.with("QTICKETS_METRICS_TOKEN", metricsToken), [][]any{
			{"/", ok}, {"/readyz", ok}, {"/metrics", ok}, {"/healthz", ok},
			{"/", no, "Cookie", ""}, {"/csv/shows", no, "Cookie", ""}, {"/live", no, "Cookie", ""},
			{"/", no, "Cookie", "", "Host", "localhost"}, {"/?token=wrong", no, "Cookie", ""},
			{"/readyz", who, "Cookie", ""}, {"/metrics", who, "Cookie", ""}, {"/healthz", ok, "Cookie", ""},
			{"/metrics", ok, "Cookie", "", "Authorization", bearer},
			{"/readyz", ok, "Cookie", "", "Authorization", bearer, "X-Forwarded-For", "192.0.2.1"},
			{"/metrics", who, "Cookie", "", "Authorization", "Bearer"}, {"/", no, "Cookie", "", "Authorization", bearer},
		}},
		"none": {s, [][]any{
			{"/", ok}, {"/", ok, "Host", "localhost:8080"}, {"/readyz", ok}, {"/metrics", ok}, {"/healthz", ok},
			{"/", no, "Host", "evil.example.test"}, {"/readyz", no, "Host", "evil.example.test"},
			{"/metrics", no, "Host", "evil.example.test:80"},
			{"/healthz", ok, "Host", "evil.example.test"},
		}},
		"basic": {s.with("QTICKETS_PAGE_USERS_FILE", s.file("users", "# who may see the page", "anna:"+string(hash))),
			[][]any{
				{"/", who}, {"/", who, "Authorization", wrong}, {"/", who, "Authorization", stranger},
				{"/", who, "Authorization", "Bearer x"},
				{"/", ok, "Authorization", right}, {"/", ok, "Authorization", right, "Host", "sales.example.test"},
				{"/metrics", who}, {"/readyz", who}, {"/metrics", who, "X-Forwarded-For", "192.0.2.1"},
				{"/readyz", ok, "X-Forwarded-For", "192.0.2.1", "Authorization", right},
				{"/healthz", ok, "X-Forwarded-For", "192.0.2.1"},
			}},
		"proxy": {s.with("QTICKETS_PAGE_PROXY_HEADER", "X-User", "QTICKETS_PAGE_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"),
			[][]any{
				{"/", no}, {"/", no, "X-User", ""}, {"/", ok, "X-User", "anna"}, {"/", no, "Authorization", right},
				{"/", ok, "X-User", "anna", "X-Forwarded-For", "192.0.2.1", "Host", "sales.example.test"},
				{"/readyz", no, "X-Forwarded-For", "192.0.2.1"}, {"/metrics", no},
			}},
		"proxy elsewhere": {s.with("QTICKETS_PAGE_PROXY_HEADER", "X-User", "QTICKETS_PAGE_TRUSTED_PROXIES", "192.0.2.1"),
			[][]any{
				{"/", no, "X-User", "anna"}, {"/", no, "X-User", "anna", "X-Forwarded-For", "192.0.2.1"},
			}},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			var arguments []string
			if mode == "none" {
				arguments = append(arguments, "--no-auth")
			}
			l := c.shell.serve(arguments...)
			for _, x := range c.cases {
				var headers []string
				for _, h := range x[2:] {
					headers = append(headers, h.(string))
				}
				status := 0
				wait(t, "the page is not too slow to answer", func() bool {
					status, _ = l.get(x[0].(string), headers...)
					return status != http.StatusServiceUnavailable
				})
				if status != x[1].(int) {
					t.Errorf("%s with %q: %d, want %d", x[0], headers, status, x[1])
				}
			}
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url+"webhooks/qtickets",
				strings.NewReader(`{"id":1}`))
			r.Host = "hooks.example.test"
			r.Header.Set("X-Forwarded-For", "192.0.2.1")
			r.Header.Set("X-Signature", simulator.Sign(webhookSecret, []byte(`{"id":1}`)))
			if status, _ := do(t, r); status != ok {
				t.Errorf("a signed webhook: %d", status)
			}
			post, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url, nil)
			post.Header.Set("Authorization", right)
			post.Header.Set("Cookie", l.cookie)
			post.Header.Set("X-User", "anna")
			if status, _ := do(t, post); status != http.StatusMethodNotAllowed && mode != "proxy elsewhere" {
				t.Errorf("POST /: %d, want 405", status)
			}
			for _, secret := range []string{"right password", webhookSecret, "anna", "192.0.2.1"} {
				if strings.Contains(l.stderr.String(), secret) {
					t.Errorf("the log holds %q", secret)
				}
			}
		})
	}
}

// TestServeRefuses: what would leave the page open, or cannot work, ends with 2 and the next step.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(62), testkit.Database(t)).live()
	for name, c := range map[string]struct {
		shell     *shell
		arguments []string
		says      string
	}{
		"wide":            {s, []string{"--listen", "0.0.0.0:0"}, "QTICKETS_PAGE_USERS_FILE"},
		"wide without IP": {s, []string{"--listen", ":0"}, "127.0.0.1"},
		"wide by name":    {s, []string{"--listen", "sales.example.test:0"}, "QTICKETS_PAGE_USERS_FILE"},
		"no port":         {s, []string{"--listen", "127.0.0.1"}, "address:port"},
		"header, no proxy": {s.with("QTICKETS_PAGE_PROXY_HEADER", "X-User"), []string{"--listen", "0.0.0.0:0"},
			"QTICKETS_PAGE_TRUSTED_PROXIES"},
		"no such network": {s.with("QTICKETS_PAGE_PROXY_HEADER", "X-User", "QTICKETS_PAGE_TRUSTED_PROXIES", "nginx"), nil,
			"10.0.0.0/8"},
		"no such file":    {s.with("QTICKETS_PAGE_USERS_FILE", "/nowhere"), nil, "QTICKETS_PAGE_USERS_FILE"},
		"plain passwords": {s.with("QTICKETS_PAGE_USERS_FILE", s.file("plain", "anna:right password")), nil, "htpasswd -nB"},
		"no users":        {s.with("QTICKETS_PAGE_USERS_FILE", s.file("empty", "")), nil, "htpasswd -nB"},
		"two ways":        {s.with("QTICKETS_PAGE_USERS_FILE", s.file("two", "")), []string{"--no-auth"}, "keep one"},
		"open to all":     {s, []string{"--no-auth", "--listen", "0.0.0.0:0"}, "127.0.0.1"},
		"open and closed": {s.with("QTICKETS_PAGE_PROXY_HEADER", "X-User"), []string{"--no-auth"}, "keep one"},
		"metrics to all":  {s.with("QTICKETS_METRICS_LISTEN", "0.0.0.0:0"), nil, "QTICKETS_METRICS_TOKEN"},
		"cheap hashes": {s.with("QTICKETS_PAGE_USERS_FILE", s.file("cheap",
			"anna:$2y$05$abcdefghijklmnopqrstuuQuVCkz3eJqQ5hBn0dgQEfqcnYkLTIxe")), nil, "htpasswd -nB -C 12"},
		"one letter": {s.with("QTICKETS_WEBHOOK_SECRET", "x"), nil, "openssl rand -hex 32"},
		"too often":  {s, []string{"--every", "10ms"}, "at least 1s"},
		"no token":   {s.with("QTICKETS_TOKEN", ""), nil, "QTICKETS_TOKEN"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := c.shell.must(2, append([]string{"serve"}, c.arguments...)...)
			if !strings.Contains(out.stderr, c.says) || strings.Contains(out.text(), "right password") {
				t.Errorf("does not say %q:\n%s", c.says, out.text())
			}
		})
	}
}

// TestServeWithoutParts: no page without a reader, no webhooks without a secret; both are said.
func TestServeWithoutParts(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(63), testkit.Database(t)).live()
	const metricsToken = "a token for the collector"
	l := s.with("CLICKHOUSE_READER_PASSWORD", "", "QTICKETS_WEBHOOK_SECRET", "", "QTICKETS_TOKEN", "",
		"QTICKETS_METRICS_TOKEN", metricsToken).serve("--no-page")
	if status, _ := l.get("/"); status != http.StatusNotFound {
		t.Errorf("the page: %d", status)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url+"webhooks/qtickets",
		strings.NewReader(`{"id":1}`))
	r.Header.Set("X-Signature", simulator.Sign("", []byte(`{"id":1}`)))
	if status, _ := do(t, r); status != http.StatusServiceUnavailable {
		t.Errorf("a webhook: %d", status)
	}
	if !strings.Contains(l.stderr.String(), "QTICKETS_WEBHOOK_SECRET") {
		t.Errorf("the log does not say that webhooks are refused:\n%s", l.stderr)
	}
	if status, body := l.get("/readyz", "Authorization", "Bearer "+metricsToken); status !=
		http.StatusServiceUnavailable || !strings.Contains(body, "nothing is published") {
		t.Errorf("/readyz: %d %s", status, body)
	}
}
