package digest

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// TestDecisions: the shows that will end below usual, with the chance and the reason in words; the others are counted.
func TestDecisions(t *testing.T) {
	t.Parallel()
	day, need := time.Date(2031, 12, 4, 0, 0, 0, 0, time.UTC), decimal.NewFromInt(15)
	will := figures.ShowLine{Event: "Кубики", City: "Тула", LocalDate: &day, Reason: figures.ShowWillMiss, SalesPace: 22,
		RequiredPace: &need, Outlook: &figures.Outlook{Plan: 400, Chance: 0.83,
			Forecast: forecast.Forecast{Band: &forecast.Range{Low: 210, High: 260}}}}
	fine, early := figures.ShowLine{Reason: figures.ShowMayMiss}, figures.ShowLine{Reason: figures.ShowTooEarly}
	w := writer{Locale: format.Russian}
	for _, c := range []struct {
		shows []figures.ShowLine
		want  string
	}{
		{[]figures.ShowLine{will, fine, early, {Over: true}}, "Нужно решение — 1 показ из 3:\n" +
			"Кубики, 4 дек, Тула: ▲ не дотянет до обычного: 8 из 10\n" +
			"прогноз 210–260, обычно 400; нужно 15 в день, продаётся 3,1"},
		{[]figures.ShowLine{fine, early}, "Не видно показов, которые не дотянут до обычного (впереди 2)."},
	} {
		got := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2068", "", "\u2069", "").Replace(w.decisions(c.shows))
		if got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
