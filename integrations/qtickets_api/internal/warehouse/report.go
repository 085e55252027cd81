package warehouse

import (
	"context"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// DaySales is what was sold on one day, for all events, in one currency.
type DaySales struct {
	Day         time.Time // the Moscow calendar day, at 00:00 UTC
	TicketsSold int64
	Revenue     qtickets.Money
}

// SalesByDay are the last days of the published facts, in one currency, days without sales included.
func (db *DB) SalesByDay(ctx context.Context, currency string, days int) ([]DaySales, error) {
	var found []DaySales
	err := db.query(ctx, statement("report_days"), map[string]string{"currency": currency, "days": strconv.Itoa(days)},
		func(r driver.Rows) error {
			var d DaySales
			err := r.Scan(&d.Day, &d.TicketsSold, ScanMoney(&d.Revenue))
			found = append(found, d)
			return err
		})
	return found, err
}

// FirstFigures are what a person compares with the cabinet of QTickets, in one currency.
type FirstFigures struct {
	Currency         string
	Yesterday        time.Time // the day before the last published one, at 00:00 UTC
	TicketsYesterday int64
	RevenueYesterday qtickets.Money
	TicketsMonth     int64 // of the month of the last published day
	RevenueMonth     qtickets.Money
}

// FirstFigures are those of the published facts, a line per currency, most tickets first; none before the first
// publication, and where nothing was sold in either.
func (db *DB) FirstFigures(ctx context.Context) ([]FirstFigures, error) {
	var found []FirstFigures
	err := db.query(ctx, statement("report_first"), nil, func(r driver.Rows) error {
		var f FirstFigures
		err := r.Scan(&f.Currency, &f.Yesterday, &f.TicketsYesterday, ScanMoney(&f.RevenueYesterday), &f.TicketsMonth,
			ScanMoney(&f.RevenueMonth))
		found = append(found, f)
		return err
	})
	return found, err
}

// HashedBuyers counts the stored orders whose buyer was hashed: with another key they would be other people.
func (db *DB) HashedBuyers(ctx context.Context) (orders uint64, err error) {
	err = db.query(ctx, statement("hashed_buyers"), nil, func(r driver.Rows) error { return r.Scan(&orders) })
	return orders, err
}

// ShowSales is one line of the dashboard.
type ShowSales struct {
	Event, City, ShowTime string
	Currency              string
	TicketsSold           int64
	TicketsToday          int64
	Revenue               float64 // as BI sees it
	Left                  *int64  // nil: unknown
	Fill                  *float64
}

// Shows are the next shows of the published dashboard, then the latest past ones.
func (db *DB) Shows(ctx context.Context, limit int) ([]ShowSales, error) {
	var found []ShowSales
	err := db.query(ctx, statement("report_shows"), map[string]string{"limit": strconv.Itoa(limit)},
		func(r driver.Rows) error {
			var s ShowSales
			err := r.Scan(&s.Event, &s.City, &s.ShowTime, &s.Currency, &s.TicketsSold, &s.TicketsToday, &s.Revenue, &s.Left,
				&s.Fill)
			found = append(found, s)
			return err
		})
	return found, err
}

// AsOf is the moment up to which the published sales are complete; zero when nothing is published.
func (db *DB) AsOf(ctx context.Context) (time.Time, error) {
	last, err := db.LastPublication(ctx)
	if err != nil || last == nil {
		return time.Time{}, err
	}
	return last.AsOf, nil
}

// DataLensNumbers are one sum of every view for DataLens, by the view.
func (db *DB) DataLensNumbers(ctx context.Context) (map[string]float64, error) {
	found := map[string]float64{}
	err := db.query(ctx, statement("datalens_numbers"), nil, func(r driver.Rows) error {
		var view string
		var number float64
		err := r.Scan(&view, &number)
		found[view] = number
		return err
	})
	return found, err
}
