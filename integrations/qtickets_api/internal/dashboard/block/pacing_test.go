package block

import (
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// TestPromisesOfAForecast: "8 of 10" is said with a band alone, which nine earlier forecasts make.
func TestPromisesOfAForecast(t *testing.T) {
	t.Parallel()
	points := []figures.PacePoint{{DaysLeft: 12, Sold: 214}}
	wape := 0.14
	record := forecast.Record{DaysLeft: 12, Shows: 26, WAPE: &wape, Banded: 17, Held: 14}
	for _, c := range []struct {
		name        string
		p           figures.Pacing
		title, note string
		promised    bool
	}{
		{"a band", figures.Pacing{Points: points, Record: record,
			Forecast: &forecast.Forecast{Expected: 335, Band: &forecast.Range{Low: 310, High: 360}, Shows: make([]int, 12)}},
			"Продано 214, к показу будет 310–360 (так выходит в 8 случаях из 10)",
			"Середина прогноза — 335. Такой прогноз за 12 дней до показа здесь ошибался в среднем на 14 % (проверено на " +
				"прошедших показах: 26). Обещание «8 из 10» сбылось 14 раз из 17.", true},
		{"no band", figures.Pacing{Points: points,
			Forecast: &forecast.Forecast{Expected: 335, Seen: forecast.Range{Low: 280, High: 390}, Shows: make([]int, 6)}},
			"Продано 214, к началу показа ожидается около 335",
			"Если продажи пойдут, как у 6 прошедших показов: от 280 до 390. Прежних прогнозов меньше девяти, поэтому точнее " +
				"обещать нельзя.", false},
		{"no comparables", figures.Pacing{Points: points, Forecast: &forecast.Forecast{Expected: 335,
			Basis: forecast.FromShape, Seen: forecast.Range{Low: 280, High: 390}, Shows: make([]int, 6)}},
			"Продано 214, к началу показа ожидается около 335", "он очень приблизителен", false},
		{"none", figures.Pacing{Points: points, WhyNot: figures.GapFewShows, Record: record}, "Продано 214 билетов",
			"Прогноза нет: похожих прошедших показов меньше трёх.", false},
	} {
		b := Builder{Locale: format.Russian}
		title, note := plainSpaces(b.pacingTitle(c.p)), plainSpaces(b.pacingNote(c.p))
		if title != c.title || !strings.Contains(note, c.note) {
			t.Errorf("%s: %q, %q", c.name, title, note)
		}
		if strings.Contains(title+note, "из 10") != c.promised {
			t.Errorf("%s: promised? %q %q", c.name, title, note)
		}
	}
}
