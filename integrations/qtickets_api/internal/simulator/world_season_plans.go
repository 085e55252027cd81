package simulator

import (
	"slices"
	"time"
)

// Plan is what the theatre of a season means to sell: of a show in the end, or of an event in a month.
type Plan struct {
	EventID, ShowID int64 // ShowID 0: the whole event
	Month           int   // 202612; 0: all sales
	Tickets         int64 // 0: not planned
	Revenue         int64 // kopecks
}

// Plans are those that somebody who knows the season so far would make now: cautious ones for the shows to come at
// home, so that most are on course and the one that is far behind is not, and a month a little better than the last.
// Tours and the premiere have none.
func (w *World) Plans() []Plan {
	w.mu.RLock()
	defer w.mu.RUnlock()
	now := time.Unix(w.now+moscowOffset, 0).UTC()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	lastMonth := month.AddDate(0, -1, 0)
	var plans []Plan
	for _, e := range w.events {
		at := slices.IndexFunc(repertoire, func(p production) bool { return p.name == e.name && p.city == moscow })
		if at < 0 {
			continue
		}
		tickets, money := e.soldBetween(0, w.now)
		if tickets == 0 {
			continue
		}
		for _, s := range e.shows {
			if s.start > w.now {
				planned := roundTo(int64(hopes(repertoire[at])*float64(len(s.positions))), 5)
				plans = append(plans, Plan{EventID: e.id, ShowID: s.id, Tickets: planned,
					Revenue: roundTo(planned*money/tickets, 1000_00)})
			}
		}
		_, last := e.soldBetween(lastMonth.Unix()-moscowOffset, month.Unix()-moscowOffset)
		if planned := roundTo(last*11/10, 10_000_00); planned > 0 {
			plans = append(plans, Plan{EventID: e.id, Month: now.Year()*100 + int(now.Month()), Revenue: planned})
		}
	}
	return plans
}

// hopes are the part of its hall that a production is planned to fill: the big stage nearly what it usually does, the
// small one less.
func hopes(p production) float64 {
	if p.place == theatre {
		return 0.95 * p.fill
	}
	return 0.75 * p.fill
}

func roundTo(x, step int64) int64 { return (x + step/2) / step * step }

// soldBetween are the tickets of an event that were paid within a time and are not refunded, and their money.
func (e *event) soldBetween(from, to int64) (tickets, money int64) {
	for _, o := range e.orders {
		for _, t := range o.tickets {
			if t.life.state == stateSold && t.life.soldAt >= from && t.life.soldAt < to {
				tickets++
				money += t.life.charged
			}
		}
	}
	return tickets, money
}
