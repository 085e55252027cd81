package figures

import (
	"context"
	"time"

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
	if h.Days, err = s.weekdaysWithin(ctx, f.Version, span.From, span.To); err != nil {
		return h, err
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

// weekdaysWithin counts the Mondays, Tuesdays ... of a stretch of days that hold data.
func (s *Store) weekdaysWithin(ctx context.Context, v Version, from, to time.Time) (days [7]int, err error) {
	first, err := s.FirstDay(ctx, v)
	if err != nil || first.IsZero() {
		return days, err
	}
	for day := later(from, first); !day.After(earlier(to, dayOf(v.AsOf))); day = day.AddDate(0, 0, 1) {
		days[(day.Weekday()+6)%7]++
	}
	return days, nil
}
