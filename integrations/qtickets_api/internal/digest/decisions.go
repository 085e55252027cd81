package digest

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// decisions are the shows that need one, the likeliest to miss first, each with its reason.
func (w writer) decisions(shows []figures.ShowLine) string {
	var need []*figures.ShowLine
	coming := 0
	for i := range shows {
		if shows[i].Over || shows[i].Cancelled {
			continue
		}
		coming++
		if shows[i].Reason == figures.ShowWillMiss {
			need = append(need, &shows[i])
		}
	}
	if len(need) == 0 {
		return w.T(figures.AnyPlanned(shows).Key("digest.no_decisions"), coming)
	}
	lines := []string{w.T("digest.decisions", len(need), coming)}
	for _, l := range need[:min(len(need), mostDecisions)] {
		lines = append(lines, w.decision(l))
	}
	if more := len(need) - mostDecisions; more > 0 {
		lines = append(lines, w.T("digest.more_decisions", more))
	}
	return strings.Join(lines, "\n")
}

func (w writer) decision(l *figures.ShowLine) string {
	name := short(l.Event)
	if l.LocalDate != nil {
		name += ", " + w.Day(*l.LocalDate)
	}
	if l.City != "" {
		name += ", " + short(l.City)
	}
	o := l.Outlook
	band := o.Forecast.Band
	return name + ": " + w.T(o.Key("reason.will_miss"), o.Tenths()) + "\n" +
		w.T(o.Key("reason.words"), w.Int(band.Low)+"–"+w.Int(band.High), o.Plan) + "; " +
		w.T("fact.need", w.Number(*l.RequiredPace, 1), w.Number(l.PaceADay(), 1))
}
