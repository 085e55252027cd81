package dashboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/plan"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// inventedNow is the fixed clock of the invented world: a Monday, five past two in Moscow.
var inventedNow = time.Date(2026, 11, 23, 14, 5, 0, 0, sales.Moscow)

// invented is a season made up for the tests of the page: every figure is known by heart, and each trouble can
// be had at will.
type invented struct {
	mu      sync.Mutex
	version figures.Version
	fresh   figures.Freshness
	empty   bool            // published, and nothing in it
	nothing bool            // not even published
	away    bool            // ClickHouse does not answer
	fail    map[string]bool // blocks
	hostile bool
	slow    chan struct{} // blocks wait for it
	queries atomic.Int64
	now     time.Time
	viewer  access.Viewer
	targets map[uint64]figures.Target // by show
	periods []figures.PeriodTarget    // of each event
	noPlans error                     // why plans cannot be saved
}

func newInvented() *invented {
	gap := 15 * time.Minute
	asOf := inventedNow.Add(-3 * time.Minute)
	return &invented{
		now:     inventedNow,
		version: figures.Version{Batch: 1, PublishedAt: inventedNow.Add(-2 * time.Minute), AsOf: asOf},
		fresh: figures.Freshness{AsOf: asOf, Age: 3 * time.Minute, State: figures.Fresh, MedianGap: &gap,
			LastRun: &figures.Run{RunID: "r1", Mode: "increment", Status: "ok", StartedAt: asOf, Duration: 2 * time.Second}},
		fail: map[string]bool{}, viewer: access.Viewer{Name: "Анна", Role: access.Admin},
		targets: map[uint64]figures.Target{100: {Currency: "RUB", Tickets: ptr(int64(400)), Revenue: dec(493800),
			At: time.Date(2026, 11, 20, 12, 0, 0, 0, sales.Moscow), By: "Анна"},
			102: {Currency: "RUB", Tickets: ptr(int64(410)), Revenue: dec(506150), At: inventedNow, By: "Анна"}},
		periods: []figures.PeriodTarget{{Target: figures.Target{Currency: "RUB", Tickets: ptr(int64(1200)),
			Revenue: dec(1_500_300), At: inventedNow, By: "Анна"}, Sold: 624, Income: *dec(770_328)},
			{Month: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Target: figures.Target{Currency: "RUB",
				Revenue: dec(500_100), At: inventedNow}, Sold: 180, Income: *dec(222_210)}},
	}
}

// savePlan keeps a typed plan as the real one does: by the rules of a file.
func (w *invented) savePlan(_ context.Context, typed plan.Typed, by string) error {
	var events []warehouse.PlanEvent
	for i := range 10 {
		e := warehouse.PlanEvent{ID: uint64(i + 1), Currency: "RUB"}
		for k := i; k < 25; k += 10 {
			e.Shows = append(e.Shows, warehouse.PlanShow{ID: uint64(100 + k)})
		}
		events = append(events, e)
	}
	target, err := plan.ReadTyped(typed, events)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.noPlans != nil {
		return w.noPlans
	}
	w.version.Plans++
	if typed.Show == 0 {
		w.savePeriod(target, by)
		return nil
	}
	delete(w.targets, typed.Show)
	if !target.Empty() {
		kept := figures.Target{Currency: target.Currency, Tickets: target.Tickets, At: inventedNow, By: by}
		if target.Revenue != nil {
			kept.Revenue = ptr(decimal.New(int64(*target.Revenue), -2))
		}
		w.targets[typed.Show] = kept
	}
	return nil
}

// savePeriod keeps a plan of an event.
func (w *invented) savePeriod(target warehouse.PlanTarget, by string) {
	var month time.Time
	if m := int(target.Month); m != 0 {
		month = time.Date(m/100, time.Month(m%100), 1, 0, 0, 0, 0, time.UTC)
	}
	w.periods = slices.DeleteFunc(slices.Clone(w.periods),
		func(p figures.PeriodTarget) bool { return p.Month.Equal(month) })
	if target.Empty() {
		return
	}
	p := figures.PeriodTarget{Month: month, Target: figures.Target{Currency: target.Currency, Tickets: target.Tickets,
		At: inventedNow, By: by}, Sold: 150, Income: *dec(1_200_400)}
	if target.Revenue != nil {
		p.Revenue = ptr(decimal.New(int64(*target.Revenue), -2))
	}
	w.periods = append(w.periods, p)
}

// EventPlan has one for all sales, and one for the present month.
func (w *invented) EventPlan(ctx context.Context, f figures.Filter) (figures.EventPlan, error) {
	if err := w.asked(ctx, "event-plan"); err != nil {
		return figures.EventPlan{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return figures.EventPlan{EventID: f.Event, Currency: "RUB", Periods: w.periods}, nil
}

// Plan of a show.
func (w *invented) Plan(ctx context.Context, f figures.Filter) (figures.ShowPlan, error) {
	if err := w.asked(ctx, "plan"); err != nil {
		return figures.ShowPlan{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := figures.ShowPlan{Show: w.show(int(f.Show) - 100), Currency: "RUB"}
	if target, planned := w.targets[f.Show]; planned {
		p.Targets = []figures.Target{target}
	}
	return p, nil
}

var errAway = errors.New("dial tcp 127.0.0.1:9000: connection refused")

func (w *invented) change(f func(*invented)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

// publish a new batch: as a load does.
func (w *invented) publish() {
	w.change(func(w *invented) {
		w.version.Batch++
		w.version.PublishedAt = w.version.PublishedAt.Add(15 * time.Minute)
	})
}

// asked is the beginning of each block.
func (w *invented) asked(ctx context.Context, name string) error {
	w.queries.Add(1)
	w.mu.Lock()
	slow, away, failed := w.slow, w.away, w.fail[name] || w.fail["every"]
	w.mu.Unlock()
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	switch {
	case away:
		return errAway
	case failed:
		return errors.New("code: 241, memory limit exceeded")
	}
	return nil
}

// Version of the publication.
func (w *invented) Version(context.Context) (figures.Version, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.away:
		return figures.Version{}, errAway
	case w.nothing:
		return figures.Version{}, figures.ErrNothingPublished
	}
	return w.version, nil
}

// Query gives the result of a block; nothing where this world does not know it.
func (w *invented) Query(ctx context.Context, b block.Block, f figures.Filter) (any, error) {
	switch b.Question {
	case "alerts":
		return w.Alerts(ctx, f)
	case "assumptions":
		return w.Assumptions(ctx, f)
	case "backups":
		return w.Backups(ctx, f)
	case "cards":
		return w.Cards(ctx, f)
	case "channels":
		return w.Channels(ctx, f)
	case "cities":
		return w.Cities(ctx, f)
	case "days":
		return w.span(ctx, b.Question, 28)
	case "discounts":
		return w.Discounts(ctx, f)
	case "entries":
		return w.Entries(ctx, f)
	case "event":
		return w.Event(ctx, f)
	case "event-plan":
		return w.EventPlan(ctx, f)
	case "event-days":
		return w.span(ctx, b.Question, 91)
	case "explain":
		return w.MadeOf(ctx, f)
	case "feeds":
		return w.Feeds(ctx, f)
	case "free-shows":
		return w.FreeShows(ctx, f)
	case "hall":
		return w.Hall(ctx, f)
	case "heat":
		return w.Heat(ctx, f)
	case "history":
		return w.AlertHistory(ctx, f)
	case "hours":
		return w.Hours(ctx, f)
	case "lead":
		return w.Lead(ctx, f)
	case "pacing":
		return w.Pacing(ctx, f)
	case "payments":
		return w.PaymentTypes(ctx, f)
	case "plan":
		return w.Plan(ctx, f)
	case "promo":
		return w.PromoCodes(ctx, f)
	case "quarantine":
		return w.Quarantine(ctx, f)
	case "shows":
		return w.Shows(ctx, f)
	case "sites":
		return w.Sites(ctx, f)
	case "sizes":
		return w.OrderSizes(ctx, f)
	case "weeks":
		return w.span(ctx, b.Question, 56)
	case "zones":
		return w.Zones(ctx, f)
	default:
		return nil, w.asked(ctx, b.Question)
	}
}

// MadeOf a number are two sales and a refund of each event.
func (w *invented) MadeOf(ctx context.Context, f figures.Filter) (figures.MadeOf, error) {
	if err := w.asked(ctx, "explain"); err != nil || w.empty {
		return figures.MadeOf{}, err
	}
	var m figures.MadeOf
	for i := range 10 {
		id := uint64(i + 1)
		if f.Event != 0 && f.Event != id {
			continue
		}
		for k := range 3 {
			one := figures.Movement{At: inventedNow.Add(-time.Duration(k) * time.Hour), Refund: k == 2,
				Order: 1000*id + uint64(k), TicketIDs: []uint64{7001, 7002}, EventID: id, ShowID: 99 + id, Event: w.name(i),
				ShowDate: ptr(time.Date(2026, 12, 1+i, 0, 0, 0, 0, time.UTC)), Currency: "RUB", Tickets: 2,
				Amount: decimal.RequireFromString("24680.50"), Part: decimal.NewFromInt(2)}
			if f.Number.Figure.IsMoney() {
				one.Part = one.Amount
			}
			m.Movements, m.Count, m.Total = append(m.Movements, one), m.Count+1, m.Total.Add(one.Part)
		}
	}
	return m, nil
}

func (w *invented) Freshness(ctx context.Context, _ figures.Filter) (figures.Freshness, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fresh, nil
}

var hostileNames = testkit.HostileNames()

func (w *invented) name(i int) string {
	if w.hostile {
		return hostileNames[i%len(hostileNames)]
	}
	names := []string{"Щелкунчик", "Выставка кубиков", "Стендап на крыше", "Лебединое озеро", "Джаз у реки", "Ночь музеев",
		"Квартет «Осень»", "Маленький принц", "Рок-фестиваль «Полёт»", "Ревизор"}
	return names[i%len(names)]
}

var inventedCities = []struct{ name, zone string }{{"Москва", "Europe/Moscow"}, {"Владивосток", "Asia/Vladivostok"},
	{"Новосибирск", "Asia/Novosibirsk"}, {"Калининград", "Europe/Kaliningrad"}}

func dec(x float64) *decimal.Decimal { d := decimal.NewFromFloat(x); return &d }

func ptr[T any](x T) *T { return &x }

// sold makes figures of so many tickets.
func sold(n, refunded int64) figures.Totals {
	f := figures.Totals{Tickets: n, Orders: (n + 1) / 2, Refunded: refunded}
	if n > 0 || refunded > 0 {
		f.Money = []figures.Amounts{{
			Currency: "RUB", Gross: decimal.NewFromInt(n).Mul(decimal.RequireFromString("1234.50")),
			Refunds: decimal.NewFromInt(refunded * 1200), Paid: n,
		}}
	}
	return f
}

func (w *invented) FirstDay(context.Context, figures.Version) (time.Time, error) {
	return time.Date(2026, 8, 25, 0, 0, 0, 0, sales.Moscow), nil
}

func (w *invented) Choices(ctx context.Context, _ figures.Filter) (figures.Choices, error) {
	if err := w.asked(ctx, "choices"); err != nil || w.empty {
		return figures.Choices{}, err
	}
	c := figures.Choices{Currencies: []string{"RUB", "KZT"}, FirstDay: ptr(time.Date(2026, 8, 25, 0, 0, 0, 0, time.UTC))}
	for _, city := range inventedCities {
		c.Cities = append(c.Cities, city.name)
	}
	for i := range 10 {
		event := figures.EventChoice{EventID: uint64(i + 1), Name: w.name(i), City: inventedCities[i%4].name}
		if i < 9 {
			event.Upcoming, event.Next = 3, ptr(time.Date(2026, 11, 28+2*i, 0, 0, 0, 0, time.UTC))
		}
		c.Events = append(c.Events, event)
	}
	if w.hostile {
		c.Cities = append(c.Cities, hostileNames...)
	}
	return c, nil
}

func (w *invented) Alerts(ctx context.Context, f figures.Filter) ([]figures.AlertLine, error) {
	if err := w.asked(ctx, "alerts"); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fresh.State != figures.Stale {
		return nil, nil
	}
	return []figures.AlertLine{{ID: "a1", Rule: "no_data", Text: "последняя загрузка 4 часа назад",
		OpenedAt: inventedNow.Add(-2 * time.Hour)}}, nil
}

func (w *invented) AlertHistory(ctx context.Context, f figures.Filter) ([]figures.AlertLine, error) {
	if err := w.asked(ctx, "history"); err != nil || w.empty {
		return nil, err
	}
	ended := inventedNow.Add(-20 * time.Hour)
	return []figures.AlertLine{
		{ID: "h1", Rule: "orders_drop", Text: "12 заказов против 40 вчера", OpenedAt: inventedNow.Add(-26 * time.Hour),
			EndedAt: &ended},
		{ID: "h2", Rule: "quarantine", Subject: "orders", Text: "3 строки", Level: 3,
			OpenedAt: inventedNow.Add(-50 * time.Hour), EndedAt: &ended},
	}, nil
}

func (w *invented) Cards(ctx context.Context, _ figures.Filter) (figures.Cards, error) {
	if err := w.asked(ctx, "cards"); err != nil {
		return figures.Cards{}, err
	}
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if w.empty {
		return figures.Cards{Day: day, Cards: []figures.Card{{Name: figures.CardTickets, Value: dec(0)}}}, nil
	}
	next := w.show(0)
	return figures.Cards{Day: day, Weeks: 8, Today: sold(54, 3), Next: &next, Month: []figures.MonthPlan{{Currency: "RUB",
		Events: 4, Revenue: *dec(3_000_000), Income: *dec(1_860_000),
		WillBring: &forecast.Range{Low: 2_610_000, High: 3_140_000}}}, Cards: []figures.Card{
		{Name: figures.CardTickets, Value: dec(54), Baseline: dec(44), Percent: dec(22.7)},
		{Name: figures.CardRevenue, Currency: "RUB", Value: dec(66663), Baseline: dec(54318), Percent: dec(22.7)},
		{Name: figures.CardRevenue, Currency: "KZT", Value: dec(163881)},
		{Name: figures.CardRefunds, Currency: "RUB", Value: dec(3600), Baseline: dec(1200)},
		{Name: figures.CardRefunded, Value: dec(3), Baseline: dec(1)},
		{Name: figures.CardAverage, Currency: "RUB", Value: dec(1234.5), Baseline: dec(1190), Percent: dec(3.7)},
		{Name: figures.CardAverage, Currency: "KZT"},
	}}, nil
}

func (w *invented) Hours(ctx context.Context, _ figures.Filter) (figures.Hours, error) {
	if err := w.asked(ctx, "hours"); err != nil || w.empty {
		return figures.Hours{Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}, err
	}
	h := figures.Hours{Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Weeks: 8, Currency: "RUB"}
	curve := []float64{0, 1, 1, 1, 1, 1, 2, 3, 6, 10, 16, 23, 31, 38, 44, 50, 57, 64, 72, 82, 93, 102, 108, 111, 112}
	add := func(minute int) {
		x := curve[min(minute/60, 24)] + float64(minute%60)/60*3
		p := figures.HourPoint{Minute: minute, Tickets: figures.Band{Low: dec(float64(int(x * .6))),
			Median: dec(float64(int(x))), High: dec(float64(int(x * 1.5)))}}
		if minute <= 842 {
			p.Tickets.Today = dec(float64(int(x * 1.2)))
		}
		times := func(d *decimal.Decimal) *decimal.Decimal {
			if d == nil {
				return nil
			}
			return ptr(d.Mul(decimal.RequireFromString("1234.5")))
		}
		p.Revenue = figures.Band{Today: times(p.Tickets.Today), Low: times(p.Tickets.Low), Median: times(p.Tickets.Median),
			High: times(p.Tickets.High)}
		h.Points = append(h.Points, p)
	}
	for minute := 0; minute <= 1440; minute += 60 {
		add(minute)
		if minute == 840 {
			add(842)
		}
	}
	return h, nil
}

// show is the i-th show to come; each kind of reason is met.
func (w *invented) show(i int) figures.ShowLine {
	city := inventedCities[i%4]
	zone, err := time.LoadLocation(city.zone)
	if err != nil {
		panic(err)
	}
	start := time.Date(2026, 11, 28+2*i, 19, 0, 0, 0, zone)
	left, capacity := int64(600-22*i), int64(800)
	s := figures.ShowLine{
		EventID: uint64(i%10 + 1), ShowID: uint64(100 + i), Event: w.name(i), City: city.name, Place: "Большой зал",
		Start: &start, Zone: city.zone,
		LocalDate: ptr(time.Date(2026, 11, 28+2*i, 0, 0, 0, 0, time.UTC)), LocalTime: "19:00",
		Sold: 200 + int64(22*i), Refunded: int64(i), Money: sold(200+int64(22*i), int64(i)).Money, Capacity: &capacity,
		Closed: ptr(int64(0)), Left: &left,
		Fill: dec(float64(200+22*i) / 800), SeatsAt: ptr(inventedNow.Add(-20 * time.Minute)), DaysLeft: ptr(5 + 2*i),
		SalesPace: int64(40 + 3*i), Outlook: &figures.Outlook{Plan: 600, Chance: 0.9 - float64(i)/25,
			Forecast: forecast.Forecast{Expected: 420, Band: &forecast.Range{Low: 380, High: 470}}},
		RequiredPace: dec(float64(400-22*i) / float64(5+2*i)), GrossPotential: dec(1_600_000), PotentialCurrency: "RUB",
		Share: dec(0.31),
		Reason: []figures.ShowReason{figures.ShowWillMiss, figures.ShowWillMiss, figures.ShowMayMiss, figures.ShowMayMiss,
			figures.ShowOnCourse, figures.ShowTooEarly}[min(i/2, 5)],
	}
	switch i {
	case 12:
		s.Reason, s.Capacity, s.Closed, s.Left, s.Fill, s.RequiredPace, s.Share, s.GrossPotential = figures.ShowUnknown, nil,
			nil, nil, nil, nil, nil, nil
	case 13:
		s.Reason, s.Left, s.Fill, s.Sold, s.RequiredPace = figures.ShowSoldOut, ptr(int64(0)), dec(1), 800, dec(0)
	case 14:
		s.Reason, s.Start, s.LocalDate, s.DaysLeft, s.RequiredPace, s.LocalTime = figures.ShowUnknown, nil, nil, nil, nil, ""
	}
	return s
}

func (w *invented) Shows(ctx context.Context, _ figures.Filter) (figures.Shows, error) {
	if err := w.asked(ctx, "shows"); err != nil || w.empty {
		return figures.Shows{}, err
	}
	var s figures.Shows
	for i := range 25 {
		s.Shows = append(s.Shows, w.show(i))
	}
	return s, nil
}

// span ends with two days after the data when the data is stale.
func (w *invented) span(ctx context.Context, name string, n int) (figures.Days, error) {
	if err := w.asked(ctx, name); err != nil || w.empty {
		return figures.Days{}, err
	}
	w.mu.Lock()
	stale := w.fresh.State == figures.Stale
	w.mu.Unlock()
	d := figures.Days{Currencies: []string{"RUB"}}
	for i := range n {
		date := time.Date(2026, 11, 23-n+1+i, 0, 0, 0, 0, time.UTC)
		day := figures.Day{Date: date, State: figures.DayComplete,
			Totals: sold(int64(40+(i*37)%61+30*boolInt(date.Weekday() == time.Friday)), int64((i*13)%7))}
		if n > 30 && (i == n-20 || i == n-19) { // longer than the axis
			day.Totals = sold(int64(900+i), 3)
		}
		if i == n-1 {
			day.State = figures.DayPartial
		}
		if stale && i >= n-2 {
			day.State, day.Totals = figures.DayUnknown, figures.Totals{}
		}
		d.Days = append(d.Days, day)
	}
	return d, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (w *invented) Cities(ctx context.Context, f figures.Filter) (figures.Cities, error) {
	if err := w.asked(ctx, "cities"); err != nil || w.empty {
		return figures.Cities{}, err
	}
	c := figures.Cities{Total: figures.CityLine{Upcoming: 22, Totals: sold(1000, 40)}}
	for i, city := range inventedCities {
		line := figures.CityLine{City: city.name, Upcoming: 7 - i, Totals: sold([]int64{540, 260, 150, 50}[i], int64(20-4*i))}
		if f.Compare != figures.CompareNone {
			line.Before = ptr(sold([]int64{500, 280, 150, 0}[i], 3))
		}
		c.Cities = append(c.Cities, line)
	}
	return c, nil
}

func (w *invented) Event(ctx context.Context, f figures.Filter) (figures.Event, error) {
	if err := w.asked(ctx, "event"); err != nil {
		return figures.Event{}, err
	}
	if f.Event == 0 || f.Event > 10 || w.empty {
		return figures.Event{}, figures.ErrNoEvent
	}
	i := int(f.Event) - 1
	e := figures.Event{EventID: f.Event, Name: w.name(i), City: inventedCities[i%4].name, Place: "Большой зал",
		Zone: inventedCities[i%4].zone}
	for k := i; k < 25; k += 10 {
		s := w.show(k)
		e.Shows = append(e.Shows, s)
		if s.ShowID == f.Show {
			e.Show = &s
		}
	}
	if f.Show != 0 && e.Show == nil {
		return figures.Event{}, figures.ErrNoEvent
	}
	e.Total = e.Shows[0]
	e.Total.Start, e.Total.LocalDate, e.Total.DaysLeft, e.Total.RequiredPace, e.Total.Reason = nil, nil, nil, nil, ""
	return e, nil
}

func (w *invented) Pacing(ctx context.Context, f figures.Filter) (figures.Pacing, error) {
	if err := w.asked(ctx, "pacing"); err != nil {
		return figures.Pacing{}, err
	}
	p := figures.Pacing{Show: w.show(int(f.Show) - 100), Pace: dec(0.87), Plan: 800, Need: dec(84.2),
		Forecast: &forecast.Forecast{Expected: 610, Band: &forecast.Range{Low: 520, High: 700}, Errors: 26},
		Record:   forecast.Record{DaysLeft: 5, Shows: 26, WAPE: ptr(0.114), Banded: 17, Held: 14}}
	for left := 60; left >= 5; left-- {
		p.Points = append(p.Points, figures.PacePoint{DaysLeft: left, Sold: int64((60 - left) * (60 - left) / 8)})
	}
	for left := 60; left >= 0; left-- {
		p.Middle = append(p.Middle, figures.PacePoint{DaysLeft: left, Sold: int64((60 - left) * (60 - left) / 6)})
	}
	for i := range 5 {
		c := figures.Comparable{EventID: 3, ShowID: uint64(i), Event: w.name(i), City: "Москва",
			LocalDate: time.Date(2026, 5, 1+i*9, 0, 0, 0, 0, time.UTC), Final: 600,
			Reasons: []forecast.Likeness{forecast.SameEvent, forecast.SameHall}}
		for left := 60; left >= 0; left -= 1 + i%3 {
			c.Points = append(c.Points, figures.PacePoint{DaysLeft: left, Sold: int64((60 - left) * (60 - left) / (4 + i))})
		}
		p.Comparables = append(p.Comparables, c)
	}
	return p, nil
}

func (w *invented) Zones(ctx context.Context, _ figures.Filter) (figures.Zones, error) {
	if err := w.asked(ctx, "zones"); err != nil {
		return figures.Zones{}, err
	}
	z := figures.Zones{SeenAt: ptr(inventedNow.Add(-20 * time.Minute))}
	for i, name := range []string{"Партер", "Амфитеатр", "Балкон", "Ложи", "Входной"} {
		if w.hostile {
			name = hostileNames[i]
		}
		zone := figures.Zone{Name: name, Capacity: ptr(int64(200)), Sold: ptr(int64(200 - 40*i)), Held: ptr(int64(2)),
			Free: ptr(int64(38 * i)), Closed: ptr(int64(0)), Fill: dec(1 - float64(i)/5), MinPrice: dec(900),
			MaxPrice: dec(3500), Currency: "RUB"}
		if i == 4 {
			zone = figures.Zone{Name: name}
		}
		z.Zones = append(z.Zones, zone)
	}
	return z, nil
}

// Hall has every state of a seat, gaps, lonely seats, a row of letters and a hostile name.
func (w *invented) Hall(ctx context.Context, _ figures.Filter) (figures.Hall, error) {
	if err := w.asked(ctx, "hall"); err != nil {
		return figures.Hall{}, err
	}
	h := figures.Hall{SeenAt: ptr(inventedNow.Add(-20 * time.Minute))}
	states := []sales.SeatState{sales.SeatSold, sales.SeatSold, sales.SeatFree, sales.SeatSold, sales.SeatHeld,
		sales.SeatClosed, sales.SeatUnknown, sales.SeatFree, sales.SeatFree}
	for i, name := range []string{"Партер", "Балкон"} {
		zone := figures.HallZone{Name: name, Currency: "RUB"}
		if w.hostile {
			zone.Name = hostileNames[i]
		}
		for r := range 8 - 2*i {
			row := figures.HallRow{Name: fmt.Sprint(r + 1)}
			if r == 5 && w.hostile {
				row.Name = hostileNames[4]
			}
			for n := range 22 {
				seat := figures.HallSeat{Place: fmt.Sprint(n + 1), State: states[(n+r)%len(states)], Gap: n == 11,
					Price: dec(float64(12_345 - 1000*r))}
				seat.Lonely = (n+r)%len(states) == 2
				if seat.State == sales.SeatSold {
					seat.DaysLeft = ptr(int32(n * r))
				}
				row.Seats = append(row.Seats, seat)
			}
			zone.Rows = append(zone.Rows, row)
		}
		h.Zones = append(h.Zones, zone)
	}
	return h, nil
}
