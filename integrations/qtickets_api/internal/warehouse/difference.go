package warehouse

import (
	"context"
	"fmt"
	"strings"

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
	return db.dayTotals(ctx, `SELECT toString(sales_date), event_id, toString(currency_id), toInt64(sum(f.tickets_sold)), sum(f.revenue)
		FROM fact_qtickets_sales_daily AS f GROUP BY sales_date, event_id, currency_id`)
}

// Stored are the totals that the given orders bring today.
func (db *DB) Stored(ctx context.Context, orders []uint64) (map[DayEvent]DayTotal, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	return db.dayTotals(ctx, fmt.Sprintf(`SELECT toString(toDate(assumeNotNull(sale_ts))), event_id, toString(currency_id),
			toInt64(sumIf(ticket.quantity, ticket.state = 'sold')), sum(ticket.revenue)
		FROM (SELECT sale_ts, event_id, currency_id, tickets FROM state_orders FINAL WHERE order_id IN (%s) AND sale_ts IS NOT NULL)
		ARRAY JOIN tickets AS ticket
		WHERE ticket.counted = 1 AND ticket.state IN ('sold', 'refunded')
		GROUP BY 1, 2, 3`, join(orders)))
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
	stored, err := storedRows(ctx, db, ordersTable, rows)
	if err != nil {
		return nil, err
	}
	var changed []sales.Order
	for _, r := range rows {
		if old, known := stored[r.Row.OrderID]; !known || old.hash != r.Row.ContentHash {
			changed = append(changed, r.Row)
		}
	}
	return changed, nil
}

func join(ids []uint64) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(ids), " ", ","), "[]")
}
