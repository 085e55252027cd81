package figures

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// ShowPlan is what a show is to sell, beside what it has sold.
type ShowPlan struct {
	Show     ShowLine
	Currency string   // of the event; "": unknown
	Targets  []Target // the plans that hold, by currency
}

// Target is a plan of a show in one currency.
type Target struct {
	Currency string
	Tickets  *int64           // nil: not planned
	Revenue  *decimal.Decimal `money:"yes"` // nil: not planned
	At       time.Time        // when it was changed last
	By       string           // by whom; "": not known, or a file
}

// IsMoney tells whether nothing is left of the plan where no money is shown.
func (t Target) IsMoney() bool { return t.Tickets == nil }

// In is the plan in a currency, empty where there is none.
func (p ShowPlan) In(currency string) Target {
	at := slices.IndexFunc(p.Targets, func(t Target) bool { return t.Currency == currency })
	if at < 0 {
		return Target{Currency: currency}
	}
	return p.Targets[at]
}

// Tickets are those of all currencies; 0: none are planned.
func (p ShowPlan) Tickets() int64 {
	var all int64
	for _, t := range p.Targets {
		if t.Tickets != nil {
			all += *t.Tickets
		}
	}
	return all
}

// Plan is the plan of Filter.Show.
func (s *Store) Plan(ctx context.Context, f Filter) (ShowPlan, error) {
	lines, err := s.judged(ctx, Filter{Version: f.Version}, false)
	if err != nil {
		return ShowPlan{}, err
	}
	at := slices.IndexFunc(lines,
		func(l ShowLine) bool { return l.ShowID == f.Show && (f.Event == 0 || l.EventID == f.Event) })
	if at < 0 {
		return ShowPlan{}, ErrNoEvent
	}
	p := ShowPlan{Show: lines[at]}
	parameters := f.parameters()
	parameters["event"] = unsigned(p.Show.EventID)
	err = s.readPlans(ctx, f.Version, "show_plan", parameters, func(scan func(...any) error) error {
		var t Target
		err := scan(&t.Currency, &t.Tickets, &t.Revenue, &t.At, &t.By)
		t.At = t.At.In(sales.Moscow)
		p.Targets = append(p.Targets, t)
		return err
	})
	if err != nil {
		return p, err
	}
	err = s.read(ctx, "event_currency", parameters, func(scan func(...any) error) error { return scan(&p.Currency) })
	return p, err
}
