package pipeline_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/explain"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// TestExplainEveryNumber: for every day, event and show that sold or gave back anything, the listed tickets add
// up to what is published, and to what the box office itself says. The world's history holds partial refunds,
// cancellations, season tickets, two currencies and replaced orders.
func TestExplainEveryNumber(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.NewWorld(simulator.WorldOptions{Seed: 17, Orders: 300, HistoryDays: 6}))
	rng := rand.New(rand.NewPCG(17, 17))
	for range 150 {
		l.world.Step(rng)
	}
	l.sellEveryKind()
	run := l.mustSync()
	oracle := l.world.Oracle()
	slices := map[explain.Slice]bool{}
	for key := range oracle.SalesDaily {
		slices[sliceOf(key)] = true
	}
	for key := range oracle.RefundsDaily {
		slices[sliceOf(key)] = true
	}
	sold, met := map[simulator.DailyKey]simulator.Sales{}, kinds{}
	refunded := map[simulator.DailyKey]simulator.Refunds{}
	for slice := range slices {
		e := l.explain(slice)
		met.see(e)
		if !e.Ties || e.Empty() || len(e.Changed)+len(e.ChangedOther) > 0 {
			t.Errorf("%+v: ties %v, empty %v, changed %v %v", slice, e.Ties, e.Empty(), e.Changed, e.ChangedOther)
		}
		if len(e.Runs) != 1 || e.Runs[0].ID != run.RunID || e.Runs[0].Mode != string(run.Mode) ||
			e.Runs[0].Status != string(run.Status) || e.Runs[0].StartedAt.IsZero() {
			t.Errorf("%+v: runs %+v, want %s", slice, e.Runs, run.RunID)
		}
		for _, row := range e.Sales.Rows {
			sold[dailyKeyOf(slice, row.RowKey)] = salesOfRow(row.Tickets)
		}
		for _, row := range e.Refunds.Rows {
			refunded[dailyKeyOf(slice, row.RowKey)] = simulator.Refunds{
				Tickets: int(row.Tickets.Tickets), Refunded: int64(row.Tickets.Refunded), Kept: int64(row.Tickets.Kept),
			}
		}
	}
	if diff := cmp.Diff(oracle.SalesDaily, sold); diff != "" {
		t.Errorf("listed tickets are not what was sold (-sold +listed):\n%s", diff)
	}
	if diff := cmp.Diff(oracle.RefundsDaily, refunded); diff != "" {
		t.Errorf("listed tickets are not what was refunded (-refunded +listed):\n%s", diff)
	}
	if met.partial == 0 || met.cancelled == 0 || met.seasonTickets == 0 || len(met.currencies) != 2 {
		t.Errorf("the world had too little to explain: %+v", met)
	}
	l.checkFullDays(oracle)
}

// sellEveryKind leaves none of the kinds to chance.
func (l *lab) sellEveryKind() {
	l.Helper()
	event, err := l.world.NewEvent(simulator.EventSpec{Currency: "KZT", Shows: []simulator.ShowSpec{{}}})
	if err != nil {
		l.Fatal(err)
	}
	sell := func(n simulator.NewOrder) int64 {
		id, err := l.world.CreateOrder(n)
		if err := errors.Join(err, l.world.Pay(id)); err != nil {
			l.Fatal(err)
		}
		return id
	}
	sell(simulator.NewOrder{Season: true})
	refunded := sell(simulator.NewOrder{EventID: event, FullPrice: true, Tickets: 3})
	cancelled, replaced := sell(simulator.NewOrder{EventID: event}), sell(simulator.NewOrder{EventID: event})
	_, err = l.world.Replace(replaced)
	if err := errors.Join(err, l.world.Refund(refunded, nil, 10000), l.world.Cancel(cancelled)); err != nil {
		l.Fatal(err)
	}
}

// checkFullDays: the same without naming an event, where the currencies of a day stay apart.
func (l *lab) checkFullDays(oracle simulator.Oracle) {
	l.Helper()
	type dayCurrency struct{ Day, Currency string }
	want, got := map[dayCurrency]int64{}, map[dayCurrency]int64{}
	for key, s := range oracle.SalesDaily {
		want[dayCurrency{key.Day, key.Currency}] += s.Revenue
	}
	for key := range want {
		e := l.explain(explain.Slice{Day: key.Day})
		if !e.Ties {
			l.Errorf("%s does not tie", key.Day)
		}
		for _, total := range e.Sales.Totals {
			got[dayCurrency{key.Day, total.Currency}] = int64(total.Published.Revenue)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		l.Errorf("totals of days by currency (-sold +published):\n%s", diff)
	}
}

func (l *lab) explain(s explain.Slice) *explain.Explanation {
	l.Helper()
	e, err := explain.Read(l.Context(), l.db, s)
	if err != nil {
		l.Fatal(err)
	}
	return e
}

// kinds counts what the explanations had to deal with.
type kinds struct {
	partial, cancelled, seasonTickets int
	currencies                        map[string]bool
}

func (k *kinds) see(e *explain.Explanation) {
	if k.currencies == nil {
		k.currencies = map[string]bool{}
	}
	for _, t := range e.Sales.Tickets {
		k.currencies[t.Currency] = true
		if t.State == sales.Refunded && t.Refunded > 0 && t.Revenue > 0 {
			k.partial++
		}
	}
	for _, t := range e.NotCounted {
		if t.State == sales.Cancelled {
			k.cancelled++
		} else {
			k.seasonTickets++
		}
	}
}

func sliceOf(key simulator.DailyKey) explain.Slice {
	return explain.Slice{Day: key.Day, EventID: uint64(key.EventID), ShowID: uint64(key.ShowID)}
}

func dailyKeyOf(s explain.Slice, key explain.RowKey) simulator.DailyKey {
	return simulator.DailyKey{Day: s.Day, EventID: int64(key.EventID), ShowID: int64(key.ShowID), Currency: key.Currency}
}

func salesOfRow(f explain.SalesTotals) simulator.Sales {
	return simulator.Sales{
		TicketsSold: int(f.TicketsSold), TicketsFree: int(f.TicketsFree), GrossTickets: int(f.GrossTickets),
		RefundedTickets: int(f.RefundedTickets),
		Gross:           int64(f.Gross), Refunded: int64(f.Refunded), Revenue: int64(f.Revenue),
	}
}
