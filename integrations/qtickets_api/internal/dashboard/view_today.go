package dashboard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

func (b builder) alertsBlock(id string) Block {
	block, ok := made(b, id, b.d.alerts)
	if !ok {
		return block
	}
	if len(b.d.alerts.value) == 0 {
		if b.ask.screen == screenToday { // good news needs no room on the first page
			return Block{}
		}
		block.Title = b.T("alerts.none")
		return block
	}
	block.Title = b.T("alerts.open", len(b.d.alerts.value))
	block.Table = b.alertTable(b.d.alerts.value)
	for _, a := range b.d.alerts.value {
		block.Lines = append(block.Lines, Line{
			Text: b.ruleName(a.Rule) + subjectOf(a) + ". " + foreign(a.Text),
			Note: b.T("alerts.since", b.Moment(a.OpenedAt, b.now)),
			Next: b.nextStep(a.Rule), Open: true,
		})
	}
	return block
}

func subjectOf(a AlertLine) string {
	if a.Subject == "" {
		return ""
	}
	return " (" + isolated(a.Subject) + ")"
}

func (b builder) ruleName(rule string) string { return b.known("rule."+rule, rule) }

func (b builder) nextStep(rule string) string { return b.known("next."+rule, "") }

// known is a text of the catalogue, or what to show where a newer loader knows more than this page.
func (b builder) known(key, otherwise string) string {
	if _, found := catalogues[b.lang][key]; found {
		return b.T(key)
	}
	return otherwise
}

func (b builder) alertTable(list []AlertLine) *Table {
	t := &Table{Columns: []Column{
		{Name: b.T("column.opened"), Plain: true}, {Name: b.T("column.ended"), Plain: true},
		{Name: b.T("column.rule"), Plain: true}, {Name: b.T("column.text"), Plain: true},
	}}
	for _, a := range list {
		ended := momentCell(a.EndedAt)
		if a.EndedAt == nil {
			ended = textCell(b.T("alerts.goes_on")).mark("bad")
		}
		t.Rows = append(t.Rows, Row{Cells: []Cell{
			momentCell(&a.OpenedAt), ended, textCell(b.ruleName(a.Rule) + subjectOf(a)), namedCell(a.Text),
		}})
	}
	return t
}

func (b builder) cardsBlock() Block {
	block, ok := made(b, "cards", b.d.cards)
	if !ok {
		return block
	}
	cards := b.d.cards.value
	block.Title = capital(b.T("cards.heading", b.DayOfWeek(cards.Day), b.Clock(b.now)))
	block.Note = b.T("cards.note", b.UsualDay(cards.Day.Weekday()), cards.Weeks)
	if cards.Weeks == 0 {
		block.Note = b.T("cards.note_young")
	}
	block.Table = &Table{Columns: []Column{
		{Name: b.T("column.figure"), Plain: true}, {Name: b.T("column.currency"), Plain: true},
		{Name: b.T("column.value")}, {Name: b.T("column.usual")}, {Name: b.T("column.change")},
	}}
	places := map[CardName]int{}
	for _, c := range cards.Cards {
		block.Table.Rows = append(block.Table.Rows, Row{Cells: []Cell{
			textCell(b.T("card." + string(c.Name))), textCell(c.Currency), b.cardCell(c, c.Value), b.cardCell(c, c.Usual), percentCell(hundredth(c.Percent)),
		}})
		if place, shown := places[c.Name]; shown { // the same in another currency
			if c.Value != nil && !c.Value.IsZero() {
				block.Cards[place].More = append(block.Cards[place].More, b.cardValue(c, c.Value))
			}
			continue
		}
		if c.Name == CardRefunded {
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

func (b builder) cardCell(c Card, d *decimal.Decimal) Cell {
	if c.Currency != "" {
		return maybeMoneyCell(d, c.Currency)
	}
	return numberCell(d)
}

func (b builder) cardValue(c Card, d *decimal.Decimal) string {
	switch {
	case d == nil:
		return unknown
	case c.Currency != "":
		return b.MoneyWhole(*d, c.Currency)
	default:
		return b.Number(*d, 1)
	}
}

func (b builder) cardView(c Card, all Cards) CardView {
	v := CardView{Label: b.T("card." + string(c.Name)), Value: b.cardValue(c, c.Value), Bad: c.Name == CardRefunds}
	v.Note = b.T("card.no_usual")
	if c.Usual != nil {
		v.Note = b.T("card.usually", b.cardValue(c, c.Usual))
	}
	if c.Percent != nil {
		ratio := c.Percent.Shift(-2)
		v.Change = b.Change(ratio)
		v.Trend = trend(ratio.Shift(2).Round(0).Sign())
	}
	if c.Name == CardRefunds && all.Today.Refunded > 0 {
		v.Note = b.T("card.refunded", all.Today.Refunded) + " · " + v.Note
	}
	if c.Name == CardTickets && all.Today.Free > 0 {
		v.Note += " · " + b.T("card.free", all.Today.Free)
	}
	return v
}

func trend(sign int) string { return []string{"down", "even", "up"}[sign+1] }

func (b builder) nextShow(next *ShowLine) CardView {
	v := CardView{Label: b.T("card.next"), Value: unknown, Note: b.T("card.no_next")}
	if next == nil {
		return v
	}
	v.Value = b.daysLeft(*next)
	v.Note = foreign(next.Event) + " · " + b.showTime(*next)
	v.Href = b.ask.toEvent(next.EventID, next.ShowID)
	return v
}

// daysLeft says how soon a show is.
func (b builder) daysLeft(s ShowLine) string {
	switch {
	case s.Over:
		return b.T("show.over")
	case s.DaysLeft == nil:
		return unknown
	case *s.DaysLeft == 0:
		return b.T("show.today")
	case *s.DaysLeft == 1:
		return b.T("show.tomorrow")
	default:
		return b.T("show.in_days", *s.DaysLeft)
	}
}

func (b builder) showTime(s ShowLine) string {
	if s.Start != nil {
		return b.ShowTime(*s.Start, s.Zone, foreign(s.City))
	}
	if s.City != "" {
		return b.T("show.no_date") + " (" + foreign(s.City) + ")"
	}
	return b.T("show.no_date")
}

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
	block.Note = b.T("hours.note", hours.Weeks, b.UsualDay(hours.Day.Weekday()))
	if hours.Weeks == 0 {
		block.Note = b.T("hours.note_young")
	}
	block.Legend = []Key{{"this", b.T("legend.today")}, {"past", b.T("legend.usual")}, {"band", b.T("legend.band")}}
	c := hours.Currency
	block.Table = &Table{Columns: append(b.columns("column.hour", "column.tickets", "column.usual", "column.low", "column.high"),
		Column{Name: b.T("column.revenue", c)}, Column{Name: b.T("column.usual_revenue", c)})}
	chart := &Chart{To: 24 * 60}
	series := map[string][]*float64{}
	for _, p := range hours.Points {
		band, row := p.Tickets, Row{}
		if b.ask.money {
			band = p.Revenue
		}
		chart.X = append(chart.X, float64(p.Minute))
		for look, v := range map[string]*decimal.Decimal{"low": band.Low, "high": band.High, "past": band.Median, "this": band.Today} {
			series[look] = append(series[look], toFloat(v))
		}
		if p.Minute%60 != 0 {
			row.Mark = "now"
			chart.Now = at(float64(p.Minute))
		}
		row.Cells = []Cell{
			textCell(fmt.Sprintf("%02d:%02d", p.Minute/60, p.Minute%60)),
			numberCell(p.Tickets.Today), numberCell(p.Tickets.Median), numberCell(p.Tickets.Low), numberCell(p.Tickets.High),
			maybeMoneyCell(p.Revenue.Today, c), maybeMoneyCell(p.Revenue.Median, c),
		}
		block.Table.Rows = append(block.Table.Rows, row)
	}
	for _, look := range []string{"low", "high", "past", "this"} {
		chart.Series = append(chart.Series, Series{look, series[look]})
	}
	for h := 0; h <= 24; h += 3 {
		chart.XTicks = append(chart.XTicks, AxisTick{float64(h * 60), fmt.Sprintf("%02d:00", h)})
	}
	chart.scale(b.axis)
	block.Chart = chart
	return block
}

// hoursTitle compares the last known minute with the same minute of the weeks before.
func (b builder) hoursTitle(hours Hours) string {
	last := slices.IndexFunc(hours.Points, func(p HourPoint) bool { return p.Tickets.Today == nil }) - 1
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

func (b builder) showsBlock() Block {
	block, ok := made(b, "shows", b.d.shows)
	if !ok {
		return block
	}
	list := b.d.shows.value.Shows
	if len(list) == 0 {
		block.Title, block.Empty = b.T("shows.title"), b.T("shows.empty")
		return block
	}
	need := 0
	for _, s := range list {
		if s.Reason == ShowSilent || s.Reason == ShowBehind || s.Reason == ShowFalling {
			need++
		}
	}
	block.Title = b.T("shows.need", need, len(list))
	if need == 0 {
		block.Title = b.T("shows.no_need", len(list))
	}
	block.Note = b.T("shows.note")
	block.Table = b.showTable(list)
	return block
}

// showTable has one row per show, with the reason for its place in the list.
func (b builder) showTable(list []ShowLine) *Table {
	var all []Figures
	for _, s := range list {
		all = append(all, Figures{Money: s.Money})
	}
	currencies := currenciesOf(all...)
	t := &Table{Most: 100, Columns: []Column{
		{Name: b.T("column.show"), Plain: true}, {Name: b.T("column.date"), Plain: true, Extra: true}, {Name: b.T("column.city"), Plain: true, Extra: true},
		{Name: b.T("column.reason"), Plain: true, Bare: true},
		{Name: b.T("column.fill")}, {Name: b.T("column.sold"), Less: true}, {Name: b.T("column.left"), Less: true}, {Name: b.T("column.days_left")},
		{Name: b.T("column.speed"), Less: true}, {Name: b.T("column.need")}, {Name: b.T("column.net")},
	}}
	if len(currencies) > 1 {
		t.Columns = append(t.Columns, Column{Name: b.T("column.currency"), Plain: true, Extra: true})
	}
	for _, s := range list {
		t.Rows = append(t.Rows, b.showRow(s, len(currencies) > 1))
	}
	return t
}

func (b builder) showRow(s ShowLine, several bool) Row {
	name := s.Event
	if s.Name != "" && s.Name != s.Event {
		name += " — " + s.Name
	}
	fill := percentCell(s.Fill)
	if s.Fill != nil {
		fill = fill.bar(s.Fill.InexactFloat64(), 1)
	}
	var daysLeft *int64
	if s.DaysLeft != nil && !s.Over {
		n := int64(*s.DaysLeft)
		daysLeft = &n
	}
	speed := decimal.NewFromInt(s.Speed).DivRound(decimal.NewFromInt(7), 1)
	when := ""
	if s.Start != nil {
		when = b.ShowTime(*s.Start, s.Zone, "")
	}
	net, currency := Cell{kind: kindMoney}, Cell{}
	if len(s.Money) > 0 {
		net, currency = moneyCell(s.Money[0].Net(), s.Money[0].Currency), textCell(s.Money[0].Currency)
	}
	cells := []Cell{
		namedCell(name).link(b.ask.toEvent(s.EventID, s.ShowID)).under(b.showTime(s)), textCell(when), namedCell(s.City),
		textCell(b.T("reason." + string(s.Reason))).mark("reason " + string(s.Reason)),
		fill, countCell(s.Sold), maybeCountCell(s.Left), maybeCountCell(daysLeft), numberCell(&speed), numberCell(s.Need), net,
	}
	if several {
		cells = append(cells, currency)
	}
	return Row{Cells: cells}
}

func (b builder) weeksBlock() Block {
	block, ok := made(b, "weeks", b.d.weeks)
	if !ok {
		return block
	}
	return b.dayBlock(block, b.d.weeks.value, b.weeksTitle)
}

// weeksTitle compares the last four whole weeks with the four before.
func (b builder) weeksTitle(days []Day) string {
	var total, best int64
	var bestDay time.Time
	for _, d := range days {
		total += d.Tickets
		if d.Tickets > best {
			best, bestDay = d.Tickets, d.Date
		}
	}
	if best == 0 {
		return b.T("weeks.none")
	}
	return b.T("weeks.heading", total, b.DayOfWeek(bestDay), best)
}

// dayBlock draws figures by day: sales up, refunds down, what is not known hatched.
func (b builder) dayBlock(block Block, days Days, title func([]Day) string) Block {
	if len(days.Days) == 0 {
		block.Empty = b.T("days.empty")
		return block
	}
	block.Title, block.Note = title(days.Days), b.T("days.note")
	block.Switch = b.byLinks()
	block.Legend = []Key{{"bars", b.T("legend.sales")}, {"badbars", b.T("legend.refunds")}}
	t := &Table{Columns: append(b.columns("column.sales_day", "column.tickets", "column.refunded"), b.moneyColumns(days.Currencies)...)}
	chart := &Chart{From: -0.5, To: float64(len(days.Days)) - 0.5}
	sales, refunds := Series{Look: "bars"}, Series{Look: "badbars"}
	currency := mainCurrency(days.Currencies)
	most := int64(0)
	for _, d := range days.Days {
		most = max(most, d.Tickets)
	}
	for i, d := range days.Days {
		row := Row{Cells: []Cell{dateCell(d.Date)}}
		if d.State == DayUnknown {
			chart.Gaps = append(chart.Gaps, i)
			sales.Values, refunds.Values = append(sales.Values, nil), append(refunds.Values, nil)
			row.Mark = "gap"
			for range t.Columns[1:] {
				row.Cells = append(row.Cells, Cell{})
			}
			t.Rows = append(t.Rows, row)
			continue
		}
		if d.State == DayPartial {
			row.Mark = "now"
			row.Cells[0] = row.Cells[0].under(b.T("days.until", b.Clock(b.now)))
		}
		up, down := float64(d.Tickets), float64(d.Refunded)
		if b.ask.money {
			in := d.In(currency)
			up, down = in.Gross.InexactFloat64(), in.Refunds.InexactFloat64()
		}
		sales.Values = append(sales.Values, at(up))
		refunds.Values = append(refunds.Values, at(-down))
		refunded := countCell(d.Refunded).mark(lost(d.Refunded > 0))
		row.Cells = append(row.Cells, countCell(d.Tickets).bar(float64(d.Tickets), float64(most)), refunded)
		row.Cells = append(row.Cells, moneyCells(d.Figures, days.Currencies)...)
		t.Rows = append(t.Rows, row)
	}
	chart.Series = []Series{sales, refunds}
	chart.XTicks = b.dayTicks(days.Days)
	chart.scale(b.axis)
	block.Chart, block.Table = chart, t
	return block
}

// dayTicks stand at Mondays, or further apart where there are many.
func (b builder) dayTicks(days []Day) []AxisTick {
	every := 1
	for len(days)/7/every > 9 {
		every++
	}
	if len(days) <= 10 {
		every = 0
	}
	var ticks []AxisTick
	mondays := 0
	for i, d := range days {
		if every > 0 && d.Date.Weekday() != time.Monday {
			continue
		}
		if every == 0 || mondays%every == 0 {
			ticks = append(ticks, AxisTick{float64(i), b.Day(d.Date)})
		}
		mondays++
	}
	return ticks
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
	currencies := currenciesOf(cities.Total.Figures)
	t := &Table{Most: 25, Columns: append(b.columns("column.city", "column.upcoming", "column.tickets", "column.refunded"), b.moneyColumns(currencies)...)}
	compared := slices.ContainsFunc(cities.Cities, func(c CityLine) bool { return c.Compared != nil })
	if compared {
		t.Columns = append(t.Columns, Column{Name: b.T("column.before")})
	}
	for _, c := range cities.Cities {
		name := textCell(b.cityName(c.City))
		if c.City != "" {
			name = namedCell(c.City).link(b.ask.url(func(a *ask) { a.filter.City = c.City }))
		}
		row := Row{Cells: []Cell{name, countCell(c.Upcoming), countCell(c.Tickets).bar(float64(c.Tickets), float64(cities.Cities[0].Tickets)), countCell(c.Refunded).mark(lost(c.Refunded > 0))}}
		row.Cells = append(row.Cells, moneyCells(c.Figures, currencies)...)
		if compared {
			row.Cells = append(row.Cells, beforeCell(c.Compared))
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
func beforeCell(f *Figures) Cell {
	if f == nil {
		return Cell{kind: kindCount}
	}
	return countCell(f.Tickets)
}

// periodNote says what days a block covers.
func (b builder) periodNote() string {
	f := b.ask.filter
	if f.Period == PeriodRange {
		return b.T("period.range", b.Date(f.From), b.Date(f.To))
	}
	return b.T("period.note." + string(f.Period))
}
