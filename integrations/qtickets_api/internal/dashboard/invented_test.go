package dashboard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"
)

// inventedNow is the fixed clock of the invented world: a Monday, five past two in Moscow.
var inventedNow = time.Date(2026, 11, 23, 14, 5, 0, 0, moscow)

// invented is a season made up for the tests of the page: every figure is known by heart, and each trouble can
// be had at will.
type invented struct {
	mu      sync.Mutex
	version Version
	fresh   Freshness
	empty   bool            // published, and nothing in it
	nothing bool            // not even published
	away    bool            // ClickHouse does not answer
	fail    map[string]bool // blocks
	hostile bool
	slow    chan struct{} // blocks wait for it
	queries atomic.Int64
	now     time.Time
}

func newInvented() *invented {
	gap := 15 * time.Minute
	asOf := inventedNow.Add(-3 * time.Minute)
	return &invented{
		now:     inventedNow,
		version: Version{Batch: 1, PublishedAt: inventedNow.Add(-2 * time.Minute), AsOf: asOf},
		fresh: Freshness{AsOf: asOf, Age: 3 * time.Minute, State: Fresh, UsualGap: &gap,
			LastRun: &Run{RunID: "r1", Mode: "increment", Status: "ok", StartedAt: asOf, Duration: 2 * time.Second}},
		fail: map[string]bool{},
	}
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
func (w *invented) Version(context.Context) (Version, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.away:
		return Version{}, errAway
	case w.nothing:
		return Version{}, ErrNothingPublished
	}
	return w.version, nil
}

func (w *invented) Freshness(ctx context.Context, _ Filter) (Freshness, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fresh, nil
}

// hostileNames are what people and their tools put into names, marks and codes.
var hostileNames = []string{
	`<script>alert("name")</script>`, "\u202eгруппа\u202c ← RLO", "שלום עולם", "🎭🎪👩‍👩‍👧‍👦 Ёлка", `=cmd|' /C calc'!A0`, "@SUM(1+1)*cmd", "-2+3", "+7",
	strings.Repeat("Очень длинное название ", 500), strings.Repeat("неразрывное", 1000), `"><img src=x onerror=alert(1)>`, "a\x00b\x07c\u2028d", "{{.Org}} ${1+1} {0}",
	"'; DROP TABLE events; --", "Z\u0335\u0321\u030da\u0334l\u0337g\u0338o\u0336",
}

func (w *invented) name(i int) string {
	if w.hostile {
		return hostileNames[i%len(hostileNames)]
	}
	names := []string{"Щелкунчик", "Выставка кубиков", "Стендап на крыше", "Лебединое озеро", "Джаз у реки", "Ночь музеев", "Квартет «Осень»", "Маленький принц", "Рок-фестиваль «Полёт»", "Ревизор"}
	return names[i%len(names)]
}

var inventedCities = []struct{ name, zone string }{{"Москва", "Europe/Moscow"}, {"Владивосток", "Asia/Vladivostok"}, {"Новосибирск", "Asia/Novosibirsk"}, {"Калининград", "Europe/Kaliningrad"}}

func dec(x float64) *decimal.Decimal { d := decimal.NewFromFloat(x); return &d }

func ptr[T any](x T) *T { return &x }

// sold makes figures of so many tickets.
func sold(n, refunded int64) Figures {
	f := Figures{Tickets: n, Orders: (n + 1) / 2, Refunded: refunded}
	if n > 0 || refunded > 0 {
		f.Money = []Amounts{{"RUB", decimal.NewFromInt(n).Mul(decimal.RequireFromString("1234.50")), decimal.NewFromInt(refunded * 1200), n}}
	}
	return f
}

func (w *invented) Choices(ctx context.Context, _ Filter) (Choices, error) {
	if err := w.asked(ctx, "choices"); err != nil || w.empty {
		return Choices{}, err
	}
	c := Choices{Currencies: []string{"RUB", "KZT"}, FirstDay: ptr(time.Date(2026, 8, 25, 0, 0, 0, 0, time.UTC))}
	for _, city := range inventedCities {
		c.Cities = append(c.Cities, city.name)
	}
	for i := range 10 {
		c.Events = append(c.Events, EventChoice{uint64(i + 1), w.name(i), inventedCities[i%4].name, 3})
	}
	if w.hostile {
		c.Cities = append(c.Cities, hostileNames...)
	}
	return c, nil
}

func (w *invented) Alerts(ctx context.Context, f Filter) ([]AlertLine, error) {
	if err := w.asked(ctx, "alerts"); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fresh.State != Stale {
		return nil, nil
	}
	return []AlertLine{{ID: "a1", Rule: "no_data", Text: "последняя загрузка 4 часа назад", OpenedAt: inventedNow.Add(-2 * time.Hour)}}, nil
}

func (w *invented) AlertHistory(ctx context.Context, f Filter) ([]AlertLine, error) {
	if err := w.asked(ctx, "history"); err != nil || w.empty {
		return nil, err
	}
	ended := inventedNow.Add(-20 * time.Hour)
	return []AlertLine{
		{ID: "h1", Rule: "orders_drop", Text: "12 заказов против 40 вчера", OpenedAt: inventedNow.Add(-26 * time.Hour), EndedAt: &ended},
		{ID: "h2", Rule: "quarantine", Subject: "orders", Text: "3 строки", Level: 3, OpenedAt: inventedNow.Add(-50 * time.Hour), EndedAt: &ended},
	}, nil
}

func (w *invented) Cards(ctx context.Context, _ Filter) (Cards, error) {
	if err := w.asked(ctx, "cards"); err != nil {
		return Cards{}, err
	}
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if w.empty {
		return Cards{Day: day, Cards: []Card{{Name: CardTickets, Value: dec(0)}}}, nil
	}
	next := w.show(0)
	return Cards{Day: day, Weeks: 8, Today: sold(54, 3), Next: &next, Cards: []Card{
		{Name: CardTickets, Value: dec(54), Usual: dec(44), Percent: dec(22.7)},
		{Name: CardRevenue, Currency: "RUB", Value: dec(66663), Usual: dec(54318), Percent: dec(22.7)},
		{Name: CardRevenue, Currency: "KZT", Value: dec(163881)},
		{Name: CardRefunds, Currency: "RUB", Value: dec(3600), Usual: dec(1200)},
		{Name: CardRefunded, Value: dec(3), Usual: dec(1)},
		{Name: CardAverage, Currency: "RUB", Value: dec(1234.5), Usual: dec(1190), Percent: dec(3.7)},
		{Name: CardAverage, Currency: "KZT"},
	}}, nil
}

func (w *invented) Hours(ctx context.Context, _ Filter) (Hours, error) {
	if err := w.asked(ctx, "hours"); err != nil || w.empty {
		return Hours{Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}, err
	}
	h := Hours{Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Weeks: 8, Currency: "RUB"}
	curve := []float64{0, 1, 1, 1, 1, 1, 2, 3, 6, 10, 16, 23, 31, 38, 44, 50, 57, 64, 72, 82, 93, 102, 108, 111, 112}
	add := func(minute int) {
		x := curve[min(minute/60, 24)] + float64(minute%60)/60*3
		p := HourPoint{Minute: minute, Tickets: Band{Low: dec(float64(int(x * .6))), Median: dec(float64(int(x))), High: dec(float64(int(x * 1.5)))}}
		if minute <= 842 {
			p.Tickets.Today = dec(float64(int(x * 1.2)))
		}
		times := func(d *decimal.Decimal) *decimal.Decimal {
			if d == nil {
				return nil
			}
			return ptr(d.Mul(decimal.RequireFromString("1234.5")))
		}
		p.Revenue = Band{times(p.Tickets.Today), times(p.Tickets.Low), times(p.Tickets.Median), times(p.Tickets.High)}
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
func (w *invented) show(i int) ShowLine {
	city := inventedCities[i%4]
	zone, err := time.LoadLocation(city.zone)
	if err != nil {
		panic(err)
	}
	start := time.Date(2026, 11, 28+2*i, 19, 0, 0, 0, zone)
	left, capacity := int64(600-22*i), int64(800)
	s := ShowLine{
		EventID: uint64(i%10 + 1), ShowID: uint64(100 + i), Event: w.name(i), City: city.name, Place: "Большой зал", Start: &start, Zone: city.zone,
		LocalDate: ptr(time.Date(2026, 11, 28+2*i, 0, 0, 0, 0, time.UTC)), LocalTime: "19:00",
		Sold: 200 + int64(22*i), Refunded: int64(i), Money: sold(200+int64(22*i), int64(i)).Money, Capacity: &capacity, Closed: ptr(int64(0)), Left: &left,
		Fill: dec(float64(200+22*i) / 800), SeatsAt: ptr(inventedNow.Add(-20 * time.Minute)), DaysLeft: ptr(5 + 2*i), Speed: int64(40 + 3*i), Before: 44,
		Need: dec(float64(left) / float64(5+2*i)), Possible: dec(1_600_000), PossibleCurrency: "RUB", Share: dec(0.31),
		Reason: []ShowReason{ShowSilent, ShowBehind, ShowBehind, ShowFalling, ShowOnTrack, ShowOnTrack}[min(i/2, 5)],
	}
	switch i {
	case 12:
		s.Reason, s.Capacity, s.Closed, s.Left, s.Fill, s.Need, s.Share, s.Possible = ShowUnknown, nil, nil, nil, nil, nil, nil, nil
	case 13:
		s.Reason, s.Left, s.Fill, s.Sold, s.Need = ShowSoldOut, ptr(int64(0)), dec(1), 800, dec(0)
	case 14:
		s.Reason, s.Start, s.LocalDate, s.DaysLeft, s.Need, s.LocalTime = ShowUnknown, nil, nil, nil, nil, ""
	}
	return s
}

func (w *invented) Shows(ctx context.Context, _ Filter) (Shows, error) {
	if err := w.asked(ctx, "shows"); err != nil || w.empty {
		return Shows{}, err
	}
	var s Shows
	for i := range 25 {
		s.Shows = append(s.Shows, w.show(i))
	}
	return s, nil
}

func (w *invented) Weeks(ctx context.Context, f Filter) (Days, error) {
	return w.span(ctx, "weeks", 56)
}

func (w *invented) Days(ctx context.Context, f Filter) (Days, error) { return w.span(ctx, "days", 28) }

func (w *invented) EventDays(ctx context.Context, f Filter) (Days, error) {
	return w.span(ctx, "event-days", 91)
}

// span ends with two days after the data when the data is stale.
func (w *invented) span(ctx context.Context, name string, n int) (Days, error) {
	if err := w.asked(ctx, name); err != nil || w.empty {
		return Days{}, err
	}
	w.mu.Lock()
	stale := w.fresh.State == Stale
	w.mu.Unlock()
	d := Days{Currencies: []string{"RUB"}}
	for i := range n {
		date := time.Date(2026, 11, 23-n+1+i, 0, 0, 0, 0, time.UTC)
		day := Day{Date: date, State: DayComplete, Figures: sold(int64(40+(i*37)%61+30*boolInt(date.Weekday() == time.Friday)), int64((i*13)%7))}
		if i == n-1 {
			day.State = DayPartial
		}
		if stale && i >= n-2 {
			day.State, day.Figures = DayUnknown, Figures{}
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

func (w *invented) Cities(ctx context.Context, f Filter) (Cities, error) {
	if err := w.asked(ctx, "cities"); err != nil || w.empty {
		return Cities{}, err
	}
	c := Cities{Total: CityLine{Figures: sold(1000, 40)}}
	for i, city := range inventedCities {
		line := CityLine{City: city.name, Upcoming: 7 - i, Figures: sold([]int64{540, 260, 150, 50}[i], int64(20-4*i))}
		if f.Compare != CompareNone {
			line.Compared = ptr(sold([]int64{500, 280, 150, 0}[i], 3))
		}
		c.Cities = append(c.Cities, line)
	}
	return c, nil
}

func (w *invented) Event(ctx context.Context, f Filter) (Event, error) {
	if err := w.asked(ctx, "event"); err != nil {
		return Event{}, err
	}
	if f.Event == 0 || f.Event > 10 || w.empty {
		return Event{}, ErrNoEvent
	}
	i := int(f.Event) - 1
	e := Event{EventID: f.Event, Name: w.name(i), City: inventedCities[i%4].name, Place: "Большой зал", Zone: inventedCities[i%4].zone}
	for k := i; k < 25; k += 10 {
		s := w.show(k)
		e.Shows = append(e.Shows, s)
		if s.ShowID == f.Show {
			e.Show = &s
		}
	}
	if f.Show != 0 && e.Show == nil {
		return Event{}, ErrNoEvent
	}
	e.Total = e.Shows[0]
	e.Total.Start, e.Total.LocalDate, e.Total.DaysLeft, e.Total.Need, e.Total.Reason = nil, nil, nil, nil, ""
	return e, nil
}

func (w *invented) Pacing(ctx context.Context, f Filter) (Pacing, error) {
	if err := w.asked(ctx, "pacing"); err != nil {
		return Pacing{}, err
	}
	p := Pacing{Show: w.show(int(f.Show) - 100), Pace: dec(0.87), Forecast: &Forecast{P50: 610, P10: ptr(int64(520)), P90: ptr(int64(700))}, PastError: dec(11.4), PastShows: 9}
	for left := 60; left >= 5; left-- {
		p.Points = append(p.Points, PacePoint{left, int64((60 - left) * (60 - left) / 8)})
	}
	for left := 60; left >= 0; left-- {
		p.Middle = append(p.Middle, PacePoint{left, int64((60 - left) * (60 - left) / 6)})
	}
	for i := range 5 {
		c := Comparable{EventID: 3, ShowID: uint64(i), Event: w.name(i), City: "Москва", LocalDate: time.Date(2026, 5, 1+i*9, 0, 0, 0, 0, time.UTC), Final: 600, Reasons: []LikenessReason{SameEvent, SameHall}}
		for left := 60; left >= 0; left -= 1 + i%3 {
			c.Points = append(c.Points, PacePoint{left, int64((60 - left) * (60 - left) / (4 + i))})
		}
		p.Comparables = append(p.Comparables, c)
	}
	return p, nil
}

func (w *invented) Zones(ctx context.Context, _ Filter) (Zones, error) {
	if err := w.asked(ctx, "zones"); err != nil {
		return Zones{}, err
	}
	z := Zones{SeenAt: ptr(inventedNow.Add(-20 * time.Minute))}
	for i, name := range []string{"Партер", "Амфитеатр", "Балкон", "Ложи", "Входной"} {
		if w.hostile {
			name = hostileNames[i]
		}
		zone := Zone{Name: name, Capacity: ptr(int64(200)), Sold: ptr(int64(200 - 40*i)), Held: ptr(int64(2)), Free: ptr(int64(38 * i)), Closed: ptr(int64(0)), Fill: dec(1 - float64(i)/5), MinPrice: dec(900), MaxPrice: dec(3500), Currency: "RUB"}
		if i == 4 {
			zone = Zone{Name: name}
		}
		z.Zones = append(z.Zones, zone)
	}
	return z, nil
}

func (w *invented) spanOf(f Filter) Span {
	s := Span{From: time.Date(2026, 10, 27, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	if f.Compare != CompareNone {
		s.BeforeFrom, s.BeforeTo = ptr(s.From.AddDate(0, 0, -28)), ptr(s.To.AddDate(0, 0, -28))
		s.BeforeUntil, s.BeforeIncomplete = ptr(inventedNow.AddDate(0, 0, -28)), true
	}
	return s
}

func before(f Filter, n int64) *Figures {
	if f.Compare == CompareNone {
		return nil
	}
	return ptr(sold(n, 0))
}

func (w *invented) Channels(ctx context.Context, f Filter) (Channels, error) {
	if err := w.asked(ctx, "channels"); err != nil {
		return Channels{}, err
	}
	c := Channels{Span: w.spanOf(f), Total: Channel{Figures: sold(1000, 40)}, Sources: []Channel{{Figures: sold(480, 20), Before: before(f, 500)}}}
	if w.empty {
		return Channels{Span: w.spanOf(f), Sources: []Channel{{}}}, nil
	}
	for i, source := range []string{"vk", "yandex", "telegram", "email"} {
		n := []int64{250, 150, 90, 30}[i]
		if w.hostile {
			source = hostileNames[i]
		}
		c.Sources = append(c.Sources, Channel{Mark: source, Figures: sold(n, n/20), Before: before(f, n+7), Parts: []Channel{
			{Mark: "cpc", Figures: sold(n/2, 1), Before: before(f, n/2), Parts: []Channel{{Mark: w.mark(i, "осень 2026"), Figures: sold(n/2, 1), Before: before(f, 5)}}},
			{Mark: "", Figures: sold(n-n/2, 0), Before: before(f, n/2), Parts: []Channel{{Mark: "", Figures: sold(n-n/2, 0), Before: before(f, 5)}}},
		}})
	}
	return c, nil
}

func (w *invented) mark(i int, plain string) string {
	if w.hostile {
		return hostileNames[(i+7)%len(hostileNames)]
	}
	return plain
}

func (w *invented) PromoCodes(ctx context.Context, f Filter) (PromoCodes, error) {
	if err := w.asked(ctx, "promo"); err != nil || w.empty {
		return PromoCodes{Span: w.spanOf(f)}, err
	}
	p := PromoCodes{Span: w.spanOf(f), Codes: []PromoCode{{Figures: sold(820, 30), Before: before(f, 800)}}}
	codes := []string{"ОСЕНЬ10", "VIP", "STUDENT", "ДРУГУ"}
	if w.hostile {
		codes = hostileNames
	}
	for i, code := range codes {
		p.Codes = append(p.Codes, PromoCode{Code: code, Figures: sold(int64(90-5*i), int64(i)), Before: before(f, 0)})
	}
	return p, nil
}

func (w *invented) PaymentTypes(ctx context.Context, f Filter) (PaymentTypes, error) {
	if err := w.asked(ctx, "payments"); err != nil || w.empty {
		return PaymentTypes{Span: w.spanOf(f)}, err
	}
	return PaymentTypes{Span: w.spanOf(f), Types: []PaymentType{{"card", sold(700, 30), before(f, 650)}, {"sbp", sold(280, 10), before(f, 200)}, {"", sold(20, 0), before(f, 0)}}}, nil
}

func (w *invented) Heat(ctx context.Context, f Filter) (Heat, error) {
	if err := w.asked(ctx, "heat"); err != nil {
		return Heat{}, err
	}
	h := Heat{Span: w.spanOf(f), Days: [7]int{4, 4, 4, 4, 4, 4, 0}}
	for day := range 6 { // no Sunday holds data
		for hour := range 24 {
			n := int64(0)
			if hour > 7 && !w.empty {
				n = int64((hour - 7) * (day + 2) % 23)
			}
			h.Cells[day][hour] = HeatCell{n, ptr(decimal.NewFromInt(n).Div(decimal.NewFromInt(4)))}
		}
	}
	return h, nil
}

func (w *invented) Lead(ctx context.Context, f Filter) (Lead, error) {
	if err := w.asked(ctx, "lead"); err != nil || w.empty {
		return Lead{Span: w.spanOf(f)}, err
	}
	l := Lead{Span: w.spanOf(f), Total: 1000}
	for i, from := range []int{0, 1, 2, 4, 8, 15, 31, 61} {
		step := LeadStep{From: from, Tickets: int64(60 + i*20), Share: dec(float64(60+i*20) / 1000)}
		if i < 7 {
			step.To = ptr([]int{0, 1, 3, 7, 14, 30, 60}[i])
		}
		l.Steps = append(l.Steps, step)
	}
	l.Steps = append(l.Steps, LeadStep{Unknown: true, Tickets: 3, Share: dec(0.003)})
	return l, nil
}

func (w *invented) OrderSizes(ctx context.Context, f Filter) (OrderSizes, error) {
	if err := w.asked(ctx, "sizes"); err != nil || w.empty {
		return OrderSizes{Span: w.spanOf(f)}, err
	}
	s := OrderSizes{Span: w.spanOf(f), Orders: 500, Average: dec(2.1)}
	for i := range MaxOrderSize {
		s.Sizes = append(s.Sizes, OrderSize{i + 1, int64(200 / (i + 1)), dec(0.4 / float64(i+1))})
	}
	return s, nil
}

func (w *invented) Feeds(ctx context.Context, _ Filter) (Feeds, error) {
	if err := w.asked(ctx, "feeds"); err != nil || w.empty {
		return Feeds{}, err
	}
	var f Feeds
	for i, name := range []FeedName{FeedOrders, FeedCatalogue, FeedSeats, FeedReconcile} {
		feed := Feed{Name: name, AsOf: ptr(inventedNow.Add(-3 * time.Minute)), Rows: 120, DayRows: 4000, LastRun: &Run{RunID: "r1", Mode: "increment", Status: "ok", StartedAt: inventedNow.Add(-3 * time.Minute), Duration: 2100 * time.Millisecond}}
		for k := 95; k >= 0; k -= 1 + 20*boolInt(i == 3) {
			tick := Tick{At: inventedNow.Add(-time.Duration(k)*15*time.Minute - 3*time.Minute), Status: "ok", Duration: 2 * time.Second, Rows: 40}
			if k == 40 {
				tick.Status = "failed"
				feed.DayFails++
			}
			feed.Day = append(feed.Day, tick)
		}
		f.Feeds = append(f.Feeds, feed)
	}
	f.Feeds[3].AsOf, f.Feeds[3].LastRun, f.Feeds[3].Day = nil, nil, nil
	for i := range 20 {
		at := inventedNow.Add(-time.Duration(i*15+3) * time.Minute)
		run := Run{RunID: fmt.Sprint("r", i), Mode: "increment", Status: "ok", StartedAt: at, FinishedAt: ptr(at.Add(2 * time.Second)), Duration: 2 * time.Second, Message: "12 orders, 31 tickets; 14 rows written", Published: true}
		if i == 7 {
			run.Status, run.Published, run.Message = "failed", false, "QTickets answered 503 five times: the next run tries again"
		}
		if i == 0 {
			run.Status, run.FinishedAt = "running", nil
		}
		f.Runs = append(f.Runs, run)
	}
	return f, nil
}

func (w *invented) Quarantine(ctx context.Context, _ Filter) (Quarantine, error) {
	if err := w.asked(ctx, "quarantine"); err != nil || w.empty {
		return Quarantine{}, err
	}
	return Quarantine{Total: 3, Rows: []QuarantineLine{{"orders", "baskets[0].price: not a number", 3, inventedNow.Add(-50 * time.Hour), inventedNow.Add(-time.Hour)}}}, nil
}
