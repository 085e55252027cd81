package block

import (
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// TestWhoNeedsHelp: the heading counts, the row says why in words; a chance is told in tenths, and certain only when it
// is.
func TestWhoNeedsHelp(t *testing.T) {
	t.Parallel()
	need, days := decimal.NewFromInt(15), 12
	line := func(reason figures.ShowReason, chance float64) figures.ShowLine {
		return figures.ShowLine{Reason: reason, Sold: 220, SalesPace: 22, RequiredPace: &need, DaysLeft: &days,
			Outlook: &figures.Outlook{Plan: 400, Chance: chance,
				Forecast: forecast.Forecast{Band: &forecast.Range{Low: 210, High: 260}}}}
	}
	will, may, fine := line(figures.ShowWillMiss, 0.98), line(figures.ShowMayMiss, 0.44), line(figures.ShowOnCourse, 0.1)
	planned := line(figures.ShowWillMiss, 0.9)
	planned.Outlook.Planned = true
	reached := line(figures.ShowOnCourse, 0.1)
	reached.Outlook.Planned, reached.Sold = true, 420
	early := figures.ShowLine{Reason: figures.ShowTooEarly}
	b := Builder{Locale: format.Russian, Params: address.Params{Locale: format.Russian}}
	for _, c := range []struct {
		shows []figures.ShowLine
		want  string
	}{
		{[]figures.ShowLine{will, may, may, fine, early}, "Не дотянут до обычного: 1 из 5, под вопросом: 2"},
		{[]figures.ShowLine{fine, early}, "Успевают: 1 из 2; не дотянут до обычного: 0"},
		{[]figures.ShowLine{fine, planned}, "Не дотянут до плана или обычного: 1 из 2, под вопросом: 0"},
		{[]figures.ShowLine{early}, "Показы"},
	} {
		v := View{Title: "Показы"}
		if b.shows(&v, figures.Shows{Shows: c.shows}); plainSpaces(v.Title) != c.want {
			t.Errorf("%q, want %q", v.Title, c.want)
		}
	}
	for _, c := range []struct {
		show        figures.ShowLine
		state, word string
	}{
		{will, "▲ не дотянет до обычного: 9 из 10", "прогноз 210–260, обычно 400; нужно 15 в день, продаётся 3,1"},
		{may, "◆ может не дотянуть: 4 из 10", "прогноз 210–260, обычно 400; нужно 15 в день, продаётся 3,1"},
		{line(figures.ShowWillMiss, 1), "▲ не дотянет до обычного: 10 из 10",
			"прогноз 210–260, обычно 400; нужно 15 в день, продаётся 3,1"},
		{planned, "▲ не дотянет до плана: 9 из 10", "прогноз 210–260, план 400; нужно 15 в день, продаётся 3,1"},
		{fine, "● успевает", ""}, {early, "○ рано судить", ""},
	} {
		if state, word := plainSpaces(b.reason(c.show)), plainSpaces(b.inWords(c.show)); state != c.state || word != c.word {
			t.Errorf("%q, %q; want %q, %q", state, word, c.state, c.word)
		}
	}
	for _, c := range []struct {
		show     figures.ShowLine
		plan, is string
		below    string
	}{
		{planned, "400", "план", "до плана 180"}, {reached, "400", "план", "план выполнен"},
		{will, "400", "обычный итог", "обычный итог"}, {early, "—", "—", ""},
	} {
		plan, is, miss := b.goal(c.show)
		if judged := c.show.Outlook != nil; (plan.Tenths != nil) != judged || judged &&
			(b.Cell(miss) != strconv.Itoa(strings.Count(plan.Tenths.Full, "M")) ||
				strings.Count(plan.Tenths.Full+plan.Tenths.Hollow, "M") != 10 ||
				plan.Tenths.Likely != (c.show.Reason == figures.ShowWillMiss)) {
			t.Errorf("%+v, %q", plan.Tenths, b.Cell(miss))
		}
		if plainSpaces(b.Cell(plan)) != c.plan || plainSpaces(b.Cell(is)) != c.is || plainSpaces(plan.Subtext) != c.below {
			t.Errorf("%q, %q, %q; want %q, %q, %q", b.Cell(plan), b.Cell(is), plan.Subtext, c.plan, c.is, c.below)
		}
	}
}
