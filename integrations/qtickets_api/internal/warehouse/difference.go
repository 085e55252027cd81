package warehouse

import (
	"context"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// DayEvent is a line of the sales facts without its show.
type DayEvent struct {
	Day      string // Moscow, 2006-01-02
	EventID  uint64
	Currency string
}

// DayTotal is what was sold on a day for an event.
type DayTotal struct {
	TicketsSold int64
	Revenue     qtickets.Money
}

// Plus adds two totals of the same currency.
func (a DayTotal) Plus(b DayTotal) DayTotal {
	return DayTotal{TicketsSold: a.TicketsSold + b.TicketsSold, Revenue: a.Revenue + b.Revenue}
}

// Minus takes b away.
func (a DayTotal) Minus(b DayTotal) DayTotal {
	return DayTotal{TicketsSold: a.TicketsSold - b.TicketsSold, Revenue: a.Revenue - b.Revenue}
}

// DayChange is a difference that a run would make.
type DayChange struct {
	DayEvent
	Now, WouldBe DayTotal
}

// Published are the totals readers see.
func (db *DB) Published(ctx context.Context) (map[DayEvent]DayTotal, error) {
	return db.dayTotals(ctx, statement("read_published_totals"))
}

// Stored are the totals that the given orders bring today.
func (db *DB) Stored(ctx context.Context, orders []uint64) (map[DayEvent]DayTotal, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	return db.dayTotals(ctx, withIDs("read_stored_totals", orders))
}

func (db *DB) dayTotals(ctx context.Context, statement string) (map[DayEvent]DayTotal, error) {
	totals := map[DayEvent]DayTotal{}
	err := db.query(ctx, statement, nil, func(r driver.Rows) error {
		var key DayEvent
		var total DayTotal
		var revenue decimal.Decimal
		err := r.Scan(&key.Day, &key.EventID, &key.Currency, &total.TicketsSold, &revenue)
		total.Revenue = moneyOf(revenue)
		totals[key] = total
		return err
	})
	return totals, err
}

// Changed are the orders whose stored version differs.
func (db *DB) Changed(ctx context.Context, rows []Observed[sales.Order]) ([]sales.Order, error) {
	added, replacing, err := changedRows(ctx, db, ordersTable, rows)
	if err == nil && len(replacing) > 0 {
		err = ordersTable.complete(ctx, db, replacing)
	}
	var changed []sales.Order
	for _, r := range slices.Concat(added, replacing) {
		changed = append(changed, r.Row)
	}
	return changed, err
}
