package main

import (
	"context"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/shopspring/decimal"
)

const insert = `INSERT INTO state_orders (
	order_id, version, content_hash, run_id, event_id, site_id, site_host, buyer_hash, currency_id, payment_type_id,
	discount_id, promo_code_id, price, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
	created_at, updated_at, sale_ts, reserved_to, deleted_at, anomalies,
	tickets.ticket_id, tickets.show_id, tickets.state, tickets.counted, tickets.quantity, tickets.seat_id,
	tickets.price, tickets.discount, tickets.gross_revenue, tickets.refunded_amount, tickets.revenue,
	tickets.checked_at, tickets.deleted_at, tickets.refunded_at, payload_json)`

func insertPages(ctx context.Context, conn clickhouse.Conn, pages []*page) error {
	batch, err := conn.PrepareBatch(ctx, insert)
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, p := range pages {
		for i := range p.orders {
			o := &p.orders[i]
			t := ticketsOf(o)
			err := batch.Append(
				o.ID, uint64(p.sent.UnixNano()), uint64(0), "reference", o.EventID, o.SiteID, mark(o.Site.Host), "",
				o.CurrencyID, o.PaymentTypeID,
				o.DiscountID, o.PromoCodeID, o.Price, mark(o.UTM.Source), mark(o.UTM.Medium), mark(o.UTM.Campaign),
				mark(o.UTM.Content), mark(o.UTM.Term),
				o.CreatedAt, o.UpdatedAt, o.PayedAt, o.ReservedTo, o.DeletedAt, []string{},
				t.ids, t.shows, t.states, t.counted, t.quantities, t.seats,
				t.prices, t.discounts, t.gross, t.refunded, t.revenue,
				t.checkedAt, t.deletedAt, t.refundedAt, o.raw,
			)
			if err != nil {
				return err
			}
		}
	}
	return batch.Send()
}

func mark(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// tickets are the tickets of one order by column.
type tickets struct {
	ids, shows                                  []uint64
	states, seats                               []string
	counted                                     []uint8
	quantities                                  []uint32
	prices, discounts, gross, refunded, revenue []decimal.Decimal
	checkedAt, deletedAt, refundedAt            []*time.Time
}

func ticketsOf(o *order) tickets {
	n := len(o.Baskets)
	t := tickets{
		ids: make([]uint64, n), shows: make([]uint64, n), states: make([]string, n), seats: make([]string, n),
		counted: make([]uint8, n), quantities: make([]uint32, n),
		prices: make([]decimal.Decimal, n), discounts: make([]decimal.Decimal, n),
		gross: make([]decimal.Decimal, n), refunded: make([]decimal.Decimal, n), revenue: make([]decimal.Decimal, n),
		checkedAt: make([]*time.Time, n), deletedAt: make([]*time.Time, n), refundedAt: make([]*time.Time, n),
	}
	for i := range o.Baskets {
		b := &o.Baskets[i]
		t.ids[i], t.shows[i], t.seats[i] = b.ID, b.ShowID, b.SeatID
		t.counted[i], t.quantities[i] = 1, b.Quantity
		t.prices[i], t.discounts[i] = b.Price, b.DiscountValue
		t.states[i], t.gross[i], t.refunded[i] = outcome(o, b)
		t.revenue[i] = t.gross[i].Sub(t.refunded[i])
		t.checkedAt[i], t.deletedAt[i], t.refundedAt[i] = b.CheckedAt, b.DeletedAt, b.RefundedAt
	}
	return t
}

// outcome is the state and the money of a ticket in the simplest case (API notes, section 8).
func outcome(o *order, b *basket) (state string, gross, refunded decimal.Decimal) {
	switch {
	case b.RefundedAt != nil:
		return "refunded", b.Price, b.RefundedAmount
	case o.DeletedAt != nil || b.DeletedAt != nil:
		return "cancelled", gross, refunded
	case o.PayedAt != nil:
		return "sold", b.Price, refunded
	default:
		return "held", gross, refunded
	}
}
