package contract

import (
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Observer counts what one load observes. The zero value has observed nothing. It is for one goroutine at a time.
type Observer struct {
	counts [ZeroFilter + 1]Counts
}

// Counts are the observations for a question so far.
func (o *Observer) Counts(id ID) Counts { return o.counts[id] }

// Add adds observations.
func (o *Observer) Add(id ID, c Counts) {
	o.counts[id].For += c.For
	o.counts[id].Against += c.Against
}

// Saw adds one observation.
func (o *Observer) Saw(id ID, holds bool) {
	if holds {
		o.counts[id].For++
	} else {
		o.counts[id].Against++
	}
}

// Forget forgets what responses said that came from a cache, of whatever request: only what is known of the responses
// themselves stays.
func (o *Observer) Forget() {
	for id := range o.counts {
		if !slices.Contains([]ID{Fresh, NoLimit, Outage, Forbidden}, ID(id)) {
			o.counts[id] = Counts{}
		}
	}
}

// Rows counts rows of a list that could be read and that could not, and how their times were written.
func (o *Observer) Rows(read, unreadable int, times qtickets.Offsets) {
	o.Add(Readable, Counts{For: uint64(read), Against: uint64(unreadable)})
	o.Add(MoscowOffset, Counts{For: uint64(times.Moscow), Against: uint64(times.Other)})
}

// Order observes an order and the row made of it.
func (o *Observer) Order(src *qtickets.Order, row *sales.Order) {
	var t tally
	for i := range src.Baskets {
		t.add(&src.Baskets[i])
	}
	o.Saw(Roubles, src.CurrencyID.Value == "RUB")
	if len(src.Unread) > 0 {
		o.Saw(Readable, false)
	}
	if row.SaleTS != nil {
		o.Saw(PaidHasTickets, len(src.Baskets) > 0)
	}
	if src.DeletedAt.Valid && len(src.SecondaryOrders) > 0 {
		o.Saw(ReplacedTold, true)
	}
	if t.linked {
		o.Saw(SeasonTogether, !has(row, sales.AnomalySeasonElsewhere))
	}
	if !src.DeletedAt.Valid && t.live > 0 && t.live == len(src.Baskets) && row.SaleTS != nil {
		o.Saw(Amounts, !has(row, sales.AnomalyPriceSum, sales.AnomalyTicketAmount, sales.AnomalyServiceFee,
			sales.AnomalyQuantity))
	}
	o.stamps(src, &t)
	o.shapes(src, row)
	if t.refunded > 0 || len(src.Refunds) > 0 {
		o.refunds(src, row, &t)
	}
}

// tally is what the tickets of an order say together.
type tally struct {
	live, refunded             int // live: neither deleted nor refunded
	all, alive                 qtickets.Money
	refundedAt, deletedAt      time.Time // the newest; zero: none
	scannedAt                  time.Time
	linked, deletedWithARefund bool
}

func (t *tally) add(b *qtickets.Basket) {
	t.all += b.Price.Value
	t.linked = t.linked || len(b.RelatedBaskets) > 0
	t.scannedAt = later(t.scannedAt, b.CheckedAt)
	t.refundedAt = later(t.refundedAt, b.RefundedAt)
	t.deletedAt = later(t.deletedAt, b.DeletedAt)
	switch {
	case b.RefundedAt.Valid:
		t.refunded++
		t.deletedWithARefund = t.deletedWithARefund ||
			b.DeletedAt.Valid && b.DeletedAt.Value.Sub(b.RefundedAt.Value).Abs() <= together
	case !b.DeletedAt.Valid:
		t.live++
		t.alive += b.Price.Value
	}
}

func later(a time.Time, b qtickets.Opt[time.Time]) time.Time {
	if b.Valid && b.Value.After(a) {
		return b.Value
	}
	return a
}

// together is how far apart two times of one operation may be: a payment was seen to move the order up to 28 s later
// (API notes, section 8).
const together = time.Minute

// stamps compares updated_at with what happened to the tickets. An order that was touched again later tells nothing.
func (o *Observer) stamps(src *qtickets.Order, t *tally) {
	if !src.UpdatedAt.Valid {
		return
	}
	updated := src.UpdatedAt.Value
	changed := t.refundedAt
	if !src.DeletedAt.Valid {
		changed = later(changed, qtickets.Opt[time.Time]{Value: t.deletedAt, Valid: true})
	}
	if after, told := movedBy(updated, changed); told {
		o.Saw(RefundMoves, after)
	}
	if after, told := movedBy(updated, t.scannedAt); told {
		o.Saw(ScanStill, !after)
	}
}

// movedBy tells whether what happened at a moment moved updated; told is false where that cannot be told.
func movedBy(updated, happened time.Time) (moved, told bool) {
	after := updated.Sub(happened)
	moved = after >= 0 && after <= together
	return moved, !happened.IsZero() && (moved || after < -together)
}

// shapes looks at collections whose elements nobody has seen (row 8).
func (o *Observer) shapes(src *qtickets.Order, row *sales.Order) {
	for _, amount := range src.Refunds {
		o.Saw(Shapes, amount.Valid)
	}
	if has(row, sales.AnomalyUnknownShapes) || slices.Contains(src.Unread, "refunds") ||
		slices.Contains(src.Unread, "baskets.related_baskets") {
		o.Saw(Shapes, false)
	}
}

// refunds looks at an order that says it was refunded.
func (o *Observer) refunds(src *qtickets.Order, row *sales.Order, t *tally) {
	if len(src.Refunds) > 0 {
		o.Saw(RefundTold, !has(row, sales.AnomalyRefundUntold))
	}
	if t.refunded == 0 {
		return
	}
	o.Saw(RefundWithin, !has(row, sales.AnomalyRefundAbove))
	unnamed := func(amount qtickets.Opt[qtickets.Fine]) bool { return !amount.Valid }
	if len(src.Refunds) > 0 && !slices.ContainsFunc(src.Refunds, unnamed) {
		o.Saw(RefundSum, !has(row, sales.AnomalyRefundSum))
	}
	whole := t.refunded == len(src.Baskets)
	unpaid := whole && (src.Payed.Valid && !src.Payed.Value || !src.PayedAt.Valid)
	recomputed := src.Price.Valid && src.Price.Value == t.alive && t.alive != t.all
	switch {
	case t.deletedWithARefund, unpaid, recomputed:
		o.Saw(RefundKeeps, false)
	case whole && t.all > 0 && src.Price.Value == t.all && !src.DeletedAt.Valid:
		o.Saw(RefundKeeps, true)
	}
}

func has(row *sales.Order, anomalies ...string) bool {
	for _, found := range row.Anomalies {
		if slices.Contains(anomalies, found) {
			return true
		}
	}
	return false
}
