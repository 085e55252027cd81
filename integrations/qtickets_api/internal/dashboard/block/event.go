package block

import (
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "event", Screen: address.Event, Order: 10}, (*figures.Store).Event, Builder.event)

func (b Builder) event(v *View, e figures.Event) {
	line, all := e.Total, true
	if e.Show != nil {
		line, all = *e.Show, false
	} else if len(e.Shows) == 1 {
		line, all = e.Shows[0], false
	}
	v.Title = format.Sanitize(e.Name)
	head := &EventHead{Name: format.Sanitize(e.Name), Where: Joined(", ", format.Sanitize(e.Place),
		format.Sanitize(e.City))}
	if all {
		head.When = b.T("event.all_shows", len(e.Shows))
	} else {
		line.City = "" // it stands beside the place
		head.When = b.showSoon(line)
	}
	if len(e.Shows) > 1 && b.Params.Scope.Show == 0 {
		head.Shows = b.showLinks(e)
	}
	head.Facts = b.eventFacts(line, all)
	if b.Params.Scope.Event == 0 {
		head.More = b.channelsOf(e.EventID)
	}
	v.Heading = head
	v.Table = b.showTable([]figures.ShowLine{line}) // for the CSV
}

// channelsOf leads to the channels of an event.
func (b Builder) channelsOf(event uint64) Link {
	return Link{Text: b.T("event.channels"), Href: b.Params.With(func(next *address.Params) {
		next.Screen, next.Filter = address.Channels, figures.Filter{Event: event, Period: figures.PeriodAll}
	})}
}

// showLinks are the dates of an event, those to come first.
func (b Builder) showLinks(e figures.Event) []Link {
	list := []Link{{Text: b.T("event.all"), Current: e.Show == nil, Href: b.Params.ToEvent(e.EventID, 0)}}
	for _, s := range e.Shows {
		label := b.T("show.no_date")
		if s.LocalDate != nil {
			label = Joined(", ", b.DayOfWeek(*s.LocalDate), s.LocalTime)
		}
		list = append(list, Link{Text: label, Href: b.Params.ToEvent(s.EventID, s.ShowID),
			Current: e.Show != nil && e.Show.ShowID == s.ShowID})
	}
	return list
}

// soldOfPlan compares what is sold with the plan rather than with the hall, which has another card.
func (b Builder) soldOfPlan(v *CardView, s figures.ShowLine) {
	planned := s.Outlook.Plan
	v.Note = b.T("fact.of_plan", planned, b.Percent(decimal.NewFromInt(s.Sold).DivRound(decimal.NewFromInt(planned), 4)))
	if places := s.Places(); places > 0 {
		v.Note += " · " + b.T("fact.seats", places)
		if planned > places {
			v.Warning = b.T("fact.plan_above_hall")
		}
	}
}

func (b Builder) eventFacts(s figures.ShowLine, all bool) []CardView {
	sold := CardView{Label: b.T("fact.sold"), Value: b.Int(s.Sold), Note: b.T("fact.no_seats"),
		Why: b.factWhy(s, s.Sold != 0, figures.FigureSold, "")}
	if s.Capacity != nil {
		sold.Note = b.T("fact.of_capacity", *s.Capacity)
	}
	if s.Capacity != nil && s.Closed != nil && *s.Closed > 0 { // the percentage beside it is of what is not closed
		sold.Note = b.T("fact.of_open", *s.Capacity-*s.Closed, *s.Closed)
	}
	if o := s.Outlook; o != nil && o.Planned && !all {
		b.soldOfPlan(&sold, s)
	}
	if s.Free > 0 {
		sold.Note += " · " + b.T("card.free", s.Free)
	}
	fill := CardView{Label: b.T("fact.fill"), Value: b.Cell(format.Percent(s.Fill)), Note: b.T("fact.no_seats")}
	if s.Left != nil {
		fill.Note = b.T("fact.left", *s.Left)
	}
	facts := append([]CardView{sold, fill}, b.moneyFacts(s)...)
	if all {
		return facts
	}
	left := CardView{Label: b.T("fact.left_days"), Value: b.daysLeft(s), Note: b.reason(s)}
	if s.DaysLeft != nil && !s.Over && *s.DaysLeft > 1 {
		left.Value = b.T("show.days", *s.DaysLeft)
	}
	if s.RequiredPace != nil && s.Reason != figures.ShowSoldOut { // where nothing is left to sell nothing is needed
		left.Note = b.T("fact.need", b.Number(*s.RequiredPace, 1), b.Number(s.PaceADay(), 1))
	}
	return append(facts, left)
}

// factWhy is the address of what a fact of a show, or of all shows, is made of.
func (b Builder) factWhy(s figures.ShowLine, any bool, figure figures.Figure, currency string) string {
	if !any {
		return ""
	}
	return b.numbers().ofShow(s.EventID, s.ShowID).address(figure, currency)
}

// moneyFacts are what an event or show brought; of refunds the tickets alone where no money is shown.
func (b Builder) moneyFacts(s figures.ShowLine) (facts []CardView) {
	if b.Params.Scope.NoMoney {
		return []CardView{{Label: b.T("fact.refunds"), Value: b.Int(s.Refunded), Note: b.T("fact.refunds_tickets"),
			Why: b.factWhy(s, s.Refunded > 0, figures.FigureRefunded, "")}}
	}
	if len(s.Money) == 0 {
		facts = append(facts, CardView{Label: b.T("fact.revenue"), Value: b.MoneyRounded(decimal.Zero, s.PotentialCurrency),
			Note: b.T("fact.nothing")})
	}
	for i, a := range s.Money {
		v := CardView{Label: b.T("fact.revenue"), Value: b.MoneyRounded(a.Net(), a.Currency),
			Note: b.T("fact.gross", b.MoneyRounded(a.Gross, a.Currency)),
			Why:  b.factWhy(s, !a.Net().IsZero(), figures.FigureRevenue, a.Currency)}
		if i > 0 {
			facts[0].More = append(facts[0].More, MoreView{v.Value, v.Why})
			continue
		}
		facts = append(facts, v)
	}
	main := ""
	if len(s.Money) > 0 {
		main = s.Money[0].Currency
	}
	refunds := CardView{Label: b.T("fact.refunds"), Value: b.Int(s.Refunded), Note: b.T("fact.none"),
		Why: b.factWhy(s, s.Refunded > 0, figures.FigureRefunded, "")}
	if len(s.Money) > 0 && s.Refunded > 0 {
		refunds.Note = b.MoneyRounded(s.Money[0].Refunds, main)
	}
	share := CardView{Label: b.T("fact.share"), Value: b.Cell(format.Percent(s.Share)), Note: b.T("fact.no_possible")}
	if s.GrossPotential != nil {
		share.Note = b.T("fact.of", b.MoneyRounded(*s.GrossPotential, s.PotentialCurrency))
	}
	return append(facts, refunds, share)
}
