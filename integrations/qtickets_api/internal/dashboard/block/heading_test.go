package block

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestLeadHeading: a step of shows without a date is no answer to "how long before the show".
func TestLeadHeading(t *testing.T) {
	t.Parallel()
	share, rest := decimal.NewFromFloat(0.3), decimal.NewFromFloat(0.7)
	week := 7
	known := figures.LeadStep{From: 4, To: &week, Tickets: 3, Share: &share}
	unknown := figures.LeadStep{Unknown: true, Tickets: 7, Share: &rest}
	for _, c := range []struct {
		steps []figures.LeadStep
		want  string
	}{
		{[]figures.LeadStep{known, unknown}, "Больше всего билетов покупают за 4–7 дней до показа: 30,0"},
		{[]figures.LeadStep{unknown}, "За сколько дней до показа покупают"},
		{[]figures.LeadStep{{Tickets: 2, Share: &share}, unknown},
			"Больше всего билетов покупают за 0 дней до показа и раньше: 30,0"},
	} {
		b := Builder{Locale: format.Russian,
			Results: map[string]Result{"lead": {Value: figures.Lead{Steps: c.steps, Total: 10}}}}
		lead, _ := ByID("lead")
		v, _ := b.View(lead)
		if title := plainSpaces(v.Title); !strings.HasPrefix(title, c.want) {
			t.Errorf("%q, want %q", title, c.want)
		}
	}
}

// TestSeatsOfAShow: "из 21 места", "из 22 мест"; nothing where the hall is unknown.
func TestSeatsOfAShow(t *testing.T) {
	t.Parallel()
	b := Builder{Locale: format.Russian}
	for seats, want := range map[int64]string{1: "из 1 места", 21: "из 21 места", 22: "из 22 мест",
		1500: "из 1 500 мест"} {
		if got := plainSpaces(b.eventFacts(figures.ShowLine{Capacity: &seats}, true)[0].Note); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := b.eventFacts(figures.ShowLine{}, true)[0].Note; got != "число мест неизвестно" {
		t.Error(got)
	}
}

func plainSpaces(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
