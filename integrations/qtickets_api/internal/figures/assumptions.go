package figures

import (
	"context"
	"time"
)

// AssumptionLine is how an assumption about the API stands; its words are in package contract.
type AssumptionLine struct {
	ID           uint32
	State        string // not_seen, confirmed or refuted
	For, Against uint64 // observations
	Since        time.Time
	SeenAt       *time.Time // newest observation; nil: none
}

// Assumptions are those about the API of QTickets that loads have looked at, by id.
func (s *Store) Assumptions(ctx context.Context, _ Filter) ([]AssumptionLine, error) {
	var lines []AssumptionLine
	err := s.read(ctx, "assumptions", nil, func(scan func(...any) error) error {
		var l AssumptionLine
		err := scan(&l.ID, &l.State, &l.For, &l.Against, &l.Since, &l.SeenAt)
		lines = append(lines, l)
		return err
	})
	return lines, err
}
