package dashboard

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// lines are the shows of the city and event, or those to come only, one each, by date.
func (s *Store) lines(ctx context.Context, f Filter, coming bool) ([]ShowLine, error) {
	f.Show = 0
	lines, err := s.shows.get(ctx, f.key(strconv.FormatBool(coming)), func(ctx context.Context) ([]ShowLine, error) {
		return s.readLines(ctx, f, coming)
	})
	return slices.Clone(lines), err // callers put them into another order
}

func (s *Store) readLines(ctx context.Context, f Filter, coming bool) ([]ShowLine, error) {
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return nil, err
	}
	p := f.parameters()
	p["coming"] = "0"
	if coming {
		p["coming"] = "1"
	}
	var lines []ShowLine
	err = s.read(ctx, "shows", p, func(scan func(...any) error) error {
		var r showRow
		if err := scan(r.columns()...); err != nil {
			return err
		}
		if d := r.line.LocalDate; d != nil { // a date has no zone
			utc := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
			r.line.LocalDate = &utc
		}
		if _, clock, ok := strings.Cut(r.line.LocalTime, " "); ok {
			r.line.LocalTime = clock
		}
		if n := len(lines); n == 0 || lines[n-1].ShowID != r.line.ShowID || lines[n-1].EventID != r.line.EventID {
			lines = append(lines, r.line)
		}
		lines[len(lines)-1].addCurrency(r)
		return nil
	})
	for i := range lines {
		orderMoney(lines[i].Money, currencies)
		lines[i].judge(f.Version.AsOf)
	}
	return lines, err
}

// showRow is a show in one currency.
type showRow struct {
	line                      ShowLine
	currency                  string
	sold, free, refunded      int64
	gross, refunds, soldMoney decimal.Decimal
	possible                  *decimal.Decimal
	cancelled                 uint8
}

func (r *showRow) columns() []any {
	l := &r.line
	return []any{
		&l.EventID, &l.ShowID, &r.currency, &l.Event, &l.Name, &l.City, &l.Place, &l.Start, &l.Finish, &l.Zone, &l.LocalDate, &l.LocalTime,
		&r.cancelled, &l.SaleStart, &r.sold, &r.free, &r.refunded, &r.gross, &r.refunds, &r.soldMoney,
		&l.Capacity, &l.Closed, &l.Left, &l.SeatsAt, &r.possible, &l.Speed, &l.Before,
	}
}

// addCurrency counts what was sold in one currency.
func (l *ShowLine) addCurrency(r showRow) {
	l.Cancelled = r.cancelled == 1
	l.Sold += r.sold
	l.Free += r.free
	l.Refunded += r.refunded
	if !r.gross.IsZero() || !r.refunds.IsZero() {
		l.Money = append(l.Money, Amounts{Currency: r.currency, Gross: r.gross, Refunds: r.refunds})
	}
	if r.possible != nil {
		l.Possible, l.PossibleCurrency = r.possible, r.currency
		if r.possible.IsPositive() {
			share := r.soldMoney.DivRound(*r.possible, ratioDigits)
			l.Share = &share
		}
	}
}

// judge works out the rest: days left, need, reason.
func (l *ShowLine) judge(asOf time.Time) {
	if places := l.places(); places > 0 {
		fill := decimal.NewFromInt(l.Sold).DivRound(decimal.NewFromInt(places), ratioDigits)
		l.Fill = &fill
	}
	end := l.Finish
	if end == nil {
		end = l.Start
	}
	l.Over = end != nil && !end.After(asOf)
	if l.LocalDate != nil {
		days := daysLeft(*l.LocalDate, asOf)
		l.DaysLeft = &days
	}
	if !l.Over && !l.Cancelled && !l.running(asOf) && l.DaysLeft != nil && l.Left != nil {
		need := decimal.NewFromInt(*l.Left).DivRound(decimal.NewFromInt(int64(max(*l.DaysLeft, 1))), 2)
		l.Need = &need
		if l.Speed > 0 {
			ratio := need.Mul(decimal.NewFromInt(7)).DivRound(decimal.NewFromInt(l.Speed), 4)
			l.Ratio = &ratio
		}
	}
	l.Reason = l.reason(asOf)
}

// places that can be or were sold; 0: unknown.
func (l *ShowLine) places() int64 {
	if l.Capacity == nil || l.Closed == nil {
		return 0
	}
	return *l.Capacity - *l.Closed
}

// running tells whether a show that lasts for days has begun: the day it began says nothing about what is left to sell.
func (l *ShowLine) running(asOf time.Time) bool {
	return l.Start != nil && l.Finish != nil && !l.Start.After(asOf) && l.Finish.Sub(*l.Start) > 36*time.Hour
}

// daysLeft to the venue's calendar day, from the Moscow day of a moment.
func daysLeft(local, at time.Time) int {
	from := dayOf(at)
	return max(0, int(time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, moscow).Sub(from)/(24*time.Hour)))
}

func (l *ShowLine) reason(asOf time.Time) ShowReason {
	switch {
	case l.Cancelled:
		return ShowCancelled
	case l.Over:
		return ShowFinished
	case l.Capacity != nil && l.Closed != nil && l.places() == 0:
		return ShowClosed
	case l.Left != nil && *l.Left == 0:
		return ShowSoldOut
	case l.running(asOf):
		return ShowRunning
	case l.Need == nil:
		return ShowUnknown
	case l.Speed == 0:
		return ShowSilent
	case l.Ratio.GreaterThan(decimal.NewFromInt(1)):
		return ShowBehind
	case 2*l.Speed < l.Before:
		return ShowFalling
	}
	return ShowOnTrack
}

// needOrder is the order of the list.
var needOrder = []ShowReason{
	ShowSilent, ShowBehind, ShowFalling, ShowOnTrack, ShowRunning, ShowUnknown, ShowSoldOut, ShowClosed, ShowFinished, ShowCancelled,
}

// Shows are the shows to come, those that need help first.
func (s *Store) Shows(ctx context.Context, f Filter) (Shows, error) {
	lines, err := s.lines(ctx, f, true)
	slices.SortStableFunc(lines, func(a, b ShowLine) int {
		if a.Reason != b.Reason {
			return slices.Index(needOrder, a.Reason) - slices.Index(needOrder, b.Reason)
		}
		switch a.Reason {
		case ShowBehind, ShowFalling, ShowOnTrack:
			return b.Ratio.Cmp(*a.Ratio)
		case ShowSilent:
			return *a.DaysLeft - *b.DaysLeft
		}
		return 0
	})
	return Shows{Shows: lines}, err
}

// Event is the head of the event screen, of Filter.Event and Filter.Show.
func (s *Store) Event(ctx context.Context, f Filter) (Event, error) {
	lines, err := s.lines(ctx, Filter{Version: f.Version, Event: f.Event}, false)
	if err != nil {
		return Event{}, err
	}
	if f.Event == 0 || len(lines) == 0 {
		return Event{}, ErrNoEvent
	}
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return Event{}, err
	}
	first := lines[0]
	e := Event{EventID: f.Event, Name: first.Event, City: first.City, Place: first.Place, Zone: first.Zone, Shows: lines, Total: total(lines)}
	orderMoney(e.Total.Money, currencies)
	for i := range lines {
		if lines[i].ShowID == f.Show {
			e.Show = &lines[i]
		}
	}
	if f.Show != 0 && e.Show == nil {
		return Event{}, ErrNoEvent
	}
	return e, nil
}

// total adds shows up; what is unknown of one is unknown of all.
func total(lines []ShowLine) ShowLine {
	first := lines[0]
	t := ShowLine{
		EventID: first.EventID, Event: first.Event, City: first.City, Place: first.Place, Zone: first.Zone,
		Capacity: new(int64), Closed: new(int64), Left: new(int64),
	}
	var money Figures
	for _, l := range lines {
		t.Sold += l.Sold
		t.Free += l.Free
		t.Refunded += l.Refunded
		t.Speed += l.Speed
		t.Before += l.Before
		t.Capacity, t.Closed, t.Left = both(t.Capacity, l.Capacity), both(t.Closed, l.Closed), both(t.Left, l.Left)
		money.plus(Figures{Money: l.Money})
	}
	t.Money = money.Money
	if places := t.places(); places > 0 {
		fill := decimal.NewFromInt(t.Sold).DivRound(decimal.NewFromInt(places), ratioDigits)
		t.Fill = &fill
	}
	return t
}

func both(a, b *int64) *int64 {
	if a == nil || b == nil {
		return nil
	}
	sum := *a + *b
	return &sum
}

// Zones are the parts of the hall of Filter.Show.
func (s *Store) Zones(ctx context.Context, f Filter) (Zones, error) {
	var z Zones
	err := s.read(ctx, "zones", f.parameters(), func(scan func(...any) error) error {
		var one Zone
		var seen time.Time
		err := scan(&one.Name, &one.Currency, &one.Capacity, &one.Sold, &one.Held, &one.Free, &one.Closed, &one.MinPrice, &one.MaxPrice, &one.Possible, &seen)
		if one.Sold != nil && one.Capacity != nil && one.Closed != nil && *one.Capacity > *one.Closed {
			fill := decimal.NewFromInt(*one.Sold).DivRound(decimal.NewFromInt(*one.Capacity-*one.Closed), ratioDigits)
			one.Fill = &fill
		}
		z.Zones, z.SeenAt = append(z.Zones, one), &seen
		return err
	})
	return z, err
}

// ratioDigits are more than anybody shows, so that showing rounds only once.
const ratioDigits = 12
