package block

import (
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var _ = define(Block{ID: "cards", Screen: address.Today, Order: 20}, (*figures.Store).Cards, Builder.cards)

func (b Builder) cards(v *View, cards figures.Cards) {
	v.Title = format.Capital(b.T("cards.heading", b.DayOfWeek(cards.Day), b.Clock(b.Now)))
	v.Note = b.T("cards.note", b.BaselineDay(cards.Day.Weekday()), cards.Weeks)
	usual := cards.UsualTickets()
	switch {
	case cards.Weeks == 0:
		v.Note = b.T("cards.note_young")
	case usual != nil && !figures.Compares(usual):
		v.Note = b.T("cards.note_few", b.fewTickets(*usual), b.Clock(b.Now))
	}
	v.Note, v.Under = "", v.Note
	v.Table = &format.Table{Columns: []format.Column{
		{Name: b.T("column.figure"), Plain: true}, {Name: b.T("column.currency"), Plain: true},
		{Name: b.T("column.value")}, {Name: b.T("column.usual")}, {Name: b.T("column.change")},
	}}
	positions := map[figures.CardName]int{}
	for _, c := range cards.Cards {
		v.Table.Rows = append(v.Table.Rows, format.Row{Cells: []format.Cell{
			format.Text(b.T("card." + string(c.Name))), format.Text(c.Currency),
			b.cardCell(c, c.Value).WithLink(b.cardWhy(c, cards)),
			b.cardCell(c, c.Baseline), format.Percent(hundredth(c.Percent)),
		}})
		if position, shown := positions[c.Name]; shown { // the same in another currency
			if c.Value != nil && !c.Value.IsZero() {
				v.Cards[position].More = append(v.Cards[position].More,
					MoreView{b.cardValue(c, c.Value), b.cardWhy(c, cards)})
			}
			continue
		}
		if c.Name == figures.CardRefunded {
			continue // stands under the refunds
		}
		positions[c.Name] = len(v.Cards)
		v.Cards = append(v.Cards, b.cardView(c, cards))
	}
	v.Cards = append(v.Cards, b.nextShow(cards.Next))
	if len(cards.Month) > 0 {
		v.Cards = append(v.Cards, b.monthCard(cards.Month))
		for _, m := range cards.Month {
			v.Table.Rows = append(v.Table.Rows, b.monthRows(m, len(cards.Month) == 1)...)
		}
	}
}

// monthCard is how much of the plan of this month is reached, with a mark where the month is.
func (b Builder) monthCard(plans []figures.MonthPlan) CardView {
	main := plans[0]
	now := b.Now.In(sales.Moscow)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, sales.Moscow)
	next := first.AddDate(0, 1, 0)
	days := next.AddDate(0, 0, -1).Day()
	passed := decimal.NewFromInt(int64(now.Sub(first))).DivRound(decimal.NewFromInt(int64(next.Sub(first))), 4)
	fill := decimal.Min(decimal.Max(main.Done(), decimal.Zero), decimal.NewFromInt(1))
	v := CardView{Label: b.T("card.month"), Value: b.Percent(main.Done()), Why: b.monthWhy(main, len(plans) == 1),
		Meter: &Meter{Fill: fill.Shift(2).StringFixed(1), Mark: passed.Shift(2).StringFixed(1)}}
	if will, planned := main.WillBe(); will != nil {
		low, high := part(will.Low, planned), part(will.High, planned)
		v.Meter.From, v.Meter.Width = low.Shift(2).StringFixed(1), high.Sub(low).Shift(2).StringFixed(1)
	}
	v.Note = Joined(" · ", b.monthOf(main), b.monthWillBe(main, next.AddDate(0, 0, -1)),
		b.T("card.month_day", now.Day(), days), b.T("card.month_events", main.Events))
	for _, m := range plans[1:] {
		v.More = append(v.More, MoreView{b.Percent(m.Done()) + " · " + b.monthOf(m), b.monthWhy(m, false)})
	}
	return v
}

// monthFacts are what is reached of a plan for the present month. Tickets of several currencies cannot be told apart
// where no money is shown.
func (b Builder) monthFacts(m figures.MonthPlan, alone bool) (tickets, revenue format.Cell) {
	now := b.Now.In(sales.Moscow)
	n := b.numbers().inMonth(now)
	n.filter.Show = 0 // plans are those of the city and the event, whatever the show
	tickets, revenue = format.Count(m.Sold), format.Money(m.Income, m.Currency)
	month := now.Format("200601")
	if alone || m.Currency != "" {
		tickets = n.of(figures.ByPlan, month, figures.PlanTickets).link(tickets, figures.FigureSold, m.Currency)
	}
	return tickets, n.of(figures.ByPlan, month, figures.PlanRevenue).link(revenue, figures.FigureRevenue, m.Currency)
}

// monthWhy is the address of what Done is about; "": nothing is reached.
func (b Builder) monthWhy(m figures.MonthPlan, alone bool) string {
	tickets, revenue := b.monthFacts(m, alone)
	if m.Revenue.IsPositive() {
		return revenue.Href
	}
	return tickets.Href
}

// monthOf is what is reached of a plan.
func (b Builder) monthOf(m figures.MonthPlan) string {
	if m.Revenue.IsPositive() {
		return b.T("card.month_of", b.MoneyShort(m.Income, m.Currency), b.MoneyShort(m.Revenue, m.Currency))
	}
	return b.T("card.month_of_tickets", m.Sold, m.Tickets)
}

// part of a plan, within the width of its bar.
func part(of int64, planned decimal.Decimal) decimal.Decimal {
	share := decimal.NewFromInt(of).DivRound(planned, 4)
	return decimal.Min(decimal.Max(share, decimal.Zero), decimal.NewFromInt(1))
}

// monthWillBe is what the month will have brought by its last day; "": that cannot be told.
func (b Builder) monthWillBe(m figures.MonthPlan, last time.Time) string {
	will, _ := m.WillBe()
	if will == nil {
		return ""
	}
	low, high := b.Int(will.Low), b.Int(will.High)
	if m.Revenue.IsPositive() {
		low = b.MoneyShort(decimal.NewFromInt(will.Low), m.Currency)
		high = b.MoneyShort(decimal.NewFromInt(will.High), m.Currency)
	}
	return b.T("card.month_will", b.Day(last), low, high)
}

// monthRows are the plan of this month and what is reached of it, for the table.
func (b Builder) monthRows(m figures.MonthPlan, alone bool) (rows []format.Row) {
	sold, income := b.monthFacts(m, alone)
	add := func(name string, value format.Cell) {
		rows = append(rows, format.Row{Cells: []format.Cell{format.Text(b.T(name)), format.Text(m.Currency), value, {}, {}}})
	}
	if m.Tickets > 0 {
		add("card.month_tickets_plan", format.Count(m.Tickets))
		add("card.month_tickets", sold)
		if m.WillSell != nil {
			add("card.month_tickets_low", format.Count(m.WillSell.Low))
			add("card.month_tickets_high", format.Count(m.WillSell.High))
		}
	}
	if m.Revenue.IsPositive() {
		add("card.month_revenue_plan", format.Money(m.Revenue, m.Currency))
		add("card.month_revenue", income)
		if m.WillBring != nil {
			add("card.month_revenue_low", format.Money(decimal.NewFromInt(m.WillBring.Low), m.Currency))
			add("card.month_revenue_high", format.Money(decimal.NewFromInt(m.WillBring.High), m.Currency))
		}
	}
	return rows
}

// cardFigures are what the cards count; an average price is one of what was paid.
var cardFigures = map[figures.CardName]figures.Figure{
	figures.CardTickets: figures.FigureTickets, figures.CardRevenue: figures.FigureGross,
	figures.CardRefunds: figures.FigureRefunds, figures.CardRefunded: figures.FigureRefunded,
	figures.CardAverage: figures.FigureGross,
}

// cardWhy is the address of what a card is made of; "": there is nothing to see.
func (b Builder) cardWhy(c figures.Card, all figures.Cards) string {
	figure, sum := cardFigures[c.Name]
	if !sum || c.Value == nil || c.Value.IsZero() {
		return ""
	}
	return b.numbers().onDay(all.Day).address(figure, c.Currency)
}

func hundredth(d *decimal.Decimal) *decimal.Decimal {
	if d == nil {
		return nil
	}
	ratio := d.Shift(-2)
	return &ratio
}

func (b Builder) cardCell(c figures.Card, d *decimal.Decimal) format.Cell {
	if c.Currency != "" {
		return format.MaybeMoney(d, c.Currency)
	}
	return format.Number(d)
}

func (b Builder) cardValue(c figures.Card, d *decimal.Decimal) string {
	switch {
	case d == nil:
		return format.Unknown
	case c.Currency != "":
		return b.MoneyRounded(*d, c.Currency)
	default:
		return b.Number(*d, 1)
	}
}

func (b Builder) cardView(c figures.Card, all figures.Cards) CardView {
	v := CardView{Label: b.T("card." + string(c.Name)), Value: b.cardValue(c, c.Value),
		UpIsBad: c.Name == figures.CardRefunds, Why: b.cardWhy(c, all)}
	usual := all.UsualTickets()
	switch { // one rule for all cards: they are compared where enough tickets are usual
	case usual != nil && !figures.Compares(usual):
	case c.Baseline == nil:
		v.Note = b.T("card.no_usual")
	case c.Currency == "":
		v.Note = b.T("card.usually", b.fewTickets(*c.Baseline))
	default:
		v.Note = b.T("card.usually", b.cardValue(c, c.Baseline))
	}
	if c.Percent != nil && figures.Compares(usual) {
		ratio := c.Percent.Shift(-2)
		v.Change = b.Change(ratio)
		v.Trend = trend(ratio.Shift(2).Round(0).Sign())
	}
	if c.Name == figures.CardRefunds && all.Today.Refunded > 0 {
		v.Note = Joined(" · ", b.T("card.refunded", all.Today.Refunded), v.Note)
	}
	if c.Name == figures.CardTickets && all.Today.Free > 0 {
		v.Note = Joined(" · ", v.Note, b.T("card.free", all.Today.Free))
	}
	return v
}

// fewTickets is a median of tickets in whole ones: there is no half of a ticket.
func (b Builder) fewTickets(median decimal.Decimal) string {
	if median.IsPositive() && median.LessThan(decimal.NewFromInt(1)) {
		return b.T("card.under_one")
	}
	return b.Number(median.Round(0), 0)
}

func trend(sign int) string { return []string{"down", "even", "up"}[sign+1] }

func (b Builder) nextShow(next *figures.ShowLine) CardView {
	v := CardView{Label: b.T("card.next"), Value: format.Unknown, Note: b.T("card.no_next")}
	if next == nil {
		return v
	}
	v.Value = b.daysLeft(*next)
	v.Note = format.Sanitize(next.Event) + " · " + b.showSoon(*next)
	v.Href = b.Params.ToEvent(next.EventID, next.ShowID)
	return v
}
