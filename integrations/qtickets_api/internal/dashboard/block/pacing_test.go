package block

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// TestPromisesOfAForecast: "8 of 10" is said with a band alone, which nine earlier forecasts make.
func TestPromisesOfAForecast(t *testing.T) {
	t.Parallel()
	points := []figures.PacePoint{{DaysLeft: 12, Sold: 214}}
	wape := 0.14
	need := decimal.RequireFromString("15.5")
	const (
		measured = "Такой прогноз за 12 дней до показа здесь ошибался в среднем на 14 % (проверено на прошедших " +
			"показах: 26). Обещание «8 из 10» сбылось 14 раз из 17."
		young = "Насколько ошибается такой прогноз, здесь пока неизвестно: прошедших показов мало."
	)
	record := forecast.Record{DaysLeft: 12, Shows: 26, WAPE: &wape, Banded: 17, Held: 14}
	for _, c := range []struct {
		name               string
		p                  figures.Pacing
		title, note, under string
		promised           bool
	}{
		{"a band", figures.Pacing{Points: points, Record: record,
			Forecast: &forecast.Forecast{Expected: 335, Band: &forecast.Range{Low: 310, High: 360}, Shows: make([]int, 12)}},
			"Продано 214, к показу будет 310–360 (так выходит в 8 случаях из 10)",
			"Середина прогноза — 335.", measured, true},
		{"a band and a plan", figures.Pacing{Points: points, Record: record, Plan: 400, Need: &need,
			Show:     figures.ShowLine{SalesPace: 22},
			Forecast: &forecast.Forecast{Expected: 335, Band: &forecast.Range{Low: 310, High: 360}, Shows: make([]int, 12)}},
			"Продано 214, к показу будет 310–360 из плана 400", "До плана нужно 15,5 в день, продаётся 3,1.", measured, true},
		{"no band", figures.Pacing{Points: points,
			Forecast: &forecast.Forecast{Expected: 335, Seen: forecast.Range{Low: 280, High: 390}, Shows: make([]int, 6)}},
			"Продано 214, к началу показа ожидается около 335",
			"Если продажи пойдут, как у 6 прошедших показов: от 280 до 390. Прежних прогнозов меньше девяти, поэтому точнее " +
				"обещать нельзя.", young, false},
		{"no band, a plan that is reached", figures.Pacing{Points: points, Plan: 200, Need: &need,
			Forecast: &forecast.Forecast{Expected: 335, Seen: forecast.Range{Low: 280, High: 390}, Shows: make([]int, 6)}},
			"Продано 214, к началу показа ожидается около 335 из плана 200", "от 280 до 390", young, false},
		{"no comparables", figures.Pacing{Points: points, Forecast: &forecast.Forecast{Expected: 335,
			Basis: forecast.FromShape, Seen: forecast.Range{Low: 280, High: 390}, Shows: make([]int, 6)}},
			"Продано 214, к началу показа ожидается около 335", "он очень приблизителен", young, false},
		{"none", figures.Pacing{Points: points, WhyNot: figures.GapFewShows, Record: record}, "Продано 214 билетов",
			"Прогноза нет: похожих прошедших показов меньше трёх.", "", false},
		{"none, with a plan", figures.Pacing{Points: points, WhyNot: figures.GapOver, Plan: 400, Need: &need},
			"Продано 214 билетов из плана 400", "", "", false},
	} {
		var v View
		Builder{Locale: format.Russian}.pacing(&v, c.p)
		title, note, under := plainSpaces(v.Title), plainSpaces(v.Note), plainSpaces(v.Under)
		if title != c.title || !strings.Contains(note, c.note) || under != c.under {
			t.Errorf("%s: %q, %q, %q", c.name, title, note, under)
		}
		legend := ""
		for _, key := range v.Legend {
			legend += key.Text
		}
		if strings.Contains(title+note+legend, "из 10") != c.promised {
			t.Errorf("%s: promised? %q %q %q", c.name, title, note, legend)
		}
	}
}

// TestPacingChartHoldsItsPlan: the axis holds the plan and the band; the table and the CSV say what is drawn.
func TestPacingChartHoldsItsPlan(t *testing.T) {
	t.Parallel()
	need, hall, closed := decimal.NewFromInt(31), int64(420), int64(0)
	p := figures.Pacing{Points: []figures.PacePoint{{DaysLeft: 12, Sold: 100}, {DaysLeft: 10, Sold: 110}},
		Plan: 420, Need: &need, Show: figures.ShowLine{Capacity: &hall, Closed: &closed},
		Forecast: &forecast.Forecast{Expected: 335, Band: &forecast.Range{Low: 310, High: 360}}}
	text := func(c format.Cell) string { return plainSpaces(format.Russian.Cell(c)) }
	row := func(table *format.Table, left int) string {
		var cells []string
		for _, c := range table.Rows[12-left].Cells {
			cells = append(cells, text(c))
		}
		return strings.Join(cells, " ")
	}
	b := Builder{Locale: format.Russian}
	chart, table := b.pacingChart(p)
	top := chart.High
	if top < 420 || len(chart.Levels) != 1 || chart.Levels[0].Text != "план 420" || chart.Bracket != nil {
		t.Errorf("up to %v, levels %v, bracket %v", top, chart.Levels, chart.Bracket)
	}
	if got := fmt.Sprint(chart.Ends); got != "[{360 360} {335 335} {310 310}]" {
		t.Errorf("the ends are %s", got)
	}
	for left, want := range map[int]string{12: "12 — — — — — 100 420", 10: "10 110 110 — 110 110 110 420",
		5: "5 210 235 — 265 223 — 420", 0: "0 310 360 — 420 335 — 420"} {
		if got := row(table, left); got != want {
			t.Errorf("%d days left: %s, want %s", left, got, want)
		}
	}
	for _, s := range chart.Series {
		if len(s.Values) != len(table.Rows) {
			t.Errorf("%s has %d values of %d", s.Style, len(s.Values), len(table.Rows))
		}
	}
	hall = 400 // near the band, and not the plan
	if chart, _ = b.pacingChart(p); len(chart.Levels) != 2 || chart.Levels[1].Text != "зал 400" {
		t.Errorf("the hall: %v", chart.Levels)
	}
	p.Forecast.Band, p.Forecast.Shows, p.Forecast.Seen = nil, make([]int, 6), forecast.Range{Low: 280, High: 890}
	chart, table = b.pacingChart(p)
	if top := chart.High; fmt.Sprint(chart.Bracket) != "[280 890]" || top < 890 ||
		fmt.Sprint(chart.Ends) != "[{890 890} {335 335} {280 280}]" {
		t.Errorf("without a band: up to %v, %v, %v", top, chart.Bracket, chart.Ends)
	}
	if got := row(table, 0); got != "0 — 420 335 — 420" {
		t.Error(got)
	}
}
