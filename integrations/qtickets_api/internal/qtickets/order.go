package qtickets

import (
	"bytes"
	"sync"
	"time"
)

// Order is one row of GET orders (API notes, section 7.1). Times are instants; the offset of the
// source text is not kept, because it is not the venue's (API notes, section 15).
type Order struct {
	ID              int64
	EventID         Opt[int64]
	SiteID          Opt[int64]
	SiteHost        Opt[string] // of the selling site, as people know it
	ClientID        Opt[int64]  // leaves the process only as a keyed hash
	Payed           Opt[bool]
	Reserved        Opt[bool]
	ReserveExtended Opt[bool]
	PaymentTypeID   Opt[string]
	DiscountID      Opt[int64]
	PromoCodeID     Opt[int64]
	Price           Opt[Money]
	OriginalPrice   Opt[Money]
	CurrencyID      Opt[string]
	UTM             UTM
	Baskets         []Basket
	HasBaskets      bool // the row has a member baskets, be it empty: some lists leave it out
	Refunds         RefundAmounts
	PrimaryOrders   IDs // orders this one replaces
	SecondaryOrders IDs // orders that replace this one
	CreatedAt       Opt[time.Time]
	UpdatedAt       Opt[time.Time]
	PayedAt         Opt[time.Time]
	ReservedTo      Opt[time.Time]
	DeletedAt       Opt[time.Time]
	// Unread are the members, such as "baskets.checked_at", that came in a form nobody can read and no figure needs; they
	// are unknown here. Sorted, each once.
	Unread []string
}

// maxBaskets is how many tickets an order may have; six were the most ever seen (API notes, section 7.1).
const maxBaskets = 10_000

// decode reads one order (API notes, section 7.1). What is not listed here is passed over.
func (o *Order) decode(r *reader) {
	var met uint16
	for ok := r.enterObject(); ok && r.nextKey(); {
		if !o.essential(r, &met) {
			r.optional = true
			o.member(r)
			r.optional = false
		}
	}
}

// essential reads a member without which the order's money, event or day would be a guess.
func (o *Order) essential(r *reader, met *uint16) bool {
	switch string(r.key) {
	case "id":
		o.ID = r.once(met, 0).integer().Value
	case "event_id":
		o.EventID = r.once(met, 1).integer()
	case "payed":
		o.Payed = r.once(met, 2).boolean()
	case "currency_id":
		o.CurrencyID = r.once(met, 3).currency()
	case "baskets":
		o.HasBaskets, o.Baskets = true, r.once(met, 4).tickets()
	case "created_at":
		o.CreatedAt = r.once(met, 5).instant()
	case "payed_at":
		o.PayedAt = r.once(met, 6).instant()
	case "deleted_at":
		o.DeletedAt = r.once(met, 7).instant()
	default:
		return false
	}
	return true
}

// member reads a member that no figure needs.
func (o *Order) member(r *reader) {
	switch string(r.key) {
	case "site_id":
		o.SiteID = r.integer()
	case "site":
		o.SiteHost = r.siteHost()
	case "client_id":
		o.ClientID = r.integer()
	case "reserved":
		o.Reserved = r.boolean()
	case "reserve_extended":
		o.ReserveExtended = r.boolean()
	case "payment_type_id":
		o.PaymentTypeID = r.text()
	case "discount_id":
		o.DiscountID = r.integer()
	case "promo_code_id":
		o.PromoCodeID = r.integer()
	case "price":
		o.Price = r.money()
	case "original_price":
		o.OriginalPrice = r.money()
	case "utm":
		o.UTM = r.utm()
	case "refunds":
		o.Refunds = r.refundAmounts()
	case "primary_orders":
		o.PrimaryOrders = r.ids()
	case "secondary_orders":
		o.SecondaryOrders = r.ids()
	case "updated_at":
		o.UpdatedAt = r.instant()
	case "reserved_to":
		o.ReservedTo = r.instant()
	case "unread":
		r.recall()
	default:
		r.value()
	}
}

// CanonicalJSON writes the order as one JSON text that is equal for equal orders: members in the
// order of the struct, tickets by id, UTM keys sorted, amounts as "900.00", times in UTC, null for
// what is absent, and at the end the members that could not be read, if any. DecodeOrder reads it back.
// It holds no personal data, and ClientID is left out, because the buyer leaves the process only as a
// keyed hash.
func (o Order) CanonicalJSON() []byte {
	w := writers.Get().(*jsonWriter)
	defer writers.Put(w)
	w.buf = w.buf[:0]
	w.open('{')
	w.name("id")
	w.number(o.ID)
	w.optInt("event_id", o.EventID)
	w.optInt("site_id", o.SiteID)
	if o.SiteHost.Valid { // an order without one keeps its text, as below
		w.name("site")
		w.open('{')
		w.optText("host", o.SiteHost)
		w.close('}')
	}
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
	w.refundAmounts("refunds", o.Refunds)
	w.ids("primary_orders", o.PrimaryOrders)
	w.ids("secondary_orders", o.SecondaryOrders)
	w.optTime("created_at", o.CreatedAt)
	w.optTime("updated_at", o.UpdatedAt)
	w.optTime("payed_at", o.PayedAt)
	w.optTime("reserved_to", o.ReservedTo)
	w.optTime("deleted_at", o.DeletedAt)
	if len(o.Unread) > 0 { // an ordinary order keeps its text, of which a hash is stored
		w.texts("unread", o.Unread)
	}
	w.close('}')
	return bytes.Clone(w.buf)
}

// writers keep what they wrote into: the length of an order is known when it is written.
var writers = sync.Pool{New: func() any { return new(jsonWriter) }}
