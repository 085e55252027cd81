package figures

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// MonthPlan is what a Moscow month is to bring in a currency, beside what it has brought so far: of the events and
// shows that have a plan for it.
type MonthPlan struct {
	Currency        string          `money:"yes"`
	Events          int64           // that have such a plan
	Tickets, Sold   int64           // planned; 0: not. Sold ones, refunds subtracted
	Revenue, Income decimal.Decimal `money:"yes"`
	// Of the tickets and of the revenue, in whole units, by the end of the month: holds in 8 of 10. nil: it cannot be
	// told.
	WillSell  *forecast.Range
	WillBring *forecast.Range `money:"yes"`
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

// WillBe is the forecast of what Done is about, with its plan; nil: there is none.
func (m MonthPlan) WillBe() (*forecast.Range, decimal.Decimal) {
	if m.Revenue.IsPositive() {
		return m.WillBring, m.Revenue
	}
	return m.WillSell, decimal.NewFromInt(m.Tickets)
}

// monthPlans are those of the month of Version.AsOf, the main currency first.
func (s *Store) monthPlans(ctx context.Context, f Filter, currencies []string) ([]MonthPlan, error) {
	if f.Version.Plans == 0 {
		return nil, nil
	}
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
	if err != nil || len(plans) == 0 {
		return plans, err
	}
	slices.SortFunc(plans, func(a, b MonthPlan) int {
		return slices.Index(currencies, a.Currency) - slices.Index(currencies, b.Currency)
	})
	return plans, s.foresee(ctx, f, plans)
}

// monthsCompared is how many months before this one a forecast is made from.
const monthsCompared = 24

// foresee what the month will have brought in the end, from how the months before it went.
func (s *Store) foresee(ctx context.Context, f Filter, plans []MonthPlan) error {
	first, err := s.firstSale(ctx, f)
	if err != nil {
		return err
	}
	m := monthDays{asOf: f.Version.AsOf.In(sales.Moscow), byCurrency: map[string]map[int64]daySold{}}
	m.first = m.firstWhole(first)
	p := f.parameters()
	p["from"] = m.first.Format(time.DateOnly)
	err = s.read(ctx, "month_days", p, func(scan func(...any) error) error {
		var day time.Time
		var currency string
		var sold daySold
		err := scan(&day, &currency, &sold.tickets, &sold.money)
		if m.byCurrency[currency] == nil {
			m.byCurrency[currency] = map[int64]daySold{}
		}
		m.byCurrency[currency][time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, sales.Moscow).Unix()] = sold
		return err
	})
	for i := range plans {
		m.foresee(&plans[i])
	}
	return err
}

// daySold is what a Moscow day brought in a currency, refunds subtracted.
type daySold struct {
	tickets int64
	money   decimal.Decimal
}

// monthDays are the days of whole months and of the present one, up to a moment.
type monthDays struct {
	first, asOf time.Time                    // the first day of the first month; Moscow
	byCurrency  map[string]map[int64]daySold // by the second a day begins
}

// firstWhole is the first month that is compared: the one in which sales began is not whole.
func (m *monthDays) firstWhole(sale time.Time) time.Time {
	this := time.Date(m.asOf.Year(), m.asOf.Month(), 1, 0, 0, 0, 0, sales.Moscow)
	first := time.Date(sale.Year(), sale.Month(), 1, 0, 0, 0, 0, sales.Moscow)
	if first.Before(sale) {
		first = first.AddDate(0, 1, 0)
	}
	if earliest := this.AddDate(0, -monthsCompared, 0); first.Before(earliest) {
		first = earliest
	}
	if first.After(this) {
		first = this
	}
	return first
}

// foresee one plan: only where the plan is for everything that was sold this month, as only that is what the months
// before are compared with.
func (m *monthDays) foresee(p *MonthPlan) {
	tickets := func(d daySold) decimal.Decimal { return decimal.NewFromInt(d.tickets) }
	money := func(d daySold) decimal.Decimal { return d.money }
	if p.Tickets > 0 {
		p.WillSell = m.willBe(p.Currency, decimal.NewFromInt(p.Sold), tickets)
	}
	if p.Revenue.IsPositive() {
		p.WillBring = m.willBe(p.Currency, p.Income, money)
	}
}

// willBe is the band of a forecast; nil: there is none, or it is wrong already.
func (m *monthDays) willBe(currency string, planned decimal.Decimal, of func(daySold) decimal.Decimal) *forecast.Range {
	var past []forecast.Show
	today := dayOf(m.asOf)
	for first := m.first; ; first = first.AddDate(0, 1, 0) {
		next := first.AddDate(0, 1, 0)
		days := next.AddDate(0, 0, -1).Day()
		sum, by := decimal.Zero, make([]int64, 0, days)
		for day := first; day.Before(next) && day.Before(today); day = day.AddDate(0, 0, 1) {
			sum = sum.Add(of(m.byCurrency[currency][day.Unix()]))
			by = append(by, sum.Round(0).IntPart())
		}
		month := forecast.Month(12*first.Year()+int(first.Month()), days, by)
		if next.After(today) { // the present one; its last day is not over
			if whole := sum.Add(of(m.byCurrency[currency][today.Unix()])); !whole.Equal(planned) {
				return nil
			}
			band := forecast.Learn(past).At(days - len(by)).Forecast(month).Band
			if band == nil || planned.GreaterThan(decimal.NewFromInt(band.High)) {
				return nil
			}
			return band
		}
		past = append(past, month)
	}
}
