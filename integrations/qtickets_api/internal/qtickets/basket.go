package qtickets

import (
	"cmp"
	"slices"
	"time"
)

// Basket is one ticket of an order (API notes, section 7.2).
type Basket struct {
	ID                      int64
	ShowID                  Opt[int64]
	SeatID                  Opt[string]
	SeatName                Opt[string]
	Price                   Opt[Money]
	OriginalPrice           Opt[Money]
	TicketOriginalPrice     Opt[Money]
	DiscountValue           Opt[Money]
	TicketAmount            Opt[Money]
	ServiceFeeAmount        Opt[Money]
	MultipriceCode          Opt[string]
	Quantity                Opt[int64]
	RelatedBaskets          IDs
	Services                Shape
	Refunds                 Shape
	RefundedAmount          Opt[Fine]
	RefundedDeductionAmount Opt[Fine]
	CheckedAt               Opt[time.Time]
	CreatedAt               Opt[time.Time]
	UpdatedAt               Opt[time.Time]
	RefundedAt              Opt[time.Time]
	DeletedAt               Opt[time.Time]
}

func (b *Basket) rowID() int64 { return b.ID }

// decode reads one ticket (API notes, section 7.2).
func (b *Basket) decode(r *reader) {
	var met uint16
	for ok := r.enterObject(); ok && r.nextKey(); {
		if !b.essential(r, &met) {
			r.optional = true
			b.member(r)
			r.optional = false
		}
	}
}

// essential reads a member without which the ticket's money, show or state would be a guess.
func (b *Basket) essential(r *reader, met *uint16) bool {
	switch string(r.key) {
	case "id":
		b.ID = r.once(met, 0).integer().Value
	case "show_id":
		b.ShowID = r.once(met, 1).integer()
	case "price":
		b.Price = r.once(met, 2).money()
	case "refunded_amount":
		b.RefundedAmount = r.once(met, 3).fine()
	case "refunded_deduction_amount":
		b.RefundedDeductionAmount = r.once(met, 4).fine()
	case "refunded_at":
		b.RefundedAt = r.once(met, 5).instant()
	case "deleted_at":
		b.DeletedAt = r.once(met, 6).instant()
	default:
		return false
	}
	return true
}

// member reads a member that no figure needs. An unreadable quantity is unknown and taken for one ticket, as every
// row was so far.
func (b *Basket) member(r *reader) {
	switch string(r.key) {
	case "seat_id":
		b.SeatID = r.text()
	case "seat_name":
		b.SeatName = r.text()
	case "original_price":
		b.OriginalPrice = r.money()
	case "ticket_original_price":
		b.TicketOriginalPrice = r.money()
	case "discount_value":
		b.DiscountValue = r.money()
	case "ticket_amount":
		b.TicketAmount = r.money()
	case "service_fee_amount":
		b.ServiceFeeAmount = r.money()
	case "multiprice_code":
		b.MultipriceCode = r.text()
	case "quantity":
		b.Quantity = r.integer()
	case "related_baskets":
		b.RelatedBaskets = r.ids()
	case "services":
		b.Services = r.shape()
	case "refunds":
		b.Refunds = r.shape()
	case "checked_at":
		b.CheckedAt = r.instant()
	case "created_at":
		b.CreatedAt = r.instant()
	case "updated_at":
		b.UpdatedAt = r.instant()
	default:
		r.value()
	}
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
	w.optFine("refunded_amount", b.RefundedAmount)
	w.optFine("refunded_deduction_amount", b.RefundedDeductionAmount)
	w.optTime("checked_at", b.CheckedAt)
	w.optTime("created_at", b.CreatedAt)
	w.optTime("updated_at", b.UpdatedAt)
	w.optTime("refunded_at", b.RefundedAt)
	w.optTime("deleted_at", b.DeletedAt)
	w.close('}')
}
