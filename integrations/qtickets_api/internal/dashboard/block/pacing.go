package block

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
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
	if b.Params.Scope.Event != 0 { // other shows are not theirs to see: neither names nor curves
		p.Comparables = nil
	}
	v.Chart, v.Table = b.pacingChart(p)
	v.Legend = []Key{{"this", b.T("legend.this_show")}}
	if len(p.Middle) > 0 {
		v.Legend = append(v.Legend, Key{"past", b.T("legend.comparables_middle")})
	}
	if len(p.Comparables) > 0 {
		v.Legend = append(v.Legend, Key{"faint", b.T("legend.comparables")})
	}
	if p.Forecast != nil {
		v.Under = b.recordNote(p.Record)
		v.Legend = append(v.Legend, Key{"next", b.T("legend.forecast")})
		if p.Forecast.Band != nil {
			v.Legend = append(v.Legend, Key{"band", b.T("legend.forecast_band")})
		}
	}
	if p.Plan > 0 {
		v.Legend = append(v.Legend, Key{"plan", b.T("legend.plan")})
	}
	if needed(p) {
		v.Legend = append(v.Legend, Key{"need", b.T("legend.need")})
	}
}

func (b Builder) pacingTitle(p figures.Pacing) string {
	sold := p.Points[len(p.Points)-1].Sold
	switch {
	case p.Forecast != nil && p.Forecast.Band != nil:
		band := b.Int(p.Forecast.Band.Low) + "–" + b.Int(p.Forecast.Band.High)
		if p.Plan > 0 {
			return b.T("pacing.forecast_band_of", sold, band, p.Plan)
		}
		return b.T("pacing.forecast_band", sold, band)
	case p.Forecast != nil && p.Plan > 0:
		return b.T("pacing.forecast_of", sold, p.Forecast.Expected, p.Plan)
	case p.Forecast != nil:
		return b.T("pacing.forecast", sold, p.Forecast.Expected)
	case p.Plan > 0:
		return b.T("pacing.plain_of", sold, p.Plan)
	default:
		return b.T("pacing.plain", sold)
	}
}

func (b Builder) pacingNote(p figures.Pacing) string {
	var parts []string
	if needed(p) {
		parts = append(parts, b.T("pacing.need", b.Number(*p.Need, 1), b.Number(p.Show.PaceADay(), 1)))
	}
	if p.Pace != nil {
		parts = append(parts, b.T("pacing.pace", b.PercentRounded(*p.Pace), len(p.Comparables)))
	}
	if p.Forecast != nil {
		parts = append(parts, b.forecastNote(p.Forecast)...)
	}
	if p.Forecast == nil && p.WhyNot != figures.GapNone {
		parts = append(parts, b.T("gap."+string(p.WhyNot)))
	}
	if len(p.Comparables) > 0 && b.Params.Scope.Event == 0 {
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

// forecastNote says what the forecast is made from.
func (b Builder) forecastNote(f *forecast.Forecast) (parts []string) {
	switch {
	case f.Band != nil:
		parts = append(parts, b.T("pacing.middle", f.Expected))
	case len(f.Shows) > 0:
		parts = append(parts, b.T("pacing.seen", len(f.Shows), f.Seen.Low, f.Seen.High))
	}
	if f.Basis == forecast.FromShape {
		parts = append(parts, b.T("pacing.shape"))
	}
	return parts
}

// recordNote says how wrong such forecasts were here.
func (b Builder) recordNote(r forecast.Record) string {
	if r.WAPE == nil {
		return b.T("pacing.no_record")
	}
	note := b.T("pacing.record", r.DaysLeft, b.PercentRounded(decimal.NewFromFloat(*r.WAPE)), r.Shows)
	if r.Banded > 0 {
		note += " " + b.T("pacing.held", r.Held, r.Banded)
	}
	return note
}
