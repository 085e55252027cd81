package block

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "channels", Screen: address.Channels, Order: 20}, (*figures.Store).Channels, Builder.channels)

func (b Builder) channels(v *View, ch figures.Channels) {
	v.Note = b.span(ch.Span)
	if total := ch.Total.Tickets; total > 0 {
		marked := total
		for _, s := range ch.Sources {
			if s.UTM == "" {
				marked -= s.Tickets
			}
		}
		share := decimal.NewFromInt(marked).DivRound(decimal.NewFromInt(total), 4)
		v.Title = b.T("channels.heading", b.PercentRounded(share), total)
	}
	v.Table = b.utmTable(ch)
}

// utmTable has a row for each value at each level in the files. On the page a value that is all of what stands above it
// is in the row of that: "yandex / cpc".
func (b Builder) utmTable(ch figures.Channels) *format.Table {
	currencies := currenciesOf(ch.Total.Totals)
	columns := slices.Insert(b.channelColumns("column.mark", ch.Span, currencies), 2,
		format.Column{Name: b.T("column.share")})
	t := &format.Table{Limit: 60, Columns: append(columns,
		format.Column{Name: b.T("column.source"), Plain: true, Extra: true},
		format.Column{Name: b.T("column.medium"), Plain: true, Extra: true},
		format.Column{Name: b.T("column.campaign"), Plain: true, Extra: true})}
	most := int64(0)
	for _, s := range ch.Sources {
		most = max(most, s.Tickets)
	}
	var add func(list []figures.Channel, path, above []string, level int)
	add = func(list []figures.Channel, path, above []string, level int) {
		for _, c := range list {
			here, chain := append(slices.Clone(path), c.UTM), append(slices.Clone(above), c.UTM)
			line := channelLine{b.utmCell(c.UTM), c.Totals, ch.Total.Totals, c.Before, most,
				b.numbers().of(figures.ByUTM, here...)}
			cells := slices.Insert(line.cells(ch.Span, currencies), 2, shareCell(c.Tickets, ch.Total.Tickets))
			for i := range 3 {
				cell := format.Cell{}
				if i < len(here) {
					cell = b.utmCell(here[i])
				}
				cells = append(cells, cell)
			}
			t.Rows = append(t.Rows, format.Row{Cells: cells, Level: len(path)})
			if len(c.Parts) == 1 {
				add(c.Parts, here, chain, level)
				continue
			}
			shown := slices.Clone(cells)
			shown[0] = b.chainCell(chain)
			t.Folded = append(t.Folded, format.Row{Cells: shown, Level: level})
			add(c.Parts, here, nil, level+1)
		}
	}
	add(ch.Sources, nil, nil, 0)
	total := b.totalLine(ch.Total.Totals, ch.Total.Before).cells(ch.Span, currencies)
	t.AddUp(slices.Concat(total[:2], []format.Cell{format.Blank()}, total[2:],
		slices.Repeat([]format.Cell{format.Blank()}, 3))...)
	return t
}

func shareCell(part, total int64) format.Cell {
	if total == 0 {
		return format.Cell{}
	}
	return format.Percent(new(decimal.NewFromInt(part).DivRound(decimal.NewFromInt(total), 4)))
}

func (b Builder) utmCell(utm string) format.Cell {
	if utm == "" {
		return format.Text(b.T("mark.none")).WithMark("quiet")
	}
	return format.Name(utm)
}

// chainCell names values that each are all of the one before; "without" is said once.
func (b Builder) chainCell(utms []string) format.Cell {
	utms = slices.CompactFunc(slices.Clone(utms), func(a, b string) bool { return a == "" && b == "" })
	if len(utms) == 1 {
		return b.utmCell(utms[0])
	}
	var names []string
	for _, utm := range utms {
		name := b.T("mark.none")
		if utm != "" {
			name = format.Isolate(utm)
		}
		names = append(names, name)
	}
	return format.Text(strings.Join(names, " / "))
}
