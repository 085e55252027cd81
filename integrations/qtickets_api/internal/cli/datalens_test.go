package cli_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/standin"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestDatalensPublish: one command makes the dashboard and compares its numbers with ClickHouse; the second changes
// nothing, and no secret is printed.
func TestDatalensPublish(t *testing.T) {
	t.Parallel()
	const token = "t1.canary-of-DataLens"
	lens := standin.New(standin.Options{Org: "org-1", Token: token})
	t.Cleanup(lens.Close)
	s := newShell(t, smallWorld(7), testkit.Database(t))
	s.must(0, "sync")
	reader := testkit.As(t, s.db, embedded.Reader)
	s = s.with("CLICKHOUSE_READER_PASSWORD", reader.Password, "DATALENS_TOKEN_FILE", s.file("token", token),
		"DATALENS_CLICKHOUSE_HOST", "127.0.0.1", "DATALENS_CLICKHOUSE_SECURE", "false",
		"DATALENS_CLICKHOUSE_PORT", strconv.Itoa(testkit.Engine(t).HTTPPort()))
	publish := func(code int, more ...string) outcome {
		t.Helper()
		out := s.must(code, append([]string{"datalens", "publish", "--org", "org-1", "--workbook", "new", "--api", lens.URL},
			more...)...)
		if strings.Contains(out.text(), token) {
			t.Errorf("the token is printed: %s", out.text())
		}
		return out
	}
	if out := publish(0, "--dry-run"); !strings.Contains(out.stdout, "created: dashboard «Продажи QTickets»") ||
		lens.State() != "" {
		t.Errorf("the dry run: %s", out.text())
	}
	out := publish(0)
	if strings.Count(out.stdout, "created: ") != 3+len(datalens.Datasets)+len(datalens.Charts) ||
		strings.Count(out.stdout, "  same\n") != len(datalens.Datasets) || strings.Contains(out.stdout, "DIFFERS") {
		t.Errorf("from nothing: %s", out.text())
	}
	state := lens.State()
	if out := publish(0, "--lang", "ru"); !strings.Contains(out.stdout, "без изменений: чарт «Города»") ||
		!strings.Contains(out.stdout, "Движения") || lens.State() != state {
		t.Errorf("the second run: %s", out.text())
	}
	lens.Lock("widget", "Города")
	for lang, advice := range map[string]string{"en": "close the editor", "ru": "закройте его там"} {
		lens.Change("widget", "Города", func(b map[string]any) { b["data"] = map[string]any{} })
		out := publish(1, "--lang", "ru")
		if lang == "en" {
			out = s.with("LANG", "en_US.UTF-8").run("datalens", "publish", "--org", "org-1", "--workbook", lens.Workbook(),
				"--api", lens.URL)
		}
		if !strings.Contains(out.stderr, "ivan@example.test") || !strings.Contains(out.stderr, advice) {
			t.Errorf("locked: %s", out.text())
		}
	}
}

// TestDatalensConfiguration: what is missing is named with the next step, before anything is made.
func TestDatalensConfiguration(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(7), testkit.EmptyDatabase(t))
	complete := s.with("CLICKHOUSE_READER_PASSWORD", "p", "DATALENS_TOKEN", "t", "DATALENS_CLICKHOUSE_HOST", "h")
	for name, shell := range map[string]*shell{
		"CLICKHOUSE_READER_PASSWORD":   complete.with("CLICKHOUSE_READER_PASSWORD", ""),
		"yc iam create-token":          complete.with("DATALENS_TOKEN", ""),
		"DATALENS_CLICKHOUSE_HOST":     complete.with("DATALENS_CLICKHOUSE_HOST", ""),
		"yc iam key create":            complete.with("DATALENS_TOKEN", "", "DATALENS_SERVICE_ACCOUNT_KEY", "canary"),
		"DATALENS_SERVICE_ACCOUNT_KEY": complete.with("DATALENS_SERVICE_ACCOUNT_KEY", "canary"),
		"--org":                        complete,
	} {
		arguments := []string{"datalens", "publish", "--workbook", "new"}
		if name != "--org" {
			arguments = append(arguments, "--org", "o")
		}
		if out := shell.run(arguments...); out.code != 2 || !strings.Contains(out.stderr, name) ||
			strings.Contains(out.text(), "canary") {
			t.Errorf("without %s: exit code %d, %s", name, out.code, out.text())
		}
	}
}

// TestDatalensPrint: what is printed are the kept files.
func TestDatalensPrint(t *testing.T) {
	t.Parallel()
	s := newShell(t, smallWorld(7), testkit.EmptyDatabase(t)).with("DATALENS_CLICKHOUSE_HOST", "ch.example.test",
		"CLICKHOUSE_DATABASE", "zakaz")
	for _, lang := range []string{"ru", "en"} {
		kept, err := os.ReadFile("../../../../docs/datalens/requests." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if out := s.must(0, "datalens", "print", "--lang", lang); out.stdout != string(kept) {
			t.Errorf("%s: what is printed is not docs/datalens/requests.%s.json", lang, lang)
		}
	}
}
