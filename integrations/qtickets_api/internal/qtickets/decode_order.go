package qtickets

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
			o.Baskets = baskets(r)
		case "refunds":
			o.Refunds = r.shape()
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
			b.RefundedAmount = r.money()
		case "refunded_deduction_amount":
			b.RefundedDeductionAmount = r.money()
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

// shape counts the elements of a collection that was never seen filled (API notes, section 18, row 8);
// whatever it holds, it never invalidates the row.
func (r *reader) shape() (n Shape) {
	if k := r.kind(); k != '[' && k != '{' {
		if text, _ := r.scalar(); len(text) > 0 {
			n = 1
		}
		return n
	}
	for ok := r.enterList(); ok && r.nextItem(); {
		r.skip()
		n++
	}
	return n
}

// ids collects the ids of linked rows; elements without a readable one are left out (API notes,
// section 18, row 8).
func (r *reader) ids() (list IDs) {
	if k := r.kind(); k != '[' && k != '{' {
		r.skip()
		return nil
	}
	for ok := r.enterList(); ok && r.nextItem(); {
		if id := r.linkedID(); id != 0 {
			list = append(list, id)
		}
	}
	return list
}

func (r *reader) linkedID() (id int64) {
	switch r.kind() {
	case '{':
		for ok := r.enterObject(); ok && r.nextKey(); {
			if string(r.key) == "id" {
				id = r.linkedID()
			} else {
				r.skip()
			}
		}
	case '"', '0':
		text, _ := r.scalar()
		id, _ = parseDecimal(text, 0)
	default:
		r.skip()
	}
	return id
}
