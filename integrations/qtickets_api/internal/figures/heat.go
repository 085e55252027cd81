package figures

import (
	"context"

	"github.com/shopspring/decimal"
)

// Heat is when tickets are bought: hour × weekday of the Moscow clock.
type Heat struct {
	Span  Span
	Days  [7]int          // how many Mondays, Tuesdays ... of the period hold data
	Cells [7][24]HeatCell // Monday first
}

// HeatCell is an hour of a weekday.
type HeatCell struct {
	Tickets int64
	PerDay  *decimal.Decimal `money:"no"` // Tickets ÷ such weekdays; nil: there was none
}

// Heat is when tickets of the period were bought.
func (s *Store) Heat(ctx context.Context, f Filter) (Heat, error) {
	span, p, err := s.stretch(ctx, f)
	h := Heat{Span: span}
	if err != nil {
		return h, err
	}
	first, err := s.FirstDay(ctx, f.Version)
	if err != nil || first.IsZero() {
		return h, err
	}
	for day := later(span.From, first); !day.After(earlier(span.To, dayOf(f.Version.AsOf))); day = day.AddDate(0, 0, 1) {
		h.Days[(day.Weekday()+6)%7]++
	}
	b, err := s.readBought(ctx, f, p)
	if err != nil {
		return h, err
	}
	for weekday, days := range h.Days {
		for hour := range h.Cells[weekday] {
			cell := &h.Cells[weekday][hour]
			if cell.Tickets = b.hours[weekday][hour]; days > 0 {
				each := decimal.NewFromInt(cell.Tickets).DivRound(decimal.NewFromInt(int64(days)), 4)
				cell.PerDay = &each
			}
		}
	}
	return h, nil
}
