package dashboard

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

func (b builder) eventBlock() Block {
	block, ok := made(b, "event", b.d.event)
	if !ok {
		return block
	}
	e := b.d.event.value
	line, all := e.Total, true
	if e.Show != nil {
		line, all = *e.Show, false
	} else if len(e.Shows) == 1 {
		line, all = e.Shows[0], false
	}
	block.Title = foreign(e.Name)
	head := &EventHead{Name: foreign(e.Name), Where: joined(" · ", foreign(e.City), foreign(e.Place))}
	if all {
		head.When = b.T("event.all_shows", len(e.Shows))
	} else {
		head.When = b.showTime(line)
	}
	if len(e.Shows) > 1 {
		head.Shows = b.showLinks(e)
	}
	head.Facts = b.eventFacts(line, all)
	head.More = Link{Text: b.T("event.channels"), Href: b.ask.url(func(next *ask) {
		next.screen, next.filter = screenChannels, Filter{Event: e.EventID, Period: PeriodSeason}
	})}
	block.Heading = head
	block.Table = b.factTable(line)
	return block
}

// factTable are the figures of the head for the CSV.
func (b builder) factTable(s ShowLine) *Table {
	return b.showTable([]ShowLine{s})
}

func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}

// showLinks are the dates of an event, those to come first.
func (b builder) showLinks(e Event) []Link {
	list := []Link{{Text: b.T("event.all"), Current: e.Show == nil, Href: b.ask.toEvent(e.EventID, 0)}}
	for _, s := range e.Shows {
		label := b.T("show.no_date")
		if s.LocalDate != nil {
			label = joined(", ", b.DayOfWeek(*s.LocalDate), s.LocalTime)
		}
		list = append(list, Link{Text: label, Href: b.ask.toEvent(s.EventID, s.ShowID), Current: e.Show != nil && e.Show.ShowID == s.ShowID})
	}
	return list
}

func (b builder) eventFacts(s ShowLine, all bool) []CardView {
	sold := CardView{Label: b.T("fact.sold"), Value: b.Int(s.Sold), Note: b.T("fact.no_seats")}
	if s.Capacity != nil {
		sold.Note = b.T("fact.of_capacity", *s.Capacity)
	}
	if s.Free > 0 {
		sold.Note += " · " + b.T("card.free", s.Free)
	}
	fill := CardView{Label: b.T("fact.fill"), Value: b.Cell(percentCell(s.Fill)), Note: b.T("fact.no_seats")}
	if s.Left != nil {
		fill.Note = b.T("fact.left", *s.Left)
	}
	facts := []CardView{sold, fill}
	if len(s.Money) == 0 {
		facts = append(facts, CardView{Label: b.T("fact.revenue"), Value: b.MoneyWhole(decimal.Zero, s.PossibleCurrency), Note: b.T("fact.nothing")})
	}
	for i, a := range s.Money {
		v := CardView{Label: b.T("fact.revenue"), Value: b.MoneyWhole(a.Net(), a.Currency), Note: b.T("fact.gross", b.MoneyWhole(a.Gross, a.Currency))}
		if i > 0 {
			facts[2].More = append(facts[2].More, v.Value)
			continue
		}
		facts = append(facts, v)
	}
	main := ""
	if len(s.Money) > 0 {
		main = s.Money[0].Currency
	}
	refunds := CardView{Label: b.T("fact.refunds"), Value: b.Int(s.Refunded), Note: b.T("fact.none")}
	if len(s.Money) > 0 && s.Refunded > 0 {
		refunds.Note = b.MoneyWhole(s.Money[0].Refunds, main)
	}
	share := CardView{Label: b.T("fact.share"), Value: b.Cell(percentCell(s.Share)), Note: b.T("fact.no_possible")}
	if s.Possible != nil {
		share.Note = b.T("fact.of", b.MoneyWhole(*s.Possible, s.PossibleCurrency))
	}
	facts = append(facts, refunds, share)
	if all {
		return facts
	}
	left := CardView{Label: b.T("fact.left_days"), Value: b.daysLeft(s), Note: b.reason(s)}
	if s.Need != nil {
		speed := decimal.NewFromInt(s.Speed).DivRound(decimal.NewFromInt(7), 1)
		left.Note = b.T("fact.need", b.Number(*s.Need, 1), b.Number(speed, 1))
	}
	return append(facts, left)
}

func (b builder) eventDaysBlock() Block {
	block, ok := made(b, "event-days", b.d.days)
	if !ok {
		return block
	}
	return b.dayBlock(block, b.d.days.value, b.eventDaysTitle)
}

func (b builder) eventDaysTitle(days []Day) string {
	var tickets, refunded int64
	for _, d := range days {
		tickets, refunded = tickets+d.Tickets, refunded+d.Refunded
	}
	return b.T("event-days.heading", tickets, refunded)
}

func (b builder) zonesBlock() Block {
	if b.shown() == 0 {
		return Block{}
	}
	block, ok := made(b, "zones", b.d.zones)
	if !ok {
		return block
	}
	zones := b.d.zones.value
	if len(zones.Zones) == 0 {
		block.Empty = b.T("zones.empty")
		return block
	}
	if zones.SeenAt != nil {
		block.Note = b.T("zones.note", b.Moment(*zones.SeenAt, b.now))
	}
	full := 0
	for _, z := range zones.Zones {
		if z.Free != nil && *z.Free == 0 {
			full++
		}
	}
	if full > 0 {
		block.Title = b.T("zones.full", full, len(zones.Zones))
	} else {
		block.Title = b.T("zones.heading", len(zones.Zones))
	}
	block.Table = &Table{Columns: b.columns("column.zone", "column.fill", "column.sold", "column.left", "column.held", "column.closed", "column.capacity", "column.min_price", "column.max_price")}
	for _, z := range zones.Zones {
		fill := percentCell(z.Fill)
		if z.Fill != nil {
			fill = fill.bar(z.Fill.InexactFloat64(), 1)
		}
		block.Table.Rows = append(block.Table.Rows, Row{Cells: []Cell{
			namedCell(z.Name), fill, maybeCountCell(z.Sold), maybeCountCell(z.Free), maybeCountCell(z.Held), maybeCountCell(z.Closed),
			maybeCountCell(z.Capacity), maybeMoneyCell(z.MinPrice, z.Currency), maybeMoneyCell(z.MaxPrice, z.Currency),
		}})
	}
	return block
}

// shown is the show whose pacing and hall are drawn, 0 when it is all of them.
func (b builder) shown() uint64 { return shownShow(b.d.event.value, b.ask.filter.Show) }

// eventShowsBlock lists the shows when none is chosen.
func (b builder) eventShowsBlock() Block {
	e := b.d.event
	if e.err != nil || len(e.value.Shows) < 2 || e.value.Show != nil {
		return Block{}
	}
	return Block{ID: "event-shows", Title: b.T("event-shows.heading", len(e.value.Shows)), Table: b.showTable(e.value.Shows)}
}
