package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// followStored keeps of the stored version of orders what the present one does not say any more (API notes, section 18,
// row 18).
func followStored(ctx context.Context, db *DB, orders []Observed[sales.Order]) error {
	ids := make([]uint64, len(orders))
	for i := range orders {
		ids[i] = orders[i].Row.OrderID
	}
	stored, err := db.storedTickets(ctx, ids)
	if err != nil {
		return err
	}
	for i := range orders {
		o := &orders[i]
		if earlier := stored[o.Row.OrderID]; earlier != nil {
			o.Row.Follow(earlier, o.At)
		}
	}
	return nil
}

// storedTicket is a line of read_tickets.sql.
type storedTicket struct {
	OrderID    uint64          `ch:"order_id"`
	SaleTS     *time.Time      `ch:"sale_ts"`
	Primary    []uint64        `ch:"primary_orders"`
	TicketID   uint64          `ch:"ticket_id"`
	ShowID     uint64          `ch:"show_id"`
	State      string          `ch:"state"`
	Counted    uint8           `ch:"counted"`
	Quantity   uint32          `ch:"quantity"`
	SeatID     string          `ch:"seat_id"`
	Price      decimal.Decimal `ch:"price"`
	Discount   decimal.Decimal `ch:"discount"`
	Gross      decimal.Decimal `ch:"gross_revenue"`
	Refunded   decimal.Decimal `ch:"refunded_amount"`
	Revenue    decimal.Decimal `ch:"revenue"`
	CheckedAt  *time.Time      `ch:"checked_at"`
	DeletedAt  *time.Time      `ch:"deleted_at"`
	RefundedAt *time.Time      `ch:"refunded_at"`
}

func (t *storedTicket) row() sales.Ticket {
	return sales.Ticket{
		TicketID: t.TicketID, ShowID: t.ShowID, State: sales.State(t.State), Counted: t.Counted, Quantity: t.Quantity,
		SeatID: t.SeatID,
		Price:  moneyOf(t.Price), Discount: moneyOf(t.Discount),
		Amounts:   sales.Amounts{Gross: moneyOf(t.Gross), Refunded: moneyOf(t.Refunded), Revenue: moneyOf(t.Revenue)},
		CheckedAt: t.CheckedAt, DeletedAt: t.DeletedAt, RefundedAt: t.RefundedAt,
	}
}

// storedTickets are the tickets of the given orders and when these were paid, without what money rules do not need. An
// order without tickets is left out.
func (db *DB) storedTickets(ctx context.Context, orders []uint64) (map[uint64]*sales.Order, error) {
	found := make(map[uint64]*sales.Order, len(orders))
	err := db.query(ctx, withIDs("read_tickets", orders), nil, func(r driver.Rows) error {
		var t storedTicket
		err := r.ScanStruct(&t)
		o := found[t.OrderID]
		if o == nil {
			o = &sales.Order{OrderID: t.OrderID, SaleTS: t.SaleTS, PrimaryOrders: t.Primary}
			found[t.OrderID] = o
		}
		o.Tickets = append(o.Tickets, t.row())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read stored tickets: %w", err)
	}
	return found, nil
}

// MarkVanished marks orders as gone from the API: they count no more, their last content stays on record. at is when
// the API was asked for them. Repeating it changes nothing.
func (db *DB) MarkVanished(ctx context.Context, orders []uint64, at time.Time, run string) error {
	if len(orders) == 0 {
		return nil
	}
	parameters := map[string]string{"version": strconv.FormatUint(version(at), 10), "run": run}
	return db.retry(ctx, "mark vanished orders", func() error {
		return db.exec(ctx, withIDs("mark_vanished", orders), parameters)
	})
}
