package figures

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"
)

// Event is the head of the event screen: the event, its shows, and the show that was chosen or all together.
type Event struct {
	EventID uint64
	Name    string
	City    string
	Place   string
	Zone    string
	Shows   []ShowLine // by date, those without one last
	Show    *ShowLine  // of Filter.Show; nil: all shows
	Total   ShowLine   // all shows together; date, need and reason are left out
}

// Event is the head of the event screen, of Filter.Event and Filter.Show.
func (s *Store) Event(ctx context.Context, f Filter) (Event, error) {
	lines, err := s.judged(ctx, Filter{Version: f.Version}, false) // all of them: pacing asks for them too
	if err != nil {
		return Event{}, err
	}
	lines = slices.DeleteFunc(lines, func(l ShowLine) bool { return l.EventID != f.Event })
	if f.Event == 0 || len(lines) == 0 {
		return Event{}, ErrNoEvent
	}
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return Event{}, err
	}
	first := lines[0]
	e := Event{EventID: f.Event, Name: first.Event, City: first.City, Place: first.Place, Zone: first.Zone, Shows: lines,
		Total: total(lines)}
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
	var money Totals
	for _, l := range lines {
		t.Sold += l.Sold
		t.Free += l.Free
		t.Refunded += l.Refunded
		t.SalesPace += l.SalesPace
		t.Capacity, t.Closed, t.Left = both(t.Capacity, l.Capacity), both(t.Closed, l.Closed), both(t.Left, l.Left)
		money.plus(Totals{Money: l.Money})
	}
	t.Money = money.Money
	if places := t.Places(); places > 0 {
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
