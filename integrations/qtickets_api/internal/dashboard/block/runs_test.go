package block

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestRunsAfterWebhooksFold: runs after webhooks of one hour that all succeeded are one line; a failure, a run of
// another mode and another hour break it; the files keep each run.
func TestRunsAfterWebhooksFold(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 26, 21, 2, 14, 0, time.UTC) // 27 Nov, 00:02:14 in Moscow
	finished := at
	var feeds figures.Feeds
	add := func(mode, status string, orders uint64) {
		feeds.Runs = append(feeds.Runs, figures.Run{Mode: mode, Status: status, StartedAt: at, FinishedAt: &finished,
			Duration: time.Duration(orders) * 100 * time.Millisecond, Orders: orders, Message: "said"})
		at = at.Add(-time.Minute)
	}
	for _, orders := range []uint64{3, 1, 8} { // 00:02 and 00:00; the hour ends between
		add("webhook", "ok", orders)
	}
	add("webhook", "ok", 5) // 23:59
	add("webhook", "failed", 0)
	add("webhook", "ok", 2)
	add("increment", "ok", 40)
	add("increment", "ok", 41)
	for range 12 {
		add("increment", "ok", 7)
	}
	b := Builder{Locale: format.Russian}
	v := View{Locale: b.Locale}
	b.runs(&v, feeds)

	if len(v.Table.Rows) != len(feeds.Runs) {
		t.Errorf("%d rows for the files, %d runs", len(v.Table.Rows), len(feeds.Runs))
	}
	var lines []string
	for _, group := range v.Table.Groups() {
		lines = append(lines, plain(group.Name))
		for _, row := range group.Rows {
			var cells []string
			for i, c := range row.Cells {
				if !v.Table.Columns[i].Extra {
					cells = append(cells, plain(b.Cell(c)))
				}
			}
			lines = append(lines, strings.Join(cells, " · "))
		}
	}
	want := []string{
		"пт 27 ноя",
		"00:00–00:02 · по уведомлениям QTickets · ● 3 успешные · 12 · до 800 мс · каждая — в CSV",
		"чт 26 ноя",
		"23:59:14 · по уведомлениям QTickets · ● успешно · 5 · 500 мс · said",
		"23:58:14 · по уведомлениям QTickets · ▲ не удалась · 0 · 0 мс · said",
		"23:57:14 · по уведомлениям QTickets · ● успешно · 2 · 200 мс · said",
		"23:56:14 · изменения · ● успешно · 40 · 4 с · said",
		"23:55:14 · изменения · ● успешно · 41 · 4,1 с · said",
	}
	if got := strings.Join(lines[:len(want)], "\n"); got != strings.Join(want, "\n") {
		t.Errorf("the log is\n%s", got)
	}
	rest := v.Rest()
	if rest == nil || rest.Title != "Ещё 8" || len(rest.Table.Groups()[0].Rows) != 8 || rest.Rest() != nil {
		t.Errorf("behind the first ten lines: %+v", rest)
	}
	if v.Table.TruncatedFrom() != 0 {
		t.Error("the log says that it is cut, yet it has all lines")
	}
}

// TestHourMarks: the line of a day has the hours 00, 06, 12 and 18 of Moscow in their order and ends with now.
func TestHourMarks(t *testing.T) {
	t.Parallel()
	b := Builder{Locale: format.Russian}
	for clock, want := range map[string]string{
		"12:40": "22.2 18 47.2 00 72.2 06 97.2 _ 100.0 сейчас",
		"06:00": "25.0 12 50.0 18 75.0 00 100.0 _ 100.0 сейчас",
		"02:24": "15.0 06 40.0 12 65.0 18 90.0 _ 100.0 сейчас",
	} {
		end, err := time.Parse("2006-01-02 15:04 -0700", "2026-11-27 "+clock+" +0300")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, mark := range b.hourMarks(end.UTC()) {
			got = append(got, mark.X, cmp.Or(mark.Text, "_"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("at %s: %v, want %s", clock, got, want)
		}
	}
}
