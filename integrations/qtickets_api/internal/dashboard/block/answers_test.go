package block

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestHeadingsFollowTheMoney: with charts in money the headings and the top of the axis are of money, and an unfinished
// day is neither the best one nor a full bar.
func TestHeadingsFollowTheMoney(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	of := func(n int64, state figures.DayState) figures.Day {
		d := figures.Day{Date: day, State: state}
		d.Tickets, d.Refunded = n, 1
		d.Money = []figures.Amounts{{Currency: "RUB", Gross: decimal.NewFromInt(n * 1000), Refunds: decimal.NewFromInt(900)}}
		day = day.AddDate(0, 0, 1)
		return d
	}
	days := figures.Days{Currencies: []string{"RUB"},
		Days: []figures.Day{of(10, figures.DayComplete), of(200, figures.DayComplete), of(300, figures.DayPartial)}}
	hours := figures.Hours{Currency: "RUB", Points: []figures.HourPoint{{Minute: 60,
		Tickets: figures.Band{Today: num(30), Median: num(12), Low: num(10), High: num(31)},
		Revenue: figures.Band{Today: num(9000), Median: num(5000), Low: num(4000), High: num(8000)}}}}
	for money, want := range map[bool][]string{
		false: {"За период продано 510 билетов, возвращено 3", "Оплачено 510 билетов, возвращено 3",
			"За 8 недель продано 510 билетов, лучший день — чт 26 ноя (200)", "К 12:40 продано 30 билетов — как обычно", "300"},
		true: {"За период оплачено 510 тыс. ₽, возвращено 2 700 ₽", "Оплачено 510 тыс. ₽, возвращено 2 700 ₽",
			"За 8 недель оплачено 510 тыс. ₽, лучший день — чт 26 ноя (200 тыс. ₽)",
			"К 12:40 оплачено 9 000 ₽ — больше обычного",
			"300 тыс. ₽"},
	} {
		b := Builder{Locale: format.Russian, Now: time.Date(2026, 11, 27, 9, 40, 0, 0, time.UTC),
			Params: address.Params{Money: money}}
		var period, event, weeks, today View
		b.days(&period, days)
		b.eventDays(&event, days)
		b.weeks(&weeks, days)
		b.hours(&today, hours)
		ticks := weeks.Chart.YTicks
		usual := map[bool]string{false: "12", true: "5 000 ₽"}[money]
		if plain(today.Title) != "Сегодня по часам: за день обычно "+usual {
			t.Error(today.Title)
		}
		for i, got := range []string{period.Title, event.Title, weeks.Title, b.hoursAnswer(hours), ticks[len(ticks)-1].Text} {
			if plain(got) != want[i] {
				t.Errorf("%q, want %q", plain(got), want[i])
			}
		}
		full, open := weeks.Chart.Series[0].Values, weeks.Chart.Series[1].Values
		if full[1] == nil || full[2] != nil || open[1] != nil || open[2] == nil || weeks.Legend[1].Style != "openbars" {
			t.Errorf("the unfinished day: %v, %v, %v", full, open, weeks.Legend)
		}
	}
}

func num(n int64) *decimal.Decimal { return new(decimal.NewFromInt(n)) }

// TestFewUsualTicketsCompareNothing: below 10 usual tickets no card is compared, one line says why; medians of tickets
// are whole.
func TestFewUsualTicketsCompareNothing(t *testing.T) {
	t.Parallel()
	of := func(usual string) []string {
		median := decimal.RequireFromString(usual)
		cards := figures.Cards{Weeks: 8, Cards: []figures.Card{
			{Name: figures.CardTickets, Value: num(40), Baseline: &median, Side: figures.Above, Percent: num(30)},
			{Name: figures.CardRevenue, Currency: "RUB", Value: num(50_000), Baseline: num(4), Percent: num(30)}}}
		v := View{}
		(Builder{Locale: format.Russian, Now: time.Date(2026, 11, 27, 3, 44, 0, 0, time.UTC)}).cards(&v, cards)
		return []string{firstWord(v.Under), v.Cards[0].Note, plain(v.Cards[1].Note), v.Cards[0].Trend + v.Cards[1].Trend}
	}
	const few = "К"
	for usual, want := range map[string]string{
		"0": few + "|||", "0.5": few + "|||", "9.5": few + "|||",
		"10": "|обычно 10|обычно 4 ₽|upup", "17.5": "|обычно 18|обычно 4 ₽|upup",
	} {
		got := of(usual)
		if got[0] != few {
			got[0] = ""
		}
		if text := fmt.Sprintf("%s|%s|%s|%s", got[0], got[1], got[2], got[3]); text != want {
			t.Errorf("%s: %q, want %q", usual, text, want)
		}
	}
}

func firstWord(text string) string { return strings.Fields(text)[0] }

// TestAxisEndsAboveTheHighest: a third of a plot is no empty room above its highest bar.
func TestAxisEndsAboveTheHighest(t *testing.T) {
	t.Parallel()
	for _, high := range []float64{0, 1, 2, 3, 7, 65, 411, 999, 1_000, 510_000} {
		for _, low := range []float64{0, -1, -high / 3, -2 * high} {
			c := format.Chart{Series: []format.Series{{Values: []*float64{&low, nil, &high}}}}
			c.Scale(func(x float64) string { return fmt.Sprint(x) })
			last := c.YTicks[len(c.YTicks)-1].At
			if c.High < high || high > 1 && c.High > 1.07*high && c.High > c.YTicks[1].At-c.YTicks[0].At ||
				len(c.YTicks) < 2 || len(c.YTicks) > 8 || last > c.High || c.Low > low {
				t.Errorf("%v to %v: %+v", low, high, c)
			}
		}
	}
}

// TestLongBarsAreCut: one day leaves the others their shape; its value and its name stand beside the chart, and the
// table is whole. A bar that is only twice as long, few days and refunds of usual length change nothing.
func TestLongBarsAreCut(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	of := func(days int, tickets, refunded int64) figures.Days {
		var list figures.Days
		for i := range days {
			d := figures.Day{Date: first.AddDate(0, 0, i), State: figures.DayComplete}
			d.Tickets, d.Refunded = int64(80+i), 2
			list.Days = append(list.Days, d)
		}
		list.Days[4].Tickets, list.Days[6].Refunded = tickets, refunded
		return list
	}
	b := Builder{Locale: format.Russian}
	for _, c := range []struct {
		days figures.Days
		cuts string
		says string
		high float64
	}{
		{of(28, 5100, 2), "[{4 5 100 false}]", "столбик 5 ноя не поместился", 1.15 * 107},
		{of(28, 5100, 900), "[{4 5 100 false} {6 900 true}]", "столбики 5 ноя, 7 ноя не поместились", 1.15 * 107},
		{of(28, 84, 900), "[{6 900 true}]", "столбик 7 ноя не поместился", 1.06 * 107},
		{of(28, 214, 2), "[]", "", 1.06 * 214},
		{of(7, 5100, 2), "[]", "", 1.06 * 5100},
	} {
		var v View
		b.dayChartAndTable(&v, c.days, func(figures.Days) string { return "" })
		says := ""
		if last := v.Legend[len(v.Legend)-1]; last.Style == "cut" {
			says = last.Text
		}
		if got := plain(fmt.Sprint(v.Chart.Cuts)); got != c.cuts || plain(says) != c.says {
			t.Errorf("%s %q, want %s %q", got, says, c.cuts, c.says)
		}
		if math.Abs(v.Chart.High-c.high) > 0.01 {
			t.Errorf("the axis ends at %v, want %v", v.Chart.High, c.high)
		}
		if got := b.Cell(v.Table.Rows[4].Cells[1]); got != b.Int(c.days.Days[4].Tickets) {
			t.Errorf("the table has %s", got)
		}
		if cuts := len(v.Chart.Cuts); cuts > 0 && v.Chart.Low < -1.15*107-0.01 {
			t.Errorf("the axis begins at %v", v.Chart.Low)
		}
	}
}

// TestHeatIsWhole: the page has averages without their fractions, the files with them.
func TestHeatIsWhole(t *testing.T) {
	t.Parallel()
	b := Builder{Locale: format.Russian}
	for exact, want := range map[string]string{
		"0": "0", "0.04": "<1", "0.96": "<1", "1": "1", "6.5": "7", "109.3": "109",
	} {
		x := decimal.RequireFromString(exact)
		if got := b.Cell(format.Number(&x).Roughly()); got != want {
			t.Errorf("%s: %s, want %s", exact, got, want)
		}
	}
	var heat figures.Heat
	x := decimal.RequireFromString("6.5")
	heat.Cells[0][0].PerDay = &x
	var v View
	b.heat(&v, heat)
	var file strings.Builder
	if err := b.WriteCSV(&file, *v.Table); err != nil || !strings.Contains(file.String(), "6,5") {
		t.Error(file.String(), err)
	}
}

// TestHeatShades: a rush hour leaves the others apart, and the heading is of three hours and a weekday.
func TestHeatShades(t *testing.T) {
	t.Parallel()
	var heat figures.Heat
	for day := range heat.Cells {
		for hour := range heat.Cells[day] {
			heat.Cells[day][hour].PerDay = num(0)
		}
	}
	for hour := range 20 {
		heat.Cells[4][hour].PerDay = num(int64(hour))
	}
	heat.Cells[1][9].PerDay = num(150)
	heat.Cells[6][23].PerDay = nil
	v := View{}
	(Builder{Locale: format.Russian}).heat(&v, heat)
	if got := plain(v.Title); got != "Чаще всего покупают в 09–12 ч и по пятницам" {
		t.Error(got)
	}
	marks := map[string]int{}
	for _, row := range v.Table.Rows {
		for _, c := range row.Cells[1:] {
			marks[c.Mark]++
		}
	}
	if got := fmt.Sprint(marks); got != "map[h0:147 h1:6 h2:6 h3:4 h4:2 h5:2 hx:1]" {
		t.Error(got)
	}
	var none figures.Heat
	if (Builder{Locale: format.Russian}).heat(&v, none); v.Table.Rows[0].Cells[1].Mark != "hx" {
		t.Errorf("%+v", v.Table.Rows[0])
	}
}

// TestAnswerIsTheHeading: with the city and the day; of what failed or is not known there is none.
func TestAnswerIsTheHeading(t *testing.T) {
	t.Parallel()
	hours := figures.Hours{Day: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), Points: []figures.HourPoint{{
		Tickets: figures.Band{Today: num(214), Median: num(190), Low: num(140), High: num(230)}}, {Minute: 800}}}
	known := map[string]Result{"hours": {Value: hours}}
	for _, c := range []struct {
		screen address.Screen
		city   string
		given  map[string]Result
		want   string
	}{
		{address.Today, "", known, "Пт 27 ноя. К 12:40 продано 214 билетов — как обычно"},
		{address.Today, "Томск", known, "Томск. Пт 27 ноя. К 12:40 продано 214 билетов — как обычно"},
		{address.Channels, "", known, ""}, {address.Today, "", nil, ""},
		{address.Today, "", map[string]Result{"hours": {Value: figures.Hours{}}}, ""},
		{address.Today, "", map[string]Result{"hours": {Value: figures.Hours{Points: hours.Points[1:]}}}, ""},
		{address.Today, "", map[string]Result{"hours": {Err: errors.New("away")}}, ""},
	} {
		b := Builder{Locale: format.Russian, Now: time.Date(2026, 11, 27, 9, 40, 0, 0, time.UTC), Results: c.given,
			Params: address.Params{Screen: c.screen, Filter: figures.Filter{City: c.city}}}
		if got := plain(b.Answer()); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestFewTicketsAreASentence: nothing is drawn of nothing; the table is behind the sentence.
func TestFewTicketsAreASentence(t *testing.T) {
	t.Parallel()
	b := Builder{Locale: format.Russian}
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for tickets, drawn := range map[int64]bool{0: false, 4: false, 5: true} {
		d := figures.Day{Date: day, Totals: figures.Totals{Tickets: tickets}}
		var v View
		b.weeks(&v, figures.Days{Days: []figures.Day{d, {Date: day.AddDate(0, 0, 1)}}})
		if (v.Chart != nil) != drawn || (v.Empty == "") != drawn || v.Table == nil || !v.Behind() {
			t.Errorf("%d tickets: %+v", tickets, v)
		}
	}
	for sold, drawn := range map[int64]bool{0: false, 1: true} {
		var v View
		b.hours(&v, figures.Hours{Points: []figures.HourPoint{{Tickets: figures.Band{Today: num(0), High: num(sold)}}}})
		if (v.Chart != nil) != drawn || (v.Empty == "") != drawn || v.Table == nil {
			t.Errorf("%d at most: %+v", sold, v)
		}
	}
}

// TestUntilTheShow: the card says how many days are left, and asks for no sales where there are no seats.
func TestUntilTheShow(t *testing.T) {
	t.Parallel()
	b, days := Builder{Locale: format.Russian}, 5
	for reason, note := range map[figures.ShowReason]string{figures.ShowOnCourse: "нужно 15 в день, продаётся 0",
		figures.ShowSoldOut: "■ мест нет"} {
		facts := b.eventFacts(figures.ShowLine{DaysLeft: &days, RequiredPace: num(15), Reason: reason}, false)
		if card := facts[len(facts)-1]; plain(card.Value) != "5 дней" || plain(card.Note) != note {
			t.Errorf("%q, %q", card.Value, card.Note)
		}
	}
}
