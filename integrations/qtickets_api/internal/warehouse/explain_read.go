package warehouse

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

func (db *DB) explainTickets(ctx context.Context, e *Explanation) ([]TicketLine, error) {
	var found []TicketLine
	err := db.query(ctx, SQL("explain_tickets"), e.parameters(), func(r driver.Rows) error {
		var t TicketLine
		var state string
		var version uint64
		var price, discount, gross, refunded, revenue decimal.Decimal
		err := r.Scan(&t.OrderID, &t.TicketID, &t.EventID, &t.ShowID, &t.Currency, &state, &t.counted,
			&t.Quantity, &price, &discount, &gross, &refunded, &revenue,
			&t.SoldAt, &t.RefundedAt, &t.DeletedAt, &t.RunID, &version)
		t.State, t.ObservedAt = sales.State(state), time.Unix(0, int64(version)).In(sales.Moscow)
		t.Price, t.Discount = moneyOf(price), moneyOf(discount)
		t.Gross, t.Refunded, t.Revenue = moneyOf(gross), moneyOf(refunded), moneyOf(revenue)
		t.Why = t.whyNot()
		found = append(found, t)
		return err
	})
	return found, err
}

// explainSales adds up the sales of the day beside what is published of them.
func (db *DB) explainSales(ctx context.Context, e *Explanation) error {
	rows, totals := tally[SalesFigures]{}, tally[SalesFigures]{}
	err := db.query(ctx, SQL("explain_sales"), e.parameters(), func(r driver.Rows) error {
		var key RowKey
		var f SalesFigures
		var gross, refunded, revenue, discount decimal.Decimal
		err := r.Scan(&key.EventID, &key.ShowID, &key.Currency, &f.Orders, &f.TicketsSold, &f.TicketsFree, &f.GrossTickets, &f.RefundedTickets,
			&gross, &refunded, &revenue, &discount)
		f.Gross, f.Refunded, f.Revenue, f.Discount = moneyOf(gross), moneyOf(refunded), moneyOf(revenue), moneyOf(discount)
		rows.add(totals, key, SalesFigures{}, f)
		return err
	})
	type orderOfRow struct {
		RowKey
		order uint64
	}
	met := map[orderOfRow]bool{}
	e.Sales.addUp(rows, totals, func(t *TicketLine) SalesFigures {
		one := orderOfRow{t.Key(), t.OrderID}
		first := t.State == sales.Sold && !met[one]
		met[one] = met[one] || first
		return saleOf(t, first)
	})
	return err
}

// explainRefunds does the same for the refunds of the day.
func (db *DB) explainRefunds(ctx context.Context, e *Explanation) error {
	rows, totals := tally[RefundFigures]{}, tally[RefundFigures]{}
	err := db.query(ctx, SQL("explain_refunds"), e.parameters(), func(r driver.Rows) error {
		var key RowKey
		var f RefundFigures
		var gross, refunded, kept decimal.Decimal
		err := r.Scan(&key.EventID, &key.ShowID, &key.Currency, &f.Tickets, &gross, &refunded, &kept)
		f.Gross, f.Refunded, f.Kept = moneyOf(gross), moneyOf(refunded), moneyOf(kept)
		rows.add(totals, key, RefundFigures{}, f)
		return err
	})
	e.Refunds.addUp(rows, totals, func(t *TicketLine) RefundFigures {
		return RefundFigures{Tickets: t.Quantity, Gross: t.Gross, Refunded: t.Refunded, Kept: t.Revenue}
	})
	return err
}
