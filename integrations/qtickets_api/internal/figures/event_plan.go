package figures

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// EventPlan is what an event as a whole is to sell, beside what it has sold.
type EventPlan struct {
	EventID  uint64
	Currency string         // of the event; "": unknown
	Periods  []PeriodTarget // the plans that hold: for all sales first, then by month
}

// PeriodTarget is a plan in one currency, for all sales or for those of a Moscow month.
type PeriodTarget struct {
	Month time.Time // its first day; zero: all sales
	Target
	Sold   int64           // refunds subtracted
	Income decimal.Decimal `money:"yes"` // the same
}

// EventPlan is the plan of Filter.Event.
func (s *Store) EventPlan(ctx context.Context, f Filter) (EventPlan, error) {
	p := EventPlan{EventID: f.Event}
	err := s.readPlans(ctx, f.Version, "event_plans", f.parameters(), func(scan func(...any) error) error {
		var t PeriodTarget
		var month uint32
		err := scan(&month, &t.Currency, &t.Tickets, &t.Revenue, &t.At, &t.By, &t.Sold, &t.Income)
		if month != 0 {
			t.Month = time.Date(int(month/100), time.Month(month%100), 1, 0, 0, 0, 0, time.UTC)
		}
		t.At = t.At.In(sales.Moscow)
		p.Periods = append(p.Periods, t)
		return err
	})
	if err != nil {
		return p, err
	}
	err = s.read(ctx, "event_currency", f.parameters(), func(scan func(...any) error) error { return scan(&p.Currency) })
	return p, err
}
