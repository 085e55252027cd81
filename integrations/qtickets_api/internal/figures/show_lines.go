package figures

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"
)

// lines are the shows of the city and event, or those to come only, one each, by date. Forecasts need all shows, so all
// are read, once, and chosen from here.
func (s *Store) lines(ctx context.Context, f Filter, coming bool) ([]ShowLine, error) {
	all := Filter{Version: f.Version}
	lines, err := s.shows.get(ctx, all.key(""), func(ctx context.Context) ([]ShowLine, error) {
		return s.readLines(ctx, all)
	})
	lines = slices.Clone(lines) // callers put them into another order
	return slices.DeleteFunc(lines, func(l ShowLine) bool {
		return f.City != "" && l.City != f.City || f.Event != 0 && l.EventID != f.Event || coming && (l.Cancelled || l.Over)
	}), err
}

func (s *Store) readLines(ctx context.Context, f Filter) ([]ShowLine, error) {
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return nil, err
	}
	var lines []ShowLine
	var paces map[uint64]int64
	var again map[uint64]time.Time
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { paces, err = s.paces(ctx, f.Version); return err })
	group.Go(func() (err error) { again, err = s.seatsRead(ctx, f.Version); return err })
	group.Go(func() error {
		return s.read(ctx, "shows", f.parameters(), func(scan func(...any) error) error {
			var r showRow
			if err := scan(r.columns()...); err != nil {
				return err
			}
			if d := r.line.LocalDate; d != nil {
				utc := withoutZone(*d)
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
	})
	err = group.Wait()
	for i := range lines {
		l := &lines[i]
		l.SalesPace = paces[l.ShowID]
		if l.SeatsAt != nil {
			at := later(*l.SeatsAt, again[l.ShowID])
			l.SeatsAt = &at
		}
		orderMoney(l.Money, currencies)
		l.derive(f.Version.AsOf)
	}
	return lines, err
}

// withoutZone is a date as midnight UTC: a date has no zone, and the driver gives it that of the session.
func withoutZone(d time.Time) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}

// paces are how many tickets were sold in the last week, of all shows that sold any.
func (s *Store) paces(ctx context.Context, v Version) (map[uint64]int64, error) {
	f := Filter{Version: v}
	return s.allPaces.get(ctx, f.key(""), func(ctx context.Context) (map[uint64]int64, error) {
		paces := map[uint64]int64{}
		err := s.read(ctx, "paces", f.parameters(), func(scan func(...any) error) error {
			var show uint64
			var tickets int64
			err := scan(&show, &tickets)
			paces[show] = tickets
			return err
		})
		return paces, err
	})
}

// seatsRead is when the seats of shows were read again and had not changed.
func (s *Store) seatsRead(ctx context.Context, v Version) (map[uint64]time.Time, error) {
	f := Filter{Version: v}
	return s.seats.get(ctx, f.key(""), func(ctx context.Context) (map[uint64]time.Time, error) {
		read := map[uint64]time.Time{}
		err := s.read(ctx, "seats_read", f.parameters(), func(scan func(...any) error) error {
			var show uint64
			var at time.Time
			err := scan(&show, &at)
			read[show] = at
			return err
		})
		return read, err
	})
}

// showRow is a show in one currency.
type showRow struct {
	line                      ShowLine
	currency                  string
	sold, free, refunded      int64
	gross, refunds, soldMoney decimal.Decimal
	grossPotential            *decimal.Decimal
	cancelled                 uint8
}

func (r *showRow) columns() []any {
	l := &r.line
	return []any{
		&l.EventID, &l.ShowID, &r.currency, &l.Event, &l.Name, &l.City, &l.Place, &l.Start, &l.Finish, &l.Zone, &l.LocalDate,
		&l.LocalTime,
		&r.cancelled, &l.SaleStart, &r.sold, &r.free, &r.refunded, &r.gross, &r.refunds, &r.soldMoney,
		&l.Capacity, &l.Closed, &l.Left, &l.SeatsAt, &r.grossPotential,
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
	if r.grossPotential != nil {
		l.GrossPotential, l.PotentialCurrency = r.grossPotential, r.currency
		if r.grossPotential.IsPositive() {
			share := r.soldMoney.DivRound(*r.grossPotential, ratioDigits)
			l.Share = &share
		}
	}
}
