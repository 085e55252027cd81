package figures

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
		lines[i].derive(f.Version.AsOf)
	}
	return lines, err
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
		&l.Capacity, &l.Closed, &l.Left, &l.SeatsAt, &r.grossPotential, &l.SalesPace, &l.PreviousPace,
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
