package simulator

// appendOrder writes an order with the keys in the order of section 7.4. List rows and details differ
// in integrations (section 7.1).
func (p *phpWriter) appendOrder(o *order, detail bool) {
	p.open('{')
	p.int("id", o.id)
	p.str("uniqid", o.uniqid)
	p.bool("payed", o.payed)
	p.moment("payed_at", o.payedAt)
	p.int("client_id", o.client.id)
	p.key("client")
	p.appendClient(o.client)
	site := o.site()
	p.int("site_id", site.id)
	p.object("site")
	p.int("id", site.id)
	p.str("host", site.host)
	p.close('}')
	p.int("payment_id", 36)
	p.str("payment_type_id", o.paymentType)
	if o.card {
		p.str("payment_card_number", o.client.card())
	} else {
		p.null("payment_card_number")
	}
	p.str("payment_url", o.paymentURL())
	p.str("cancel_url", o.cancelURL())
	p.int("basket_user_id", 2111+o.client.id%50000)
	if o.staff {
		p.int("backend_user_id", 41)
	} else {
		p.null("backend_user_id")
	}
	p.null("access_code_id")
	if o.promo != nil {
		p.int("discount_id", o.promo.discount.id)
		p.int("promo_code_id", o.promo.id)
	} else {
		p.null("discount_id")
		p.null("promo_code_id")
	}
	if o.reservedNull {
		p.null("reserved")
	} else {
		p.bool("reserved", o.reserved)
	}
	p.moment("reserved_to", o.reservedTo)
	p.bool("reserve_extended", o.extended)
	p.int("event_id", o.event.id)
	p.money("price", o.price)
	p.money("original_price", o.originalPrice)
	p.str("currency_id", o.event.currency)
	p.appendUTM(o.utm)
	p.appendSiteFields(o)
	p.array("baskets")
	for _, t := range o.tickets {
		p.appendTicket(t)
	}
	p.close(']')
	p.appendRefunds(o.refunds)
	if o.tellsPrimary {
		p.key("primary_orders")
		p.b = shortOrders(o.primary).appendTo(p.b)
	}
	if detail {
		p.raw("integrations", `{"roistat":{"roistat_visit":null}}`)
	} else {
		p.empty("integrations")
	}
	p.moment("created_at", o.createdAt)
	p.moment("updated_at", *o.updatedAt)
	p.moment("deleted_at", o.deletedAt)
	p.close('}')
}

func (p *phpWriter) appendClient(c *client) {
	p.open('{')
	p.int("id", c.id)
	p.str("email", c.email())
	switch c.details {
	case 'n':
		p.null("details")
	case 'e':
		p.empty("details")
	default:
		p.object("details")
		p.int("id", c.id+11)
		p.str("name", c.name())
		p.null("middlename")
		p.strOrNull("surname", c.surname())
		p.str("phone", c.phone())
		p.str("vk_id", "")
		p.str("facebook_id", "")
		p.close('}')
	}
	p.close('}')
}

// appendUTM writes [] for no tags at all: PHP's empty object.
func (p *phpWriter) appendUTM(tags []parameter) {
	if len(tags) == 0 {
		p.empty("utm")
		return
	}
	p.object("utm")
	for _, t := range tags {
		p.str(t.key, t.value)
	}
	p.close('}')
}

func (p *phpWriter) appendSiteFields(o *order) {
	if !o.personalFields {
		p.str("custom", "")
		p.empty("fields")
		return
	}
	p.object("custom")
	p.str("wish", "Позвоните "+o.client.phone()+", "+o.client.name())
	p.close('}')
	p.object("fields")
	p.str("organization_name", "ООО «"+canaryCyrillic+"»")
	p.str("legal_name", "ООО «"+canaryCyrillic+"»")
	p.str("inn", "CANARY-INN")
	p.str("kpp", "CANARY-KPP")
	p.close('}')
}

func (p *phpWriter) appendRefunds(operations []refundOperation) {
	if len(operations) == 0 {
		p.empty("refunds")
		return
	}
	p.array("refunds")
	for _, r := range operations {
		p.open('{')
		p.int("id", r.id)
		p.money("amount", r.returned)
		p.money("deduction_amount", r.kept)
		p.array("baskets")
		for _, id := range r.tickets {
			p.comma()
			p.b = appendMoney(p.b, id*100)
		}
		p.close(']')
		p.moment("created_at", r.at)
		p.close('}')
	}
	p.close(']')
}

// appendTicket writes a basket of section 7.2.
func (p *phpWriter) appendTicket(t *ticket) {
	p.open('{')
	p.int("id", t.id)
	p.str("series", "880000001")
	valid := t.deletedAt == 0 && t.order.payedAt != 0
	if valid {
		p.str("barcode", t.barcode())
	} else {
		p.null("barcode")
	}
	p.int("show_id", t.show.id)
	p.appendSeatOf(t)
	p.money("original_price", t.originalPrice)
	p.money("ticket_original_price", t.originalPrice)
	p.money("discount_value", t.discount)
	p.money("price", t.price)
	if t.deletedAt == 0 {
		p.money("ticket_amount", t.price)
	} else {
		p.int("ticket_amount", 0)
	}
	p.int("service_fee_amount", 0)
	if t.seat != nil {
		p.strOrNull("multiprice_code", t.seat.multipriceCode)
	} else {
		p.null("multiprice_code")
	}
	p.int("quantity", 1)
	p.appendGuest(t)
	if valid {
		p.str("pdf_url", t.pdfURL())
		p.str("passbook_url", t.passbookURL())
	} else {
		p.null("pdf_url")
		p.null("passbook_url")
	}
	p.appendLinked(t.linked)
	p.empty("services")
	p.moment("checked_at", t.checkedAt)
	p.moment("created_at", t.createdAt)
	p.moment("updated_at", t.updatedAt)
	p.moment("deleted_at", t.deletedAt)
	p.moment("refunded_at", t.refundedAt)
	if t.amountsKnown {
		p.moneyOr("refunded_amount", t.refundedAmount, t.refundedText)
		p.moneyOr("refunded_deduction_amount", t.refundedDeduction, t.deductionText)
	} else {
		p.null("refunded_amount")
		p.null("refunded_deduction_amount")
	}
	p.empty("refunds")
	p.close('}')
}

// moneyOr writes an amount as a text of its own, if there is one.
func (p *phpWriter) moneyOr(k string, v int64, text string) {
	if text != "" {
		p.raw(k, text)
		return
	}
	p.money(k, v)
}

func (p *phpWriter) appendSeatOf(t *ticket) {
	if t.seat == nil {
		p.str("seat_id", "SEASON-1;1")
		p.str("seat_name", "Абонемент")
		return
	}
	p.str("seat_id", t.seat.id)
	p.str("seat_name", t.seat.zone.name)
}

func (p *phpWriter) appendGuest(t *ticket) {
	c := t.order.client
	p.str("client_email", c.email())
	p.str("client_phone", c.phone())
	p.str("client_name", c.name())
	p.strOrNull("client_surname", c.surname())
	p.null("client_middlename")
	if !t.order.personalFields {
		for _, k := range [...]string{"organization_name", "legal_name", "work_position", "inn", "kpp", "comment"} {
			p.null(k)
		}
		return
	}
	p.str("organization_name", "ООО «"+canaryCyrillic+"»")
	p.str("legal_name", "ООО «"+canaryCyrillic+"»")
	p.str("work_position", "canary position")
	p.str("inn", "CANARY-INN")
	p.str("kpp", "CANARY-KPP")
	p.str("comment", "Для "+c.name()+", тел. "+c.phone())
}

func (p *phpWriter) appendLinked(linked []*ticket) {
	if len(linked) == 0 {
		p.empty("related_baskets")
		return
	}
	p.array("related_baskets")
	for _, t := range linked {
		p.open('{')
		p.int("id", t.id)
		p.int("show_id", t.show.id)
		p.str("seat_id", t.seat.id)
		p.close('}')
	}
	p.close(']')
}
