package digest

import (
	"cmp"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// seenShow is what is remembered of a show between two messages.
type seenShow struct {
	Name      string `json:"name"`
	Date      string `json:"date,omitempty"` // the venue's calendar day, "2026-12-04"; "": none is set
	NoSeats   bool   `json:"no_seats,omitempty"`
	Cancelled bool   `json:"cancelled,omitempty"`
}

// see are the shows that are not over, by their ids.
func see(lines []figures.ShowLine) map[uint64]seenShow {
	seen := map[uint64]seenShow{}
	for i := range lines {
		l := &lines[i]
		if l.Over {
			continue
		}
		s := seenShow{Name: l.Event, NoSeats: l.Reason == figures.ShowSoldOut, Cancelled: l.Cancelled}
		if l.LocalDate != nil {
			s.Date = l.LocalDate.Format(time.DateOnly)
		}
		seen[l.ShowID] = s
	}
	return seen
}

// changeKind names what happened to a show.
type changeKind string

// The kinds, the most urgent first.
const (
	showCancelled changeKind = "cancelled"
	showMoved     changeKind = "moved"
	showNoSeats   changeKind = "no_seats"
	showSeats     changeKind = "seats" // there are some again
	showNew       changeKind = "new"
)

var changeOrder = []changeKind{showCancelled, showMoved, showNoSeats, showSeats, showNew}

// change is what happened to a show since the last message.
type change struct {
	kind     changeKind
	show     uint64
	name     string
	from, to *time.Time // calendar days; nil: none is set
}

// changes are what happened between two messages, the most urgent first. before is nil where there was no message yet:
// then nothing is known to have changed.
func changes(before, after map[uint64]seenShow) []change {
	var found []change
	if before == nil {
		return nil
	}
	for id, now := range after {
		old, known := before[id]
		c := change{show: id, name: now.Name, from: calendarDay(old.Date), to: calendarDay(now.Date)}
		switch {
		case now.Cancelled && known && !old.Cancelled:
			c.kind = showCancelled
		case now.Cancelled:
			continue
		case !known:
			c.kind = showNew
		case old.Date != now.Date:
			c.kind = showMoved
		case now.NoSeats && !old.NoSeats:
			c.kind = showNoSeats
		case !now.NoSeats && old.NoSeats:
			c.kind = showSeats
		default:
			continue
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b change) int {
		return cmp.Or(slices.Index(changeOrder, a.kind)-slices.Index(changeOrder, b.kind), cmp.Compare(a.show, b.show))
	})
	return found
}

func calendarDay(text string) *time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return nil
	}
	return &day
}
