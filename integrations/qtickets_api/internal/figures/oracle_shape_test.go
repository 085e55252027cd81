package figures_test

import (
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// checkShape compares when, how early and how many tickets are bought, and the days of the period.
func (l *lab) checkShape(s *sheet, f figures.Filter) {
	l.Helper()
	st := s.stretch(f)
	from, to := st.from, midnight(s.asOf)
	switch f.Period {
	case figures.PeriodAll:
		if from = s.first(); from.IsZero() {
			from = to
		}
	case figures.PeriodRange:
		to = st.to.AddDate(0, 0, -1)
	}
	days, err := l.store.Days(l.Context(), f)
	same(l, "days of "+string(f.Period), s.days(from, to), days, err)

	heat, err := l.store.Heat(l.Context(), f)
	heat.Span = figures.Span{}
	same(l, "heat of "+string(f.Period), s.heat(st, from, to), heat, err)

	lead, err := l.store.Lead(l.Context(), f)
	lead.Span = figures.Span{}
	same(l, "lead of "+string(f.Period), s.lead(st), lead, err)

	sizes, err := l.store.OrderSizes(l.Context(), f)
	sizes.Span = figures.Span{}
	same(l, "order sizes of "+string(f.Period), s.sizes(st), sizes, err)
}

func (s *sheet) heat(st stretch, from, to time.Time) figures.Heat {
	var h figures.Heat
	// Days are those of the whole box office: an event that sells nothing on a Monday has sold nothing.
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		if !s.opened.IsZero() && !day.Before(s.opened) {
			h.Days[(int(day.Weekday())+6)%7]++
		}
	}
	for _, m := range s.now(st) {
		if !m.Refund {
			at := m.At.In(msk)
			h.Cells[(int(at.Weekday())+6)%7][at.Hour()].Tickets++
		}
	}
	for d, n := range h.Days {
		for hour := range h.Cells[d] {
			if n > 0 {
				each := decimal.NewFromInt(h.Cells[d][hour].Tickets).DivRound(decimal.NewFromInt(int64(n)), 4)
				h.Cells[d][hour].PerDay = &each
			}
		}
	}
	return h
}

func (s *sheet) lead(st stretch) figures.Lead {
	steps := []struct{ from, to int }{{0, 0}, {1, 3}, {4, 7}, {8, 30}, {31, 1 << 30}}
	l := figures.Lead{Steps: make([]figures.LeadStep, len(steps))}
	for i, step := range steps {
		l.Steps[i].From = step.from
		if i < len(steps)-1 {
			l.Steps[i].To = &step.to
		}
		for _, m := range s.now(st) {
			if !m.Refund && m.DaysLeft >= step.from && m.DaysLeft <= step.to {
				l.Steps[i].Tickets++
				l.Total++
			}
		}
	}
	for i := range l.Steps {
		l.Steps[i].Share = part(l.Steps[i].Tickets, l.Total)
	}
	return l
}

func part(n, of int64) *decimal.Decimal {
	if of == 0 {
		return nil
	}
	d := decimal.NewFromInt(n).DivRound(decimal.NewFromInt(of), 12)
	return &d
}

func (s *sheet) sizes(st stretch) figures.OrderSizes {
	var o figures.OrderSizes
	size := map[int64]int{}
	for _, m := range s.now(st) {
		if !m.Refund {
			size[m.OrderID] = m.OrderTickets
		}
	}
	for n := 1; n <= figures.MaxOrderSize; n++ {
		o.Sizes = append(o.Sizes, figures.OrderSize{Tickets: n})
	}
	tickets := int64(0)
	for _, n := range size {
		o.Sizes[min(n, figures.MaxOrderSize)-1].Orders++
		o.Orders++
		tickets += int64(n)
	}
	for i := range o.Sizes {
		o.Sizes[i].Share = part(o.Sizes[i].Orders, o.Orders)
	}
	if o.Orders > 0 {
		average := decimal.NewFromInt(tickets).DivRound(decimal.NewFromInt(o.Orders), 2)
		o.Average = &average
	}
	return o
}
