package block

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "entries", Screen: address.Event, Order: 60, OneShow: true}, (*figures.Store).Entries,
	Builder.entries)

func (b Builder) entries(v *View, e figures.Entries) {
	if e.Came == 0 {
		v.Empty = b.T("entries." + string(cmp.Or(e.State, figures.EntryUnknown)))
		if e.State == figures.EntryUnscanned {
			v.Note = strings.Join(b.entriesRead(e), " ")
		}
		return
	}
	if b.Params.Scope.Show != 0 { // other shows are not theirs to see
		e = e.Alone()
	}
	share := b.PercentRounded(decimal.NewFromInt(e.Came).DivRound(decimal.NewFromInt(e.Sold), 4))
	v.Title, v.Note = b.T("entries.plain", e.Came, e.Sold, share), b.entriesNote(e)
	if len(e.Points) == 0 {
		return
	}
	if e.Half != nil {
		v.Title = b.T("entries.heading", e.Came, e.Sold, share, b.VenueClock(*e.Half, e.Show.Zone))
	}
	v.Chart, v.Table = b.entriesChart(e)
	v.Legend = []Key{{"this", b.T("legend.came")}, {"bars", b.T("legend.within")}}
	if len(e.Earlier) > 0 {
		v.Legend = append(v.Legend, Key{"faint", b.T("legend.earlier")}, Key{"past", b.T("legend.comparables_middle")})
	}
}

func (b Builder) entriesNote(e figures.Entries) string {
	var parts []string
	if e.Show.Over {
		absent := e.Sold - e.Came
		share := b.PercentRounded(decimal.NewFromInt(absent).DivRound(decimal.NewFromInt(e.Sold), 4))
		if e.NoShows == nil {
			parts = append(parts, b.T("entries.absent", absent, share))
		} else {
			parts = append(parts, b.T("entries.absent_usual", absent, share, b.PercentRounded(*e.NoShows), len(e.Earlier)))
		}
	}
	if e.State == figures.EntryAnyTime {
		parts = append(parts, b.T("entries.any_time"))
	}
	if e.Peak != nil {
		parts = append(parts, b.T("entries.peak", e.Peak.Within, b.minuteClock(e, e.Peak.Minute)))
	}
	return strings.Join(append(parts, b.entriesRead(e)...), " ")
}

// entriesRead says what may be missing: a scan does not move the order, so it is known when all orders are read again.
func (b Builder) entriesRead(e figures.Entries) []string {
	switch end := cmp.Or(e.Show.Finish, e.Show.Start); {
	case e.ReadAt == nil:
		return []string{b.T("entries.not_read")}
	case end == nil || e.ReadAt.Before(*end):
		return []string{b.T("entries.read", b.Moment(*e.ReadAt, b.Now))}
	default:
		return nil
	}
}

// entriesChart is cumulative, over what came in each five minutes; earlier shows are drawn as if they had sold as many.
func (b Builder) entriesChart(e figures.Entries) (*format.Chart, *format.Table) {
	first, last := e.Points[0].Minute, e.Points[len(e.Points)-1].Minute
	chart := &format.Chart{From: float64(first), To: float64(last), Now: new(0.0)}
	t := &format.Table{Columns: b.columns("column.clock", "column.came", "column.within", "column.usual_came")}
	within, usual, this := format.Series{Style: "bars"}, format.Series{Style: "past"}, format.Series{Style: "this"}
	earlier := make([]format.Series, len(e.Earlier))
	for i, p := range e.Points {
		chart.X = append(chart.X, float64(p.Minute))
		within.Values, usual.Values = append(within.Values, new(float64(p.Within))), append(usual.Values, tenths(p.Usual))
		this.Values = append(this.Values, new(float64(p.Came)))
		for k, o := range e.Earlier {
			earlier[k].Style = "faint"
			scaled := o.Points[i].Mul(decimal.NewFromInt(e.Sold))
			earlier[k].Values = append(earlier[k].Values, tenths(&scaled))
		}
		row := format.Row{Cells: []format.Cell{format.Text(b.minuteClock(e, p.Minute)), format.Count(p.Came),
			format.Count(p.Within), format.Number(p.Usual)}}
		if p.Minute == 0 {
			row.Mark = "now"
		}
		t.Rows = append(t.Rows, row)
		// at the ends a label has no room, and a phone leaves out every second one: the start must not be among those
		if p.Minute%30 == 0 && p.Minute >= -60 && p.Minute != last {
			label := b.T("axis.minutes", p.Minute)
			if p.Minute == 0 {
				label = b.T("axis.start", b.minuteClock(e, 0))
			}
			chart.XTicks = append(chart.XTicks, format.AxisTick{At: float64(p.Minute), Text: label})
		}
	}
	chart.Series = append(append([]format.Series{within}, earlier...), usual, this)
	chart.Scale(b.axis)
	return chart, t
}

// tenths keep a chart short: no line can show more.
func tenths(d *decimal.Decimal) *float64 {
	if d == nil {
		return nil
	}
	return new(d.Round(1).InexactFloat64())
}

// minuteClock is the clock at the venue so many minutes after the start.
func (b Builder) minuteClock(e figures.Entries, minute int) string {
	if e.Show.Start == nil {
		return format.Unknown
	}
	return b.VenueClock(e.Show.Start.Add(time.Duration(minute)*time.Minute), e.Show.Zone)
}
