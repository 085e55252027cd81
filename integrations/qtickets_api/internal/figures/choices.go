package figures

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Choices are what the filters offer.
type Choices struct {
	Cities     []string
	Events     []EventChoice // those with shows to come first
	Currencies []string      `money:"yes"` // the main one first: what brought most orders
	FirstDay   *time.Time    // of the first sale; nil: nothing was sold
}

// EventChoice is an event in the list of the filter.
type EventChoice struct {
	EventID  uint64
	Name     string
	City     string
	Upcoming int        // shows to come
	Next     *time.Time // the venue's day of the first of them; nil: none has one
}

// Choices are what the filters offer.
func (s *Store) Choices(ctx context.Context, f Filter) (Choices, error) {
	var c Choices
	var err error
	if c.Currencies, err = s.currencies(ctx, f.Version); err != nil {
		return c, err
	}
	if first, err := s.FirstDay(ctx, f.Version); err != nil {
		return c, err
	} else if !first.IsZero() {
		c.FirstDay = &first
	}
	lines, err := s.lines(ctx, Filter{Version: f.Version}, false)
	at := map[uint64]int{} // of an event in the list
	for _, l := range lines {
		i, known := at[l.EventID]
		if !known {
			i = len(c.Events)
			at[l.EventID] = i
			c.Events = append(c.Events, EventChoice{EventID: l.EventID, Name: l.Event, City: l.City})
		}
		if !l.Cancelled && !l.Over {
			c.Events[i].Upcoming++
			if next := c.Events[i].Next; l.LocalDate != nil && (next == nil || l.LocalDate.Before(*next)) {
				c.Events[i].Next = l.LocalDate
			}
		}
		if l.City != "" && !slices.Contains(c.Cities, l.City) {
			c.Cities = append(c.Cities, l.City)
		}
	}
	slices.Sort(c.Cities)
	slices.SortFunc(c.Events, func(a, b EventChoice) int {
		if (a.Upcoming > 0) != (b.Upcoming > 0) {
			return cmp.Compare(b.Upcoming, a.Upcoming) // one of them is 0
		}
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.EventID, b.EventID))
	})
	return c, err
}
