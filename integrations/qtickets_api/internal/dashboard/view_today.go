package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (b builder) cardsBlock() Block {
	block, ok := made(b, "cards", b.d.cards)
	if !ok {
		return block
	}
	cards := b.d.cards.value
	block.Title = capital(b.T("cards.heading", b.DayOfWeek(cards.Day), b.Clock(b.now)))
	block.Note = b.T("cards.note", b.BaselineDay(cards.Day.Weekday()), cards.Weeks)
	if cards.Weeks == 0 {
		block.Note = b.T("cards.note_young")
	}
	block.Table = &Table{Columns: []Column{
		{Name: b.T("column.figure"), Plain: true}, {Name: b.T("column.currency"), Plain: true},
		{Name: b.T("column.value")}, {Name: b.T("column.usual")}, {Name: b.T("column.change")},
	}}
	places := map[figures.CardName]int{}
	for _, c := range cards.Cards {
		block.Table.Rows = append(block.Table.Rows, Row{Cells: []Cell{
			textCell(b.T("card." + string(c.Name))), textCell(c.Currency), b.cardCell(c, c.Value), b.cardCell(c, c.Baseline), percentCell(hundredth(c.Percent)),
		}})
		if place, shown := places[c.Name]; shown { // the same in another currency
			if c.Value != nil && !c.Value.IsZero() {
				block.Cards[place].More = append(block.Cards[place].More, b.cardValue(c, c.Value))
			}
			continue
		}
		if c.Name == figures.CardRefunded {
			continue // stands under the refunds
		}
		places[c.Name] = len(block.Cards)
		block.Cards = append(block.Cards, b.cardView(c, cards))
	}
	block.Cards = append(block.Cards, b.nextShow(cards.Next))
	return block
}

func hundredth(d *decimal.Decimal) *decimal.Decimal {
	if d == nil {
		return nil
	}
	ratio := d.Shift(-2)
	return &ratio
}

func (b builder) cardCell(c figures.Card, d *decimal.Decimal) Cell {
	if c.Currency != "" {
		return maybeMoneyCell(d, c.Currency)
	}
	return numberCell(d)
}

func (b builder) cardValue(c figures.Card, d *decimal.Decimal) string {
	switch {
	case d == nil:
		return unknown
	case c.Currency != "":
		return b.MoneyWhole(*d, c.Currency)
	default:
		return b.Number(*d, 1)
	}
}

func (b builder) cardView(c figures.Card, all figures.Cards) CardView {
	v := CardView{Label: b.T("card." + string(c.Name)), Value: b.cardValue(c, c.Value), Bad: c.Name == figures.CardRefunds}
	v.Note = b.T("card.no_usual")
	if c.Baseline != nil {
		v.Note = b.T("card.usually", b.cardValue(c, c.Baseline))
	}
	if c.Percent != nil {
		ratio := c.Percent.Shift(-2)
		v.Change = b.Change(ratio)
		v.Trend = trend(ratio.Shift(2).Round(0).Sign())
	}
	if c.Name == figures.CardRefunds && all.Today.Refunded > 0 {
		v.Note = b.T("card.refunded", all.Today.Refunded) + " · " + v.Note
	}
	if c.Name == figures.CardTickets && all.Today.Free > 0 {
		v.Note += " · " + b.T("card.free", all.Today.Free)
	}
	return v
}

func trend(sign int) string { return []string{"down", "even", "up"}[sign+1] }

func (b builder) hoursBlock() Block {
	block, ok := made(b, "hours", b.d.hours)
	if !ok {
		return block
	}
	hours := b.d.hours.value
	if len(hours.Points) == 0 {
		block.Empty = b.T("hours.empty")
		return block
	}
	block.Switch = b.byLinks()
	block.Title = b.hoursTitle(hours)
	block.Note = b.T("hours.note", hours.Weeks, b.BaselineDay(hours.Day.Weekday()))
	if hours.Weeks == 0 {
		block.Note = b.T("hours.note_young")
	}
	block.Legend = []Key{{"this", b.T("legend.today")}, {"past", b.T("legend.usual")}, {"band", b.T("legend.band")}}
	block.Table = b.hoursTable(hours)
	block.Chart = b.hoursChart(hours)
	return block
}

func (b builder) hoursTable(hours figures.Hours) *Table {
	c := hours.Currency
	t := &Table{Columns: append(b.columns("column.hour", "column.tickets", "column.usual", "column.low", "column.high"),
		Column{Name: b.T("column.revenue", c)}, Column{Name: b.T("column.usual_revenue", c)})}
	for _, p := range hours.Points {
		row := Row{Cells: []Cell{
			textCell(fmt.Sprintf("%02d:%02d", p.Minute/60, p.Minute%60)),
			numberCell(p.Tickets.Today), numberCell(p.Tickets.Median), numberCell(p.Tickets.Low), numberCell(p.Tickets.High),
			maybeMoneyCell(p.Revenue.Today, c), maybeMoneyCell(p.Revenue.Median, c),
		}}
		if p.Minute%60 != 0 {
			row.Mark = "now"
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (b builder) hoursChart(hours figures.Hours) *Chart {
	chart := &Chart{To: 24 * 60}
	low, high, past, this := Series{Look: "low"}, Series{Look: "high"}, Series{Look: "past"}, Series{Look: "this"}
	for _, p := range hours.Points {
		band := p.Tickets
		if b.ask.money {
			band = p.Revenue
		}
		if p.Minute%60 != 0 {
			chart.Now = at(float64(p.Minute))
		}
		chart.X = append(chart.X, float64(p.Minute))
		low.Values, high.Values = append(low.Values, toFloat(band.Low)), append(high.Values, toFloat(band.High))
		past.Values, this.Values = append(past.Values, toFloat(band.Median)), append(this.Values, toFloat(band.Today))
	}
	chart.Series = []Series{low, high, past, this}
	for h := 0; h <= 24; h += 3 {
		chart.XTicks = append(chart.XTicks, AxisTick{float64(h * 60), fmt.Sprintf("%02d:00", h)})
	}
	chart.scale(b.axis)
	return chart
}

// hoursTitle compares the last known minute with the same minute of the weeks before.
func (b builder) hoursTitle(hours figures.Hours) string {
	last := slices.IndexFunc(hours.Points, func(p figures.HourPoint) bool { return p.Tickets.Today == nil }) - 1
	if last == -2 {
		last = len(hours.Points) - 1
	}
	if last < 0 {
		return b.T("hours.title")
	}
	band := hours.Points[last].Tickets
	sold, clock := band.Today.IntPart(), b.Clock(b.now)
	switch {
	case band.Low == nil || band.High == nil:
		return b.T("hours.plain", sold, clock)
	case band.Today.LessThan(*band.Low):
		return b.T("hours.below", sold, clock)
	case band.Today.GreaterThan(*band.High):
		return b.T("hours.above", sold, clock)
	default:
		return b.T("hours.within", sold, clock)
	}
}

func (b builder) citiesBlock() Block {
	block, ok := made(b, "cities", b.d.cities)
	if !ok {
		return block
	}
	cities := b.d.cities.value
	if len(cities.Cities) == 0 {
		block.Empty = b.T("cities.empty")
		return block
	}
	total := cities.Total.Tickets
	block.Note, block.Switch = b.periodNote(), b.periodLinks()
	if first := cities.Cities[0]; total > 0 {
		block.Title = b.T("cities.heading", b.cityName(first.City), b.PercentWhole(decimal.NewFromInt(first.Tickets).DivRound(decimal.NewFromInt(total), 4)))
	}
	currencies := currenciesOf(cities.Total.Totals)
	t := &Table{Most: 25, Columns: append(b.columns("column.city", "column.upcoming", "column.tickets", "column.refunded"), b.moneyColumns(currencies)...)}
	compared := slices.ContainsFunc(cities.Cities, func(c figures.CityLine) bool { return c.Before != nil })
	if compared {
		t.Columns = append(t.Columns, Column{Name: b.T("column.before")})
	}
	for _, c := range cities.Cities {
		name := textCell(b.cityName(c.City))
		if c.City != "" {
			name = namedCell(c.City).link(b.ask.url(func(a *ask) { a.filter.City = c.City }))
		}
		row := Row{Cells: []Cell{name, countCell(c.Upcoming), countCell(c.Tickets).bar(float64(c.Tickets), float64(cities.Cities[0].Tickets)), countCell(c.Refunded).mark(lost(c.Refunded > 0))}}
		row.Cells = append(row.Cells, moneyCells(c.Totals, currencies)...)
		if compared {
			row.Cells = append(row.Cells, beforeCell(c.Before))
		}
		t.Rows = append(t.Rows, row)
	}
	block.Table = t
	return block
}

func (b builder) cityName(city string) string {
	if strings.TrimSpace(city) == "" {
		return b.T("city.none")
	}
	return isolated(city)
}

// beforeCell are the tickets of the time it is compared with; unknown is not zero.
func beforeCell(f *figures.Totals) Cell {
	if f == nil {
		return Cell{kind: kindCount}
	}
	return countCell(f.Tickets)
}

// periodNote says what days a block covers.
func (b builder) periodNote() string {
	f := b.ask.filter
	if f.Period == figures.PeriodRange {
		return b.T("period.range", b.Date(f.From), b.Date(f.To))
	}
	return b.T("period.note." + string(f.Period))
}
