package figures_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestPlansOfShows: a change of a plan is another version without a publication; the show has it with who made it, and
// one that is taken back is gone.
func TestPlansOfShows(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 6, Orders: 300})
	db := testkit.Open(t, l.config)
	events, err := db.PlanEvents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	event := events[0]
	key := warehouse.PlanKey{Event: event.ID, Show: event.Shows[0].ID, Currency: event.Currency}
	empty := l.filter()
	ask := func() (figures.ShowPlan, figures.Pacing, figures.Version) {
		f := l.filter()
		f.Event, f.Show = key.Event, key.Show
		p, err := l.store.Plan(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		pacing, err := l.store.Pacing(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		return p, pacing, f.Version
	}
	if p, pacing, _ := ask(); len(p.Targets) != 0 || p.Currency != event.Currency || pacing.Plan != 0 ||
		pacing.Need != nil {
		t.Errorf("before the first: %+v", p)
	}
	seen := map[uint64]bool{empty.Version.Plans: true}
	at := time.Date(2026, 11, 27, 12, 0, 0, 0, sales.Moscow)
	for i, by := range []string{"Анна", ""} {
		tickets, money := int64(400+i), qtickets.Money(120000050)
		write(t, db, warehouse.PlanChange{At: at.Add(time.Duration(i) * time.Second), By: by},
			warehouse.PlanTarget{PlanKey: key, Tickets: &tickets, Revenue: &money})
		p, pacing, v := ask()
		want := []figures.Target{{Currency: key.Currency, Tickets: &tickets, Revenue: new(decimal.New(120000050, -2)),
			At: at.Add(time.Duration(i) * time.Second), By: by}}
		same(t, "the plan", want, p.Targets, nil)
		if seen[v.Plans] || v.Batch != empty.Version.Batch || p.Tickets() != tickets || pacing.Plan != tickets {
			t.Errorf("version %+v, plan %d, pacing %d", v, p.Tickets(), pacing.Plan)
		}
		seen[v.Plans] = true
	}
	write(t, db, warehouse.PlanChange{At: at.Add(time.Minute)}, warehouse.PlanTarget{PlanKey: key})
	if p, pacing, v := ask(); len(p.Targets) != 0 || pacing.Plan != 0 || v != empty.Version {
		t.Errorf("taken back: %+v, %+v", p, v)
	}
}

func write(t *testing.T, db *warehouse.DB, change warehouse.PlanChange, targets ...warehouse.PlanTarget) {
	t.Helper()
	if err := db.WritePlanTargets(t.Context(), targets, change); err != nil {
		t.Fatal(err)
	}
}

// TestMonthIsForeseen from what the box office sold in the whole months before it, where its plan is for everything
// that was sold; a plan for a part of it has no forecast.
func TestMonthIsForeseen(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 8, Orders: 1200, HistoryDays: 560, SingleCurrency: true,
		Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	db := testkit.Open(t, l.config)
	asOf := l.filter().Version.AsOf.In(sales.Moscow)
	var first time.Time
	var income decimal.Decimal
	days, events := map[string]decimal.Decimal{}, map[int64]decimal.Decimal{}
	for _, m := range l.world.Movements() {
		if m.At.After(asOf) {
			continue
		}
		at := m.At.In(sales.Moscow)
		if first.IsZero() || at.Before(first) {
			first = at
		}
		amount := decimal.New(m.Price, -2)
		if m.Refund {
			amount = decimal.New(-m.Returned, -2)
		}
		day := at.Format(time.DateOnly)
		days[day] = days[day].Add(amount)
		if at.Year() == asOf.Year() && at.Month() == asOf.Month() {
			events[m.EventID] = events[m.EventID].Add(amount)
			income = income.Add(amount)
		}
	}
	if len(events) == 0 { // the month has only just begun
		events[l.world.Movements()[0].EventID] = decimal.Zero
	}
	var past []forecast.Show
	var want *forecast.Range
	for month := time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, time.UTC); want == nil; {
		var by []int64
		sum := decimal.Zero
		next := month.AddDate(0, 1, 0)
		today := asOf.Format(time.DateOnly)
		for day := month; day.Before(next) && day.Format(time.DateOnly) < today; day = day.AddDate(0, 0, 1) {
			sum = sum.Add(days[day.Format(time.DateOnly)])
			by = append(by, sum.Round(0).IntPart())
		}
		length := next.AddDate(0, 0, -1).Day()
		one := forecast.Month(12*month.Year()+int(month.Month()), length, by)
		if month.Year() == asOf.Year() && month.Month() == asOf.Month() {
			want = forecast.Learn(past).At(length - len(by)).Forecast(one).Band
			break
		}
		past, month = append(past, one), next
	}
	if len(past) < 13 || want == nil {
		t.Fatalf("%d months: nothing to compare", len(past))
	}
	if income.GreaterThan(decimal.NewFromInt(want.High)) { // today has shown that it is wrong
		want = nil
	}
	number := uint32(asOf.Year()*100 + int(asOf.Month())) //nolint:gosec // a year
	plan := func(event int64, money qtickets.Money) warehouse.PlanTarget {
		return warehouse.PlanTarget{PlanKey: warehouse.PlanKey{Event: uint64(event), Month: number, Currency: "RUB"},
			Revenue: &money}
	}
	var one int64
	for event, brought := range events {
		if !brought.IsZero() {
			one = event
		}
		write(t, db, warehouse.PlanChange{At: time.Now()}, plan(event, 5000000))
	}
	cards, err := l.store.Cards(t.Context(), l.filter())
	if err != nil || len(cards.Month) != 1 || cards.Month[0].WillSell != nil {
		t.Fatalf("%+v, %v", cards.Month, err)
	}
	same(t, "the forecast of the month", want, cards.Month[0].WillBring, nil)
	if one != 0 {
		write(t, db, warehouse.PlanChange{At: time.Now()}, warehouse.PlanTarget{PlanKey: plan(one, 0).PlanKey})
	}
	if cards, err = l.store.Cards(t.Context(), l.filter()); err != nil || one != 0 && len(cards.Month) > 0 &&
		cards.Month[0].WillBring != nil {
		t.Errorf("of a part: %+v, %v", cards.Month, err)
	}
}

// TestPlansOfTheMonth: what the month has brought of what is planned is what the box office says; a show's plan is a
// part of its event's, and other months and other events do not count.
func TestPlansOfTheMonth(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 6, Orders: 600, Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	db := testkit.Open(t, l.config)
	f := l.filter()
	if cards, err := l.store.Cards(t.Context(), f); err != nil || len(cards.Month) != 0 {
		t.Fatalf("without a plan: %+v, %v", cards.Month, err)
	}
	asOf := f.Version.AsOf.In(sales.Moscow)
	month, before := uint32(asOf.Year()*100+int(asOf.Month())), asOf.AddDate(0, 0, -asOf.Day())
	// whole is planned for as a whole, parts by its shows; both sell in the same currency.
	type counted struct {
		tickets int64
		money   int64
		city    string
	}
	byEvent, currency := map[int64]map[int64]counted{}, map[int64]string{}
	for _, m := range l.world.Movements() {
		if m.At.After(f.Version.AsOf) {
			continue
		}
		if byEvent[m.EventID] == nil {
			byEvent[m.EventID] = map[int64]counted{}
		}
		c := byEvent[m.EventID][m.ShowID]
		c.city = m.City
		currency[m.EventID] = m.Currency
		if at := m.At.In(sales.Moscow); at.Year() == asOf.Year() && at.Month() == asOf.Month() {
			if m.Refund {
				c.tickets, c.money = c.tickets-1, c.money-m.Returned
			} else {
				c.tickets, c.money = c.tickets+1, c.money+m.Price
			}
		}
		byEvent[m.EventID][m.ShowID] = c
	}
	var ids []int64 // of events with a currency alike, those with most shows first
	for id, shows := range byEvent {
		if currency[id] == "RUB" && len(shows) >= 2 {
			ids = append(ids, id)
		}
	}
	if len(ids) < 2 {
		t.Fatal("too few events")
	}
	whole, parts := ids[0], ids[1]
	plan := func(event, show int64, month uint32, tickets int64, money qtickets.Money) warehouse.PlanTarget {
		p := warehouse.PlanTarget{PlanKey: warehouse.PlanKey{Event: uint64(event), Show: uint64(show), Month: month,
			Currency: "RUB"}, Revenue: &money}
		if tickets > 0 {
			p.Tickets = &tickets
		}
		return p
	}
	targets := []warehouse.PlanTarget{plan(whole, 0, month, 500, 1000000),
		plan(whole, 0, uint32(before.Year()*100+int(before.Month())), 7, 70000)}
	want := figures.MonthPlan{Currency: "RUB", Events: 2, Tickets: 500, Revenue: decimal.New(1000000, -2)}
	var income int64
	for _, c := range byEvent[whole] {
		want.Sold += c.tickets
		income += c.money
	}
	ofWhole := figures.MonthPlan{Currency: "RUB", Events: 1, Tickets: 500, Sold: want.Sold, Revenue: want.Revenue,
		Income: decimal.New(income, -2)}
	city := ""
	for show, c := range byEvent[parts] {
		targets = append(targets, plan(parts, show, month, 0, 5000000))
		want.Revenue = want.Revenue.Add(decimal.New(5000000, -2))
		income += c.money
		city = c.city
	}
	for show := range byEvent[whole] {
		targets = append(targets, plan(whole, show, month, 9, 90000)) // a part of the event's
	}
	want.Income = decimal.New(income, -2)
	write(t, db, warehouse.PlanChange{At: time.Now()}, targets...)
	f = l.filter()
	cards, err := l.store.Cards(t.Context(), f)
	same(t, "the month", []figures.MonthPlan{want}, cards.Month, err)
	f.Event = uint64(whole)
	cards, err = l.store.Cards(t.Context(), f)
	same(t, "the month of an event", []figures.MonthPlan{ofWhole}, cards.Month, err)
	ofEvent, err := l.store.EventPlan(t.Context(), f)
	if err != nil || len(ofEvent.Periods) != 2 || ofEvent.Currency != "RUB" {
		t.Fatalf("the plans of the event: %+v, %v", ofEvent, err)
	}
	if this := ofEvent.Periods[1]; this.Month.Month() != asOf.Month() || *this.Tickets != 500 || this.Sold != want.Sold ||
		!this.Income.Equal(ofWhole.Income) {
		t.Errorf("the plan of the event for the month: %+v", this)
	}
	f.Event, f.City = 0, city
	if cards, err = l.store.Cards(t.Context(), f); err != nil || len(cards.Month) != 1 ||
		cards.Month[0].Revenue.LessThan(decimal.New(5000000, -2)) {
		t.Errorf("the month of a city: %+v, %v", cards.Month, err)
	}
	f.City = "Нигде"
	if cards, err = l.store.Cards(t.Context(), f); err != nil || len(cards.Month) != 0 {
		t.Errorf("the month of another city: %+v, %v", cards.Month, err)
	}
}
