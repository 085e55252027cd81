package figures

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// MonthPlan is what a Moscow month is to bring in a currency, beside what it has brought so far: of the events and
// shows that have a plan for it.
type MonthPlan struct {
	Currency        string          `money:"yes"`
	Events          int64           // that have such a plan
	Tickets, Sold   int64           // planned; 0: not. Sold ones, refunds subtracted
	Revenue, Income decimal.Decimal `money:"yes"`
}

// IsMoney tells whether nothing is left of the plan where no money is shown.
func (m MonthPlan) IsMoney() bool { return m.Tickets == 0 }

// Done is how much of the plan is reached, 0.62: of the revenue or, where none is planned, of the tickets.
func (m MonthPlan) Done() decimal.Decimal {
	if m.Revenue.IsPositive() {
		return m.Income.DivRound(m.Revenue, ratioDigits)
	}
	return decimal.NewFromInt(m.Sold).DivRound(decimal.NewFromInt(m.Tickets), ratioDigits)
}

// monthPlans are those of the month of Version.AsOf, the main currency first.
func (s *Store) monthPlans(ctx context.Context, f Filter, currencies []string) ([]MonthPlan, error) {
	day := f.Version.AsOf.In(sales.Moscow)
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, sales.Moscow)
	p := f.parameters()
	p["month"] = strconv.Itoa(day.Year()*100 + int(day.Month()))
	p["from"], p["to"] = unixSeconds(first), unixSeconds(first.AddDate(0, 1, 0))
	var plans []MonthPlan
	err := s.read(ctx, "month_plans", p, func(scan func(...any) error) error {
		var m MonthPlan
		var events uint64
		err := scan(&m.Currency, &events, &m.Tickets, &m.Sold, &m.Revenue, &m.Income)
		m.Events = int64(events) //nolint:gosec // few
		plans = append(plans, m)
		return err
	})
	slices.SortFunc(plans, func(a, b MonthPlan) int {
		return slices.Index(currencies, a.Currency) - slices.Index(currencies, b.Currency)
	})
	return plans, err
}
