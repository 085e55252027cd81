package qtickets

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"
)

// CanonicalJSON writes the order as one JSON text that is equal for equal orders: members in the
// order of the struct, tickets by id, UTM keys sorted, amounts as "900.00", times in UTC, null for
// what is absent. DecodeOrder reads it back. It holds no personal data, and ClientID is left out,
// because the buyer leaves the process only as a keyed hash.
func (o Order) CanonicalJSON() []byte {
	w := jsonWriter{buf: make([]byte, 0, 1024+768*len(o.Baskets))}
	w.open('{')
	w.name("id")
	w.number(o.ID)
	w.optInt("event_id", o.EventID)
	w.optInt("site_id", o.SiteID)
	w.optBool("payed", o.Payed)
	w.optBool("reserved", o.Reserved)
	w.optBool("reserve_extended", o.ReserveExtended)
	w.optText("payment_type_id", o.PaymentTypeID)
	w.optInt("discount_id", o.DiscountID)
	w.optInt("promo_code_id", o.PromoCodeID)
	w.optMoney("price", o.Price)
	w.optMoney("original_price", o.OriginalPrice)
	w.optText("currency_id", o.CurrencyID)
	w.utm("utm", o.UTM)
	w.baskets("baskets", o.Baskets)
	w.shape("refunds", o.Refunds)
	w.ids("primary_orders", o.PrimaryOrders)
	w.ids("secondary_orders", o.SecondaryOrders)
	w.optTime("created_at", o.CreatedAt)
	w.optTime("updated_at", o.UpdatedAt)
	w.optTime("payed_at", o.PayedAt)
	w.optTime("reserved_to", o.ReservedTo)
	w.optTime("deleted_at", o.DeletedAt)
	w.close('}')
	return w.buf
}

// baskets are sorted, because the API promises no order.
func (w *jsonWriter) baskets(name string, list []Basket) {
	byID := func(a, b Basket) int { return cmp.Compare(a.ID, b.ID) }
	if !slices.IsSortedFunc(list, byID) {
		list = slices.SortedStableFunc(slices.Values(list), byID)
	}
	w.name(name)
	w.open('[')
	for i := range list {
		w.basket(&list[i])
	}
	w.close(']')
}

func (w *jsonWriter) basket(b *Basket) {
	w.open('{')
	w.name("id")
	w.number(b.ID)
	w.optInt("show_id", b.ShowID)
	w.optText("seat_id", b.SeatID)
	w.optText("seat_name", b.SeatName)
	w.optMoney("price", b.Price)
	w.optMoney("original_price", b.OriginalPrice)
	w.optMoney("ticket_original_price", b.TicketOriginalPrice)
	w.optMoney("discount_value", b.DiscountValue)
	w.optMoney("ticket_amount", b.TicketAmount)
	w.optMoney("service_fee_amount", b.ServiceFeeAmount)
	w.optText("multiprice_code", b.MultipriceCode)
	w.optInt("quantity", b.Quantity)
	w.ids("related_baskets", b.RelatedBaskets)
	w.shape("services", b.Services)
	w.shape("refunds", b.Refunds)
	w.optMoney("refunded_amount", b.RefundedAmount)
	w.optMoney("refunded_deduction_amount", b.RefundedDeductionAmount)
	w.optTime("checked_at", b.CheckedAt)
	w.optTime("created_at", b.CreatedAt)
	w.optTime("updated_at", b.UpdatedAt)
	w.optTime("refunded_at", b.RefundedAt)
	w.optTime("deleted_at", b.DeletedAt)
	w.close('}')
}

func (w *jsonWriter) utm(name string, params UTM) {
	w.name(name)
	w.open('{')
	for _, key := range slices.Sorted(maps.Keys(params)) {
		w.name(key)
		w.text(params[key])
	}
	w.close('}')
}

func (w *jsonWriter) ids(name string, list IDs) {
	w.name(name)
	w.open('[')
	for _, id := range list {
		w.number(id)
	}
	w.close(']')
}

// shape writes a collection of that many nulls, so that reading it back counts the same.
func (w *jsonWriter) shape(name string, n Shape) {
	w.name(name)
	w.open('[')
	for range n {
		w.raw("null")
	}
	w.close(']')
}

func (w *jsonWriter) optInt(name string, o Opt[int64]) {
	if w.present(name, o.Valid) {
		w.number(o.Value)
	}
}

func (w *jsonWriter) optBool(name string, o Opt[bool]) {
	if w.present(name, o.Valid) {
		w.raw(strconv.FormatBool(o.Value))
	}
}

func (w *jsonWriter) optText(name string, o Opt[string]) {
	if w.present(name, o.Valid) {
		w.text(o.Value)
	}
}

func (w *jsonWriter) optMoney(name string, o Opt[Money]) {
	if w.present(name, o.Valid) {
		w.buf = append(o.Value.append(append(w.buf, '"')), '"')
	}
}

func (w *jsonWriter) optTime(name string, o Opt[time.Time]) {
	if w.present(name, o.Valid) {
		w.buf = append(o.Value.UTC().AppendFormat(append(w.buf, '"'), time.RFC3339Nano), '"')
	}
}

// present writes the name, and null when nothing will follow.
func (w *jsonWriter) present(name string, valid bool) bool {
	w.name(name)
	if !valid {
		w.raw("null")
	}
	return valid
}
