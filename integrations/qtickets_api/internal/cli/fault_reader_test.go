package cli_test

import (
	"net/http"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestFault2_7_ServeWithoutAReader: a reader with which the page cannot read keeps neither serve nor webhooks away; the
// page, readiness and doctor say why.
func TestFault2_7_ServeWithoutAReader(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(68), testkit.Database(t)).live()
	s.syncJSON()
	for name, c := range map[string]struct {
		shell         *shell
		page, machine string
	}{
		"no password":    {s.with("CLICKHOUSE_READER_PASSWORD", ""), "не задан CLICKHOUSE_READER_PASSWORD", "is not set"},
		"wrong password": {s.with("CLICKHOUSE_READER_PASSWORD", "wrong"), "CLICKHOUSE_READER_USER", "refuses the user"},
		"unknown user":   {s.with("CLICKHOUSE_READER_USER", "nobody"), "CLICKHOUSE_READER_USER", "refuses the user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here := *c.shell
			here.TB = t
			l := here.serve()
			for _, path := range []string{"/?lang=ru", "/channels?lang=ru", "/csv/shows?lang=ru"} {
				if status, body := l.get(path); status != http.StatusServiceUnavailable || !strings.Contains(body, c.page) {
					t.Errorf("%s: %d does not say %q: %.300s", path, status, c.page, body)
				}
			}
			if status, body := l.get("/readyz"); status != http.StatusServiceUnavailable ||
				!strings.Contains(body, `"page","ok":false`) || !strings.Contains(body, c.machine) {
				t.Errorf("/readyz: %d %s", status, body)
			}
			body := `{"id":1}`
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.url+"webhooks/qtickets",
				strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Signature", simulator.Sign(webhookSecret, []byte(body)))
			if status, _ := do(t, r); status != http.StatusOK {
				t.Errorf("a webhook: %d", status)
			}
			if name == "wrong password" {
				wantLine(t, here.must(1, "doctor").stdout, "✗ datalens_reader", "")
			}
		})
	}
}
