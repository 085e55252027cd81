package dashboard

import (
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// freshness is the line that is always in sight.
type freshness struct {
	State, Sign, Text, Why string
	At                     time.Time
}

// newFreshness says up to when the figures are complete and whether that is as usual: by a form, a word and a colour.
func newFreshness(l format.Locale, current snapshot) *freshness {
	fresh, now := current.fresh, current.at
	line := &freshness{State: string(fresh.State), At: fresh.AsOf, Sign: freshSign(fresh.State)}
	asOf := l.T("fresh.as_of", l.Moment(fresh.AsOf, now)) + " · "
	if current.problem.away() { // how fresh it is, nobody can tell
		line.State, line.Sign, line.Text = "away", "▲", asOf+l.T("fresh.away")
		return line
	}
	line.Text = asOf + l.T("fresh."+string(fresh.State))
	switch fresh.Reason {
	case figures.ReasonNone:
	case figures.ReasonPartial: // fresh, and yet not as it should be
		line.State, line.Sign, line.Why = string(figures.Late), freshSign(figures.Late), l.T("fresh.why.partial")
	case figures.ReasonNoLoad:
		gap := ""
		if fresh.MedianGap != nil {
			gap = l.Duration(fresh.MedianGap.Round(time.Minute))
		}
		line.Why = l.T("fresh.why.no_load", gap)
	default:
		line.Why = l.T("fresh.why." + string(fresh.Reason))
	}
	if fresh.Unreadable > 0 {
		line.Why = strings.TrimSpace(line.Why + " " + l.T("fresh.why.unreadable", l.Int(fresh.Unreadable)))
	}
	return line
}

func freshSign(state figures.FreshnessState) string {
	switch state {
	case figures.Fresh:
		return "●"
	case figures.Late:
		return "◐"
	case figures.Stale:
		return "▲"
	default:
		return ""
	}
}
