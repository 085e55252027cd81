package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// curvesFile are shows a day apart that sell half of their tickets in the last 20 days; the last has a plan.
func curvesFile(t *testing.T, shows int) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("show,date,days_left,sold,plan,hall\n")
	for i := range shows {
		date := time.Date(2030, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		plan := ""
		if i == shows-1 {
			plan = "100000"
		}
		fmt.Fprintf(&text, "%d,%s,70,%d,%s,x\n%d,%s,20,%d,%s,x\n", i, date, 30+i%7, plan, i, date, 30+i%7, plan)
	}
	return written(t, text.String())
}

func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "curves.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestForecastOfCurves: every show at every horizon, then the summary; nothing but the file is needed.
func TestForecastOfCurves(t *testing.T) {
	t.Parallel()
	name := curvesFile(t, 90)
	out := bare(t, "forecast", "--backtest", "--curves", name, "--json")
	lines := strings.Split(strings.TrimSpace(out.stdout), "\n")
	if out.code != 0 || len(lines) != 90*8+1 || !strings.Contains(out.stderr, "columns that mean nothing here: hall") {
		t.Fatalf("exit code %d, %d lines, %s", out.code, len(lines), out.stderr)
	}
	type line struct {
		Show, Date, Why     string
		DaysLeft            int `json:"days_left"`
		Low, Expected, High *int64
		Sold                int64
		Final               *int64
		Offered             bool
		ChanceBelow         map[string]*float64 `json:"chance_below"`
	}
	var first, last line
	for i, at := range []*line{&first, &last} {
		if err := json.Unmarshal([]byte(lines[i*(90*8-1)]), at); err != nil {
			t.Fatal(err)
		}
	}
	if first.Offered || first.Why == "" || first.Expected != nil || first.DaysLeft != 60 || *first.Final != 60 {
		t.Errorf("%s", lines[0])
	}
	if !last.Offered || last.Why != "" || *last.Low > *last.Expected || *last.Expected > *last.High ||
		last.DaysLeft != 1 || last.Date != "2030-03-31" || *last.ChanceBelow["plan"] < 0.9 {
		t.Errorf("%s", lines[90*8-1])
	}
	var summary struct{ Summary []map[string]*float64 }
	if err := json.Unmarshal([]byte(lines[90*8]), &summary); err != nil || len(summary.Summary) != 8 {
		t.Fatal(lines[90*8], err)
	}
	for _, key := range []string{"days_left", "n", "wape", "bias", "coverage", "wape_mean_of_12", "wape_ratio"} {
		if summary.Summary[7][key] == nil {
			t.Errorf("the summary has no %s: %s", key, lines[90*8])
		}
	}
	for lang, word := range map[string]string{"en": "bands held", "ru": "полос сбылось"} {
		if out := bare(t, "forecast", "--backtest", "--curves", name, "--lang", lang); out.code != 0 ||
			!strings.Contains(out.stdout, word) || strings.Contains(out.stdout, "%!") {
			t.Errorf("%s", out.text())
		}
	}
}

// TestForecastOfWrongFiles: exit status 2, what is wrong and where, and no forecast.
func TestForecastOfWrongFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		arguments []string
		says      string
	}{
		{[]string{"--backtest", "--curves", filepath.Join(t.TempDir(), "none.csv")}, "no such file"},
		{[]string{"--backtest", "--curves", t.TempDir()}, "is a directory"},
		{[]string{"--backtest", "--curves", written(t, "")}, "empty"},
		{[]string{"--backtest", "--curves", written(t, "show,date,days_left,sold\n1,2030-01-01,3,x\n")}, "line 2: sold"},
		{[]string{"--curves", written(t, "")}, "--curves goes with --backtest"},
		{[]string{"7", "--backtest", "--curves", written(t, "")}, "has no events"},
		{[]string{"seven"}, "event_id of fact_qtickets_sales_daily"},
		{[]string{"7", "eight"}, "show_id of fact_qtickets_sales_daily"},
	} {
		if out := bare(t, append([]string{"forecast"}, c.arguments...)...); out.code != 2 || out.stdout != "" ||
			!strings.Contains(out.stderr, c.says) {
			t.Errorf("%q: exit code %d, want 2 and a message that says %q\n%s", c.arguments, out.code, c.says, out.text())
		}
	}
}

// TestForecastOfPublishedShows: the shows to come, and the finished ones from what was known then.
func TestForecastOfPublishedShows(t *testing.T) {
	t.Parallel()
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 41, Orders: 400})
	s := newShell(t, world, testkit.Database(t))
	if out := s.run("forecast"); out.code != 1 || !strings.Contains(out.stderr, "nothing is published yet") {
		t.Errorf("before the first load: exit code %d, %s", out.code, out.text())
	}
	s.must(0, "sync")
	const coming = "ifNull(ifNull(finish_at, start_at) > now(), 0) AND cancelled = 0 AND isNotNull(show_date)"
	want := len(strings.Fields(s.sql("SELECT DISTINCT show_id FROM v_qtickets_sales_dashboard WHERE " + coming)))
	lines := strings.Split(strings.TrimSpace(s.must(0, "forecast", "--json").stdout), "\n")
	if want == 0 || len(lines) != want+1 || !strings.HasPrefix(lines[want], `{"summary":[`) ||
		!strings.Contains(lines[0], `"final":null`) {
		t.Errorf("%d shows to come, printed:\n%s", want, strings.Join(lines, "\n"))
	}
	lines = strings.Split(strings.TrimSpace(s.must(0, "forecast", "--backtest", "--json").stdout), "\n")
	if finished := len(lines) / 8; len(lines)%8 != 1 || finished < 3 || strings.Contains(lines[0], `"final":null`) {
		t.Errorf("the finished shows:\n%s", strings.Join(lines, "\n"))
	}
	event, show, _ := strings.Cut(s.sql("SELECT event_id, show_id FROM v_qtickets_sales_dashboard WHERE "+coming+
		" LIMIT 1"), "\t")
	out := s.must(0, "forecast", event, strings.TrimSpace(show))
	wantLine(t, out.stdout, strings.TrimSpace(show), "")
	wantLine(t, s.must(0, "forecast", "--lang", "ru").stdout, "Прогнозы предстоящих показов", "Москве")
	wantLine(t, s.must(0, "forecast", "999999999").stdout, "No shows to come.", "")
}
