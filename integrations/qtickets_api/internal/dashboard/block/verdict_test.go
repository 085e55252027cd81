package block

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// hall is a show with nothing left to buy.
func hall(capacity, closed, sold int64) figures.ShowLine {
	s := figures.ShowLine{Sold: sold, Left: new(int64), Capacity: &capacity, Closed: &closed,
		Reason: figures.ShowSoldOut}
	fill := decimal.NewFromInt(sold).DivRound(decimal.NewFromInt(capacity-closed), 3)
	s.Fill = &fill
	return s
}

// TestFault1_16_StateAgreesWithItsFigure: "sold out" stands beside 100 %, and where seats are held it says that; what
// is sold is told of the same seats as the percentage beside it.
func TestFault1_16_StateAgreesWithItsFigure(t *testing.T) {
	t.Parallel()
	unknown := figures.ShowLine{Sold: 22, Left: new(int64), Reason: figures.ShowSoldOut}
	for _, c := range []struct {
		show                figures.ShowLine
		fill                string
		russian, english    string
		sold, soldInEnglish string // the note under it
	}{
		{hall(24, 0, 22), "91,7 %", "■ мест нет, 2 в брони", "■ no seats left, 2 held", "из 24 мест", "of 24 seats"},
		{hall(24, 0, 24), "100,0 %", "■ аншлаг", "■ sold out", "из 24 мест", "of 24 seats"},
		{hall(120, 9, 111), "100,0 %", "■ аншлаг", "■ sold out", "из 111 мест (ещё 9 закрыто)",
			"of 111 seats (9 more closed)"},
		{hall(120, 9, 108), "97,3 %", "■ мест нет, 3 в брони", "■ no seats left, 3 held", "из 111 мест (ещё 9 закрыто)",
			"of 111 seats (9 more closed)"},
		{unknown, "—", "■ мест нет", "■ no seats left", "число мест неизвестно", "seats unknown"},
	} {
		for locale, want := range map[format.Locale][]string{
			format.Russian: {c.russian, c.sold}, format.English: {c.english, c.soldInEnglish},
		} {
			b := Builder{Locale: locale}
			facts := b.eventFacts(c.show, true)
			got := []string{plainSpaces(b.reason(c.show)), plainSpaces(facts[0].Note)}
			if !slices.Equal(got, want) {
				t.Errorf("%s of %s: %q, want %q", locale, c.fill, got, want)
			}
		}
		if got := plainSpaces((Builder{Locale: format.Russian}).eventFacts(c.show, true)[1].Value); got != c.fill {
			t.Errorf("fill %s, want %s", got, c.fill)
		}
	}
	z := figures.Zone{Name: "Партер", Free: new(int64)}
	v := View{}
	(Builder{Locale: format.Russian}).zones(&v, figures.Zones{Zones: []figures.Zone{z, {Name: "Балкон"}}})
	if strings.Contains(v.Title, "родан") || !strings.Contains(plainSpaces(v.Title), "Мест нет: 1 зона из 2") {
		t.Errorf("zones: %q", v.Title)
	}
}

// TestFault1_15_OneWordOneSum: of 100 paid, 30 of it given back, every card and table says 100 «Оплачено», 30
// «Возвраты» and 70 «Выручка».
func TestFault1_15_OneWordOneSum(t *testing.T) {
	t.Parallel()
	money := []figures.Amounts{{Currency: "RUB", Gross: decimal.NewFromInt(100), Refunds: decimal.NewFromInt(30), Paid: 1}}
	totals := figures.Totals{Tickets: 1, Orders: 1, Refunded: 1, Money: money}
	b := Builder{Locale: format.Russian}
	show := figures.ShowLine{Sold: 1, Refunded: 1, Money: money}
	words := map[string]string{"Оплачено": "100", "Возвраты": "30", "Выручка": "70"}
	check := func(where, word, sum string) {
		for name, want := range words {
			if strings.HasPrefix(word, name) && sum != "" && sum != want {
				t.Errorf("%s: «%s» is %s, want %s", where, word, sum, want)
			}
		}
	}
	digits := func(s string) string {
		s, _, _ = strings.Cut(plainSpaces(s), ",")
		return strings.Trim(s, " ₽−")
	}
	for _, f := range b.eventFacts(show, false) {
		check("event", f.Label, digits(f.Value))
		if paid, ok := strings.CutPrefix(f.Note, "оплачено "); ok {
			check("event", "Оплачено", digits(paid))
		}
	}
	table := func(where string, t *format.Table) {
		for _, row := range t.Rows {
			for i, column := range t.Columns {
				check(where, column.Name, digits(b.Cell(row.Cells[i])))
			}
		}
	}
	table("shows", b.showTable([]figures.ShowLine{show}))
	gross, refunds := decimal.NewFromInt(100), decimal.NewFromInt(30)
	cards := View{}
	b.cards(&cards, figures.Cards{Today: totals, Cards: []figures.Card{
		{Name: figures.CardRevenue, Currency: "RUB", Value: &gross},
		{Name: figures.CardRefunds, Currency: "RUB", Value: &refunds},
	}})
	for _, c := range cards.Cards {
		check("today", c.Label, digits(c.Value))
	}
	hours := View{}
	b.hours(&hours, figures.Hours{Currency: "RUB", Points: []figures.HourPoint{{Revenue: figures.Band{Today: &gross}}}})
	table("hours", hours.Table)
	cities := View{}
	b.cities(&cities, figures.Cities{Cities: []figures.CityLine{{City: "Омск", Totals: totals}}})
	table("cities", cities.Table)
}
