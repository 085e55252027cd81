package warehouse

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// StoredOrder is an order as it is stored, as far as published numbers depend on it.
type StoredOrder struct {
	Row       sales.Order // what facts are made of, and its tickets
	Payload   []byte
	BuyerHash string
	At        time.Time // when its request was sent
}

// storedOrder is a line of read_orders.sql.
type storedOrder struct {
	OrderID     uint64     `ch:"order_id"`
	Version     uint64     `ch:"version"`
	ContentHash uint64     `ch:"content_hash"`
	EventID     uint64     `ch:"event_id"`
	CurrencyID  string     `ch:"currency_id"`
	UTMSource   string     `ch:"utm_source"`
	UTMMedium   string     `ch:"utm_medium"`
	UTMCampaign string     `ch:"utm_campaign"`
	SaleTS      *time.Time `ch:"sale_ts"`
	Primary     []uint64   `ch:"primary_orders"`
	BuyerHash   string     `ch:"buyer_hash"`
	Payload     string     `ch:"payload_json"`
}

func (o *storedOrder) order() StoredOrder {
	return StoredOrder{
		Row: sales.Order{
			OrderID: o.OrderID, EventID: o.EventID, CurrencyID: o.CurrencyID, SaleTS: o.SaleTS, ContentHash: o.ContentHash,
			PrimaryOrders: o.Primary,
			UTM:           sales.UTM{Source: o.UTMSource, Medium: o.UTMMedium, Campaign: o.UTMCampaign},
		},
		Payload: []byte(o.Payload), BuyerHash: o.BuyerHash, At: time.Unix(0, int64(o.Version)),
	}
}

// StoredOrders reads up to limit orders above an id, ascending.
func (db *DB) StoredOrders(ctx context.Context, after uint64, limit int) ([]StoredOrder, error) {
	parameters := map[string]string{"after": strconv.FormatUint(after, 10), "limit": strconv.Itoa(limit)}
	return db.storedOrders(ctx, statement("read_orders"), parameters)
}

// RelatedOrders are the stored orders that have to do with others: two hold one ticket, or one replaces the other; all
// of them, or those of which one was written since a batch. Orders of which a part does not count because of another
// are always among them.
func (db *DB) RelatedOrders(ctx context.Context, since uint64) ([]StoredOrder, error) {
	ids, err := db.relatedIDs(ctx, since)
	if err != nil {
		return nil, fmt.Errorf("find related orders: %w", err)
	}
	return db.storedByID(ctx, ids)
}

// RelatedTo are the stored orders that have to do with orders which are not stored yet: they hold a ticket of theirs,
// or are replaced by them.
func (db *DB) RelatedTo(ctx context.Context, orders []sales.Order) ([]StoredOrder, error) {
	var tickets, ids []uint64
	for i := range orders {
		ids = append(ids, orders[i].PrimaryOrders...)
		for _, t := range orders[i].Tickets {
			tickets = append(tickets, t.TicketID)
		}
	}
	if len(tickets) > 0 {
		holders, err := db.numbers(ctx, withIDs("orders_holding", tickets), nil)
		if err != nil {
			return nil, fmt.Errorf("find related orders: %w", err)
		}
		ids = append(ids, holders...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ids = slices.DeleteFunc(ids, func(id uint64) bool {
		return slices.ContainsFunc(orders, func(o sales.Order) bool { return o.OrderID == id })
	})
	return db.storedByID(ctx, ids)
}

func (db *DB) storedByID(ctx context.Context, ids []uint64) ([]StoredOrder, error) {
	var found []StoredOrder
	for some := range slices.Chunk(ids, relatedAtOnce) {
		orders, err := db.storedOrders(ctx, withIDs("read_orders_by_id", some), nil)
		if err != nil {
			return nil, fmt.Errorf("read related orders: %w", err)
		}
		found = append(found, orders...)
	}
	return found, nil
}

// relatedIDs are their ids: those related to an order that was written, and in turn to these as far as one replaces the
// other.
func (db *DB) relatedIDs(ctx context.Context, since uint64) ([]uint64, error) {
	parameters := map[string]string{"batch": strconv.FormatUint(since, 10)}
	fresh, err := db.numbers(ctx, statement("related_orders"), parameters)
	related := map[uint64]bool{}
	for err == nil && len(fresh) > 0 {
		var next []uint64
		for _, id := range fresh {
			related[id] = true
		}
		if since == 0 { // that were all
			break
		}
		for some := range slices.Chunk(fresh, relatedAtOnce) {
			var found []uint64
			if found, err = db.numbers(ctx, withIDs("related_by_replacement", some), nil); err != nil {
				return nil, err
			}
			next = append(next, found...)
		}
		fresh = slices.DeleteFunc(next, func(id uint64) bool { return related[id] })
	}
	return slices.Sorted(maps.Keys(related)), err
}

// relatedAtOnce is how many orders are read by a list of their ids.
const relatedAtOnce = 2000

func (db *DB) storedOrders(ctx context.Context, query string, parameters map[string]string) ([]StoredOrder, error) {
	var found []StoredOrder
	var ids []uint64
	err := db.query(ctx, query, parameters, func(r driver.Rows) error {
		var o storedOrder
		err := r.ScanStruct(&o)
		found = append(found, o.order())
		ids = append(ids, o.OrderID)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	tickets, err := db.storedTickets(ctx, ids)
	for i := range found {
		if o := tickets[found[i].Row.OrderID]; o != nil {
			found[i].Row.Tickets = o.Tickets
		}
	}
	return found, err
}

// RewriteOrders writes rows as they are, without comparing them with what is stored.
func (db *DB) RewriteOrders(ctx context.Context, rows []Observed[sales.Order], run string) error {
	return ordersTable.insert(ctx, db, rows, run)
}
