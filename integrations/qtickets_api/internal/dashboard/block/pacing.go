package block

import (
	"fmt"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "pacing", Screen: address.Event, Order: 20, OneShow: true}, (*figures.Store).Pacing,
	Builder.pacing)

func (b Builder) pacing(v *View, p figures.Pacing) {
	if len(p.Points) == 0 {
		v.Empty = b.T("gap." + string(figures.GapNothingSold))
		if p.WhyNot != figures.GapNone {
			v.Empty = b.T("gap." + string(p.WhyNot))
		}
		return
	}
	v.Title, v.Note = b.pacingTitle(p), b.pacingNote(p)
	v.Chart, v.Table = b.pacingChart(p)
	v.Legend = []Key{{"this", b.T("legend.this_show")}}
	if len(p.Middle) > 0 {
		v.Legend = append(v.Legend, Key{"past", b.T("legend.comparables_middle")})
	}
	if len(p.Comparables) > 0 {
		v.Legend = append(v.Legend, Key{"faint", b.T("legend.comparables")})
	}
	if p.Forecast != nil {
		v.Legend = append(v.Legend, Key{"next", b.T("legend.forecast")})
	}
}

func (b Builder) pacingTitle(p figures.Pacing) string {
	sold := p.Points[len(p.Points)-1].Sold
	switch {
	case p.Forecast != nil && p.Forecast.P10 != nil && p.Forecast.P90 != nil:
		return b.T("pacing.forecast_band", sold, p.Forecast.P50, b.Int(*p.Forecast.P10)+"–"+b.Int(*p.Forecast.P90))
	case p.Forecast != nil:
		return b.T("pacing.forecast", sold, p.Forecast.P50)
	default:
		return b.T("pacing.plain", sold)
	}
}

func (b Builder) pacingNote(p figures.Pacing) string {
	var parts []string
	if p.Pace != nil {
		parts = append(parts, b.T("pacing.pace", b.PercentRounded(*p.Pace), len(p.Comparables)))
	}
	if p.PastError != nil {
		parts = append(parts, b.T("pacing.error", b.PercentRounded(p.PastError.Shift(-2)), p.PastShows))
	}
	if p.Forecast == nil && p.WhyNot != figures.GapNone {
		parts = append(parts, b.T("gap."+string(p.WhyNot)))
	}
	if len(p.Comparables) > 0 {
		var names []string
		for _, c := range p.Comparables[:min(3, len(p.Comparables))] {
			var why []string
			for _, r := range c.Reasons {
				why = append(why, b.T("like."+string(r)))
			}
			names = append(names, fmt.Sprintf("%s, %s (%s)", format.Isolate(c.Event), b.Date(c.LocalDate),
				strings.Join(why, ", ")))
		}
		parts = append(parts, b.T("pacing.like", strings.Join(names, "; ")))
	}
	return strings.Join(parts, " ")
}
