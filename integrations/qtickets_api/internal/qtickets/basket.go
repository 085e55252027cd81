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

// decode reads one ticket (API notes, section 7.2).
func (b *Basket) decode(r *reader) {
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "id":
			b.ID = r.integer().Value
		case "show_id":
			b.ShowID = r.integer()
		case "seat_id":
			b.SeatID = r.text()
		case "seat_name":
			b.SeatName = r.text()
		case "price":
			b.Price = r.money()
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
		case "refunded_amount":
			b.RefundedAmount = r.fine()
		case "refunded_deduction_amount":
			b.RefundedDeductionAmount = r.fine()
		case "checked_at":
			b.CheckedAt = r.instant()
		case "created_at":
			b.CreatedAt = r.instant()
		case "updated_at":
			b.UpdatedAt = r.instant()
		case "refunded_at":
			b.RefundedAt = r.instant()
		case "deleted_at":
			b.DeletedAt = r.instant()
		default:
			r.skip()
		}
	}
}

func baskets(r *reader) []Basket {
	var list []Basket
	for ok := r.enterList(); ok && r.nextItem(); {
		var b Basket
		b.decode(r)
		if b.ID == 0 {
			r.fail("the ticket has no id")
		}
		list = append(list, b)
	}
	return list
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
