package qtickets

import "time"

// Order is one row of GET orders (API notes, section 7.1). Times are instants; the offset of the
// source text is not kept, because it is not the venue's (API notes, section 15).
type Order struct {
	ID              int64
	EventID         Opt[int64]
	SiteID          Opt[int64]
	ClientID        Opt[int64] // leaves the process only as a keyed hash
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
}

// decode reads one order (API notes, section 7.1). What is not listed here is passed over.
func (o *Order) decode(r *reader) {
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "id":
			o.ID = r.integer().Value
		case "event_id":
			o.EventID = r.integer()
		case "site_id":
			o.SiteID = r.integer()
		case "client_id":
			o.ClientID = r.integer()
		case "payed":
			o.Payed = r.boolean()
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
		case "currency_id":
			o.CurrencyID = r.text()
		case "utm":
			o.UTM = r.utm()
		case "baskets":
			o.HasBaskets, o.Baskets = true, baskets(r)
		case "refunds":
			o.Refunds = r.refundAmounts()
		case "primary_orders":
			o.PrimaryOrders = r.ids()
		case "secondary_orders":
			o.SecondaryOrders = r.ids()
		case "created_at":
			o.CreatedAt = r.instant()
		case "updated_at":
			o.UpdatedAt = r.instant()
		case "payed_at":
			o.PayedAt = r.instant()
		case "reserved_to":
			o.ReservedTo = r.instant()
		case "deleted_at":
			o.DeletedAt = r.instant()
		default:
			r.skip()
		}
	}
}

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
	w.refundAmounts("refunds", o.Refunds)
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
