package dashboard

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// span says in words which days are shown and what they are compared with.
func (b builder) span(s Span) string {
	note := b.T("span", b.Date(s.From), b.Date(s.To))
	if s.From.Year() < 2000 { // a season begins whenever
		return b.T("span.all", b.Date(s.To))
	}
	if s.From.Equal(s.To) {
		note = b.Date(s.From)
	}
	if s.BeforeFrom == nil || s.BeforeTo == nil {
		return note
	}
	until := ""
	if s.BeforeUntil != nil {
		until = b.T("span.until", b.MomentFull(*s.BeforeUntil))
	}
	note += " · " + b.T("span.before", b.Date(*s.BeforeFrom), b.Date(*s.BeforeTo)) + until
	if s.BeforeIncomplete {
		note += " · " + b.T("span.incomplete")
	}
	return note
}

// channelColumns are the figures of a channel, with the comparison where it is asked for.
func (b builder) channelColumns(first string, span Span, currencies []string) []Column {
	columns := append(b.columns(first, "column.tickets", "column.orders"), b.moneyColumns(currencies)...)
	columns[0].Wide, columns[2].Less = true, true
	if span.BeforeFrom != nil {
		columns = append(columns, Column{Name: b.T("column.before"), Less: true}, Column{Name: b.T("column.change")})
	}
	return columns
}

func (b builder) channelCells(first Cell, f Figures, before *Figures, span Span, currencies []string, most int64) []Cell {
	cells := append([]Cell{first, countCell(f.Tickets).bar(float64(f.Tickets), float64(most)), countCell(f.Orders)}, moneyCells(f, currencies)...)
	if span.BeforeFrom != nil {
		cells = append(cells, beforeCell(before), changeCell(f.Tickets, before))
	}
	return cells
}

// changeCell is a percentage only where there is enough to compare with.
func changeCell(now int64, before *Figures) Cell {
	if before == nil || before.Tickets < 10 {
		return Cell{kind: kindPercent}
	}
	was := decimal.NewFromInt(before.Tickets)
	change := decimal.NewFromInt(now).Sub(was).DivRound(was, 4)
	return percentCell(&change)
}

func (b builder) markCell(mark string) Cell {
	if mark == "" {
		return textCell(b.T("mark.none")).mark("quiet")
	}
	return namedCell(mark)
}

func (b builder) channelsBlock() Block {
	block, ok := made(b, "channels", b.d.channels)
	if !ok {
		return block
	}
	ch := b.d.channels.value
	block.Note = b.span(ch.Span)
	if total := ch.Total.Tickets; total > 0 {
		marked := total
		for _, s := range ch.Sources {
			if s.Mark == "" {
				marked -= s.Tickets
			}
		}
		share := decimal.NewFromInt(marked).DivRound(decimal.NewFromInt(total), 4)
		block.Title = b.T("channels.heading", b.PercentWhole(share), total)
	}
	currencies := currenciesOf(ch.Total.Figures)
	columns := b.channelColumns("column.source", ch.Span, currencies)
	t := &Table{Columns: append(columns, Column{Name: b.T("column.source"), Plain: true, Extra: true},
		Column{Name: b.T("column.medium"), Plain: true, Extra: true}, Column{Name: b.T("column.campaign"), Plain: true, Extra: true})}
	t.Columns[0].Name = b.T("column.mark")
	most := int64(0)
	for _, s := range ch.Sources {
		most = max(most, s.Tickets)
	}
	var add func(list []Channel, path []string)
	add = func(list []Channel, path []string) {
		for _, c := range list {
			here := append(append([]string{}, path...), c.Mark)
			cells := b.channelCells(b.markCell(c.Mark), c.Figures, c.Before, ch.Span, currencies, most)
			for i := range 3 {
				cell := Cell{}
				if i < len(here) {
					cell = b.markCell(here[i])
				}
				cells = append(cells, cell)
			}
			t.Rows = append(t.Rows, Row{Cells: cells, Level: len(path)})
			add(c.Parts, here)
		}
	}
	add(ch.Sources, nil)
	t.Most = 60
	block.Table = t
	return block
}

func (b builder) promoBlock() Block {
	block, ok := made(b, "promo", b.d.promo)
	if !ok {
		return block
	}
	promo := b.d.promo.value
	block.Note = b.span(Span{From: promo.Span.From, To: promo.Span.To})
	var all []Figures
	var with, total, most int64
	for _, c := range promo.Codes {
		all = append(all, c.Figures)
		total += c.Tickets
		if c.Code != "" {
			with += c.Tickets
			most = max(most, c.Tickets)
		}
	}
	if total > 0 {
		block.Title = b.T("promo.heading", with, b.PercentWhole(decimal.NewFromInt(with).DivRound(decimal.NewFromInt(total), 4)))
	}
	currencies := currenciesOf(all...)
	block.Table = &Table{Columns: b.channelColumns("column.code", promo.Span, currencies), Most: 12}
	for _, c := range promo.Codes {
		name, against := namedCell(c.Code), most
		if c.Code == "" {
			name, against = textCell(b.T("promo.none")).mark("quiet"), 0
		}
		block.Table.Rows = append(block.Table.Rows, Row{Cells: b.channelCells(name, c.Figures, c.Before, promo.Span, currencies, against)})
	}
	return block
}

func (b builder) daysBlock() Block {
	block, ok := made(b, "days", b.d.days)
	if !ok {
		return block
	}
	return b.dayBlock(block, b.d.days.value, func(days []Day) string {
		var tickets, refunded int64
		for _, d := range days {
			tickets, refunded = tickets+d.Tickets, refunded+d.Refunded
		}
		return b.T("days.heading", tickets, refunded)
	})
}

// heatSteps is how many shades the grid has; the lowest is "nothing".
const heatSteps = 6

func (b builder) heatBlock() Block {
	block, ok := made(b, "heat", b.d.heat)
	if !ok {
		return block
	}
	heat := b.d.heat.value
	block.Compact = true
	block.Note = b.T("heat.note")
	most, bestDay, bestHour := decimal.Zero, 0, 0
	for day := range heat.Cells {
		for hour, c := range heat.Cells[day] {
			if c.PerDay != nil && c.PerDay.GreaterThan(most) {
				most, bestDay, bestHour = *c.PerDay, day, hour
			}
		}
	}
	if most.Sign() > 0 {
		block.Title = b.T("heat.heading", b.T("heat.weekday."+string(rune('0'+bestDay))), clockRange(bestHour), b.Number(most, 1))
	}
	t := &Table{Columns: []Column{{Name: b.T("column.hour_msk"), Plain: true}}}
	for day := range 7 {
		t.Columns = append(t.Columns, Column{Name: b.Weekday(time.Weekday((day + 1) % 7))})
	}
	for hour := range 24 {
		row := Row{Cells: []Cell{textCell(clockRange(hour)[:2])}}
		for day := range 7 {
			c := heat.Cells[day][hour]
			row.Cells = append(row.Cells, numberCell(c.PerDay).mark(heatMark(c.PerDay, most)))
		}
		t.Rows = append(t.Rows, row)
	}
	block.Table = t
	return block
}

func clockRange(hour int) string {
	two := func(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }
	return two(hour) + "–" + two(hour+1)
}

// heatMark is one of six fixed shades.
func heatMark(x *decimal.Decimal, most decimal.Decimal) string {
	if x == nil || most.Sign() == 0 {
		return "hx"
	}
	if x.Sign() == 0 {
		return "h0"
	}
	step := x.Mul(decimal.NewFromInt(heatSteps - 1)).Div(most).Ceil().IntPart()
	return "h" + string(rune('0'+min(max(step, 1), heatSteps-1)))
}

func (b builder) leadBlock() Block {
	block, ok := made(b, "lead", b.d.lead)
	if !ok {
		return block
	}
	lead := b.d.lead.value
	if lead.Total == 0 {
		block.Empty = b.T("period.nothing")
		return block
	}
	var best LeadStep // of the shows whose date is known
	var most int64
	block.Table = &Table{Columns: b.columns("column.lead", "column.tickets", "column.share")}
	for _, s := range lead.Steps {
		most = max(most, s.Tickets)
		if s.Tickets > best.Tickets && !s.Unknown {
			best = s
		}
	}
	for _, s := range lead.Steps {
		block.Table.Rows = append(block.Table.Rows, Row{Cells: []Cell{
			textCell(b.leadName(s)), countCell(s.Tickets).bar(float64(s.Tickets), float64(most)), percentCell(s.Share),
		}})
	}
	if best.Tickets > 0 {
		block.Title = b.T("lead.heading", b.leadName(best), b.Cell(percentCell(best.Share)))
	}
	return block
}

func (b builder) leadName(s LeadStep) string {
	switch {
	case s.Unknown:
		return b.T("lead.unknown")
	case s.To == nil:
		return b.T("lead.more", s.From)
	case *s.To == s.From && s.From == 0:
		return b.T("lead.same_day")
	case *s.To == s.From:
		return b.T("lead.one", s.From)
	default:
		return b.T("lead.range", s.From, *s.To)
	}
}

func (b builder) sizesBlock() Block {
	block, ok := made(b, "sizes", b.d.sizes)
	if !ok {
		return block
	}
	sizes := b.d.sizes.value
	if sizes.Orders == 0 {
		block.Empty = b.T("period.nothing")
		return block
	}
	block.Title = b.T("sizes.heading", b.Cell(numberCell(sizes.Average)))
	most := int64(0)
	for _, s := range sizes.Sizes {
		most = max(most, s.Orders)
	}
	block.Table = &Table{Columns: b.columns("column.order_size", "column.orders", "column.share")}
	for _, s := range sizes.Sizes {
		name := b.Int(int64(s.Tickets))
		if s.Tickets == MaxOrderSize {
			name = b.T("sizes.more", s.Tickets)
		}
		block.Table.Rows = append(block.Table.Rows, Row{Cells: []Cell{textCell(name), countCell(s.Orders).bar(float64(s.Orders), float64(most)), percentCell(s.Share)}})
	}
	return block
}

func (b builder) paymentsBlock() Block {
	block, ok := made(b, "payments", b.d.payments)
	if !ok {
		return block
	}
	payments := b.d.payments.value
	if len(payments.Types) == 0 {
		block.Empty = b.T("period.nothing")
		return block
	}
	var all []Figures
	var most int64
	for _, p := range payments.Types {
		all = append(all, p.Figures)
		most = max(most, p.Tickets)
	}
	currencies := currenciesOf(all...)
	block.Table = &Table{Columns: b.channelColumns("column.payment", payments.Span, currencies)}
	for _, p := range payments.Types {
		name := namedCell(p.Type)
		if strings.TrimSpace(p.Type) == "" {
			name = textCell(b.T("payment.unknown")).mark("quiet")
		}
		block.Table.Rows = append(block.Table.Rows, Row{Cells: b.channelCells(name, p.Figures, p.Before, payments.Span, currencies, most)})
	}
	return block
}
