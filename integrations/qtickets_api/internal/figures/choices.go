package figures

import (
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
	Upcoming int // shows to come
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
	err = s.read(ctx, "choices", f.parameters(), func(scan func(...any) error) error {
		var e EventChoice
		var upcoming uint64
		err := scan(&e.EventID, &e.Name, &e.City, &upcoming)
		e.Upcoming = int(upcoming)
		c.Events = append(c.Events, e)
		if e.City != "" && !slices.Contains(c.Cities, e.City) {
			c.Cities = append(c.Cities, e.City)
		}
		return err
	})
	slices.Sort(c.Cities)
	return c, err
}
