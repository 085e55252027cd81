package block

import (
	"slices"
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
		{will, "▲ не дотянет до обычного: 9 из 10", "прогноз 210–260, обычно 400"},
		{may, "◆ может не дотянуть: 4 из 10", "прогноз 210–260, обычно 400"},
		{line(figures.ShowWillMiss, 1), "▲ не дотянет до обычного: 10 из 10", "прогноз 210–260, обычно 400"},
		{planned, "▲ не дотянет до плана: 9 из 10", "прогноз 210–260, план 400"},
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
		if need := inNeed(c.show); (plan.Tenths != nil) != need || need &&
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

// TestCalmShowsFold: behind who needs help and six calm shows the others open under the table, counted in words; the
// name of an event is seen once for shows that follow each other, and said for each.
func TestCalmShowsFold(t *testing.T) {
	t.Parallel()
	band := &figures.Outlook{Plan: 400, Chance: 0.9, Forecast: forecast.Forecast{Band: &forecast.Range{Low: 1, High: 2}}}
	of := func(reasons ...figures.ShowReason) View {
		var list []figures.ShowLine
		for i, reason := range reasons {
			list = append(list, figures.ShowLine{EventID: uint64(i/2 + 1), Event: "Ревизор", ShowID: uint64(i), Reason: reason,
				Outlook: band})
		}
		b := Builder{Locale: format.Russian}
		return View{Locale: format.Russian, Table: b.showTable(list)}
	}
	again := func(rows []format.Row) (is []bool) {
		for _, r := range rows {
			is = append(is, r.Cells[0].Again)
		}
		return is
	}
	is := func(n int, reason figures.ShowReason) []figures.ShowReason {
		return slices.Repeat([]figures.ShowReason{reason}, n)
	}
	const need, fine, full, on = figures.ShowMayMiss, figures.ShowOnCourse, figures.ShowSoldOut, figures.ShowRunning
	v := of(slices.Concat(is(1, need), is(4, fine), is(5, full), is(1, on), is(1, ""))...)
	rest := v.Rest()
	if rest == nil || plainSpaces(rest.Title) != "Ещё 5: у 3 мест нет, 1 идёт, у 1 нет даты" || rest.Table.Total != nil {
		t.Fatalf("%+v", rest)
	}
	open := v.Table.Groups()[0].Rows
	if !slices.Equal(again(open), []bool{false, true, false, true, false, true, false}) || open[0].Mark != "" ||
		open[1].Mark != "calm" {
		t.Errorf("%+v", open)
	}
	if closed := rest.Table.Groups()[0].Rows; !slices.Equal(again(closed), []bool{false, false, true, false, true}) {
		t.Errorf("%v: the first row that opens has its name", again(closed))
	}
	for _, reasons := range [][]figures.ShowReason{is(6, fine), is(7, fine), slices.Concat(is(9, fine), is(1, need)),
		nil} {
		if v := of(reasons...); v.Rest() != nil {
			t.Errorf("%d rows fold of %v", len(v.Rest().Table.Rows), reasons)
		}
	}
}
