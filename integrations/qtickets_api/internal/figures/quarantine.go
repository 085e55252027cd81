package figures

import (
	"context"
	"time"
)

// Quarantine are rows of the source that could not be understood.
type Quarantine struct {
	Total uint64
	Rows  []QuarantineLine
}

// QuarantineLine are rows with the same reason.
type QuarantineLine struct {
	Feed   string
	Reason string `money:"yes"` // may quote a price
	Count  uint64
	Oldest time.Time
	Newest time.Time
}

// Quarantine are the rows of the source that could not be understood.
func (s *Store) Quarantine(ctx context.Context, f Filter) (Quarantine, error) {
	var q Quarantine
	err := s.read(ctx, "quarantine", nil, func(scan func(...any) error) error {
		var l QuarantineLine
		err := scan(&l.Feed, &l.Reason, &l.Count, &l.Oldest, &l.Newest)
		q.Total += l.Count
		q.Rows = append(q.Rows, l)
		return err
	})
	return q, err
}
