package block

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "cities", Screen: address.Today, Order: 60}, (*figures.Store).Cities, Builder.cities)

func (b Builder) cities(v *View, cities figures.Cities) {
	if len(cities.Cities) == 0 {
		v.Empty = b.T("cities.empty")
		return
	}
	total := cities.Total.Tickets
	v.Note, v.Switch = b.periodNote(), b.PeriodLinks()
	if first := cities.Cities[0]; total > 0 {
		v.Title = b.T("cities.heading", b.cityName(first.City),
			b.PercentRounded(decimal.NewFromInt(first.Tickets).DivRound(decimal.NewFromInt(total), 4)))
	}
	currencies := currenciesOf(cities.Total.Totals)
	t := &format.Table{Limit: 25,
		Columns: append(b.columns("column.city", "column.upcoming", "column.tickets", "column.refunded"),
			b.moneyColumns(currencies)...)}
	compared := slices.ContainsFunc(cities.Cities, func(c figures.CityLine) bool { return c.Before != nil })
	if compared {
		t.Columns = append(t.Columns, format.Column{Name: b.T("column.before")})
	}
	for _, c := range cities.Cities {
		name := format.Text(b.cityName(c.City))
		if c.City != "" {
			name = format.Name(c.City).WithLink(b.Params.With(func(a *address.Params) { a.Filter.City = c.City }))
		}
		n := b.numbers().of(figures.ByCity, c.City).in(cities.Span)
		tickets := format.Count(c.Tickets).WithBar(float64(c.Tickets), float64(cities.Cities[0].Tickets))
		refunded := refundedCell(c.Totals, cities.Total.Totals)
		row := format.Row{Cells: []format.Cell{name, format.Count(c.Upcoming),
			n.link(tickets, figures.FigureTickets, ""), n.link(refunded, figures.FigureRefunded, "")}}
		row.Cells = append(row.Cells, moneyCells(c.Totals, cities.Total.Totals, currencies, n)...)
		if compared {
			row.Cells = append(row.Cells, beforeCell(c.Before, n.before(cities.Span)))
		}
		t.Rows = append(t.Rows, row)
	}
	n := b.numbers().in(cities.Span)
	sum := append([]format.Cell{b.totalName(), format.Count(cities.Total.Upcoming),
		n.link(format.Count(total), figures.FigureTickets, ""),
		n.link(refundedCell(cities.Total.Totals, cities.Total.Totals), figures.FigureRefunded, "")},
		moneyCells(cities.Total.Totals, cities.Total.Totals, currencies, n)...)
	if compared {
		sum = append(sum, beforeCell(cities.Total.Before, n.before(cities.Span)))
	}
	t.AddUp(sum...)
	v.Table = t
}

func (b Builder) cityName(city string) string {
	if strings.TrimSpace(city) == "" {
		return b.T("city.none")
	}
	return format.Isolate(city)
}
