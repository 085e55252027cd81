package figures

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"
)

// Lead is how long before the show tickets are bought.
type Lead struct {
	Span  Span
	Steps []LeadStep // ascending, all of them; last the tickets of shows without a date
	Total int64
}

// LeadStep is a stretch of days before the show.
type LeadStep struct {
	From    int  // days left
	To      *int // nil: and more
	Unknown bool // the show has no date
	Tickets int64
	Share   *decimal.Decimal `money:"no"` // of Total; nil: nothing was sold
}

// leadSteps are the first days of the steps before a show.
var leadSteps = []int{0, 1, 4, 8, 31}

// Lead is how long before the show tickets of the period were bought.
func (s *Store) Lead(ctx context.Context, f Filter) (Lead, error) {
	span, p, err := s.stretch(ctx, f)
	l := Lead{Span: span}
	if err != nil {
		return l, err
	}
	for i, from := range leadSteps {
		step := LeadStep{From: from}
		if i+1 < len(leadSteps) {
			to := leadSteps[i+1] - 1
			step.To = &to
		}
		l.Steps = append(l.Steps, step)
	}
	unknown := LeadStep{Unknown: true}
	b, err := s.readBought(ctx, f, p)
	if err != nil {
		return l, err
	}
	for days, tickets := range b.daysLeft {
		l.Total += tickets
		if days < 0 {
			unknown.Tickets += tickets
			continue
		}
		at, _ := slices.BinarySearch(leadSteps, days+1)
		l.Steps[at-1].Tickets += tickets
	}
	if unknown.Tickets > 0 {
		l.Steps = append(l.Steps, unknown)
	}
	for i := range l.Steps {
		l.Steps[i].Share = share(l.Steps[i].Tickets, l.Total)
	}
	return l, nil
}
