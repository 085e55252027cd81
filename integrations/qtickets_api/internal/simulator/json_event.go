package simulator

import "strconv"

// appendEvent writes an event of section 9, keys in the captured order.
func (p *phpWriter) appendEvent(e *event) {
	p.open('{')
	p.int("id", e.id)
	p.flag("is_active", e.active)
	p.str("name", e.name)
	p.int("scheme_id", 11707+e.id%100)
	p.str("currency_id", e.currency)
	p.str("place_name", e.placeName)
	p.str("place_address", "ул. Примерная, 1")
	p.str("place_description", "")
	p.int("city_id", e.city.id)
	p.str("description", "<p>Описание</p>\r\n<a href=\"https://example.test/\">подробнее</a>")
	p.str("site_url", e.site)
	p.null("external_id")
	p.int("ticket_id", 35)
	p.int("mail_template_id", 31)
	p.str("age", "0+")
	p.array("shows")
	for _, s := range e.shows {
		p.appendShow(s)
	}
	p.close(']')
	p.appendPayments(e)
	p.object("poster")
	p.int("id", e.id+1)
	p.str("content_type", "image/jpeg")
	p.int("file_size", 91449)
	p.str("url", "https://example.test/poster/"+strconv.FormatInt(e.id, 10))
	p.close('}')
	p.int("event_type_id", 11)
	p.object("city")
	p.int("id", e.city.id)
	p.str("name", e.city.name)
	p.str("timezone", e.city.zone)
	p.close('}')
	p.appendTemplate("ticket", 35)
	p.appendTemplate("mail_template", 31)
	p.str("slug", e.slug)
	p.raw("place_coordinates", "["+e.city.lat+","+e.city.lon+"]")
	p.str("url", "https://city.example.test/"+strconv.FormatInt(e.id, 10)+"-event")
	p.moment("created_at", e.createdAt)
	p.moment("updated_at", e.updatedAt)
	p.moment("deleted_at", e.deletedAt)
	p.close('}')
}

// appendPayments names a legal person, which a loader must not keep.
func (p *phpWriter) appendPayments(e *event) {
	if e.free {
		p.empty("payments")
		return
	}
	p.array("payments")
	p.open('{')
	p.int("id", 36)
	p.bool("is_active", true)
	p.str("name", "ИП "+canaryCyrillic+" А. А.")
	p.str("handler", "payanyway")
	p.str("agree_url", "https://example.test/agree")
	p.close('}')
	p.close(']')
}

func (p *phpWriter) appendTemplate(k string, id int64) {
	p.object(k)
	p.int("id", id)
	p.flag("is_active", true)
	p.str("name", "Системный шаблон")
	p.close('}')
}

func (p *phpWriter) appendShow(s *show) {
	p.open('{')
	p.int("id", s.id)
	p.str("name", "")
	p.flag("is_active", s.active)
	p.moment("sale_start_date", s.saleStart)
	p.moment("sale_finish_date", s.saleFinish)
	p.moment("open_date", s.open)
	p.moment("start_date", s.start)
	p.moment("finish_date", s.finish)
	if !p.withoutScheme {
		p.key("scheme_properties")
		p.b = append(p.b, s.scheme...)
	}
	p.array("prices")
	least, most := s.prices[0], s.prices[0]
	for _, z := range s.prices {
		p.appendPrice(z)
		if z.price < least.price {
			least = z
		}
		if z.price > most.price {
			most = z
		}
	}
	p.close(']')
	if s.pricesHidden {
		p.null("min_price")
		p.null("max_price")
	} else {
		p.key("min_price")
		p.appendPrice(least)
		p.key("max_price")
		p.appendPrice(most)
	}
	p.moment("created_at", s.createdAt)
	p.moment("updated_at", s.updatedAt)
	p.moment("deleted_at", s.deletedAt)
	p.close('}')
}

func (p *phpWriter) appendPrice(z priceZone) {
	p.open('{')
	p.int("id", z.id)
	p.money("default_price", z.price)
	p.str("color_theme", strconv.Itoa(z.theme))
	p.empty("modifiers")
	p.close('}')
}

// schemeProperties is the bulk of an events page: all scalars are strings (section 9). Halls with
// standing places only write rows as a list, numbered ones as an object.
func schemeProperties(s *show) []byte {
	var p phpWriter
	p.open('{')
	p.object("admin")
	p.object("zones")
	for _, z := range s.zones {
		p.object(z.id)
		p.str("opened", "0")
		p.str("was_opened", "1")
		p.raw("rows", `{"1":{"was_opened":"1"}}`)
		p.close('}')
	}
	p.close('}')
	p.close('}')
	p.object("zones")
	for _, z := range s.zones {
		p.appendSchemeZone(z)
	}
	p.close('}')
	p.object("seats")
	for _, z := range s.zones {
		for _, st := range z.seats {
			p.appendSchemeSeat(st)
		}
	}
	p.close('}')
	p.close('}')
	return p.b
}

func (p *phpWriter) appendSchemeZone(z *zone) {
	price := strconv.FormatInt(z.price.id, 10)
	p.object(z.id)
	p.str("disabled", "0")
	if z.seats[0].at.admission {
		p.raw("spread", `{"enabled":""}`)
		p.str("price_id", price)
		p.raw("rows", `[""]`)
		p.close('}')
		return
	}
	p.str("price_id", "")
	p.str("label", "")
	p.object("rows")
	last := ""
	for _, st := range z.seats {
		if st.row == last {
			continue
		}
		last = st.row
		p.object(st.row)
		p.str("disabled", "0")
		p.str("price_id", price)
		p.raw("spread", `{"enabled":""}`)
		p.close('}')
	}
	p.close('}')
	p.close('}')
}

func (p *phpWriter) appendSchemeSeat(st *seat) {
	p.key(st.id)
	switch {
	case st.at.admission:
		p.b = append(p.b, `{"max_quantity":"","hot":"","show_free_quantity":""}`...)
	case st.at.closed:
		p.b = append(p.b, `{"disabled":"1"}`...)
	case st.at.quota:
		p.b = append(p.b, `{"disabled":"1","spread":{"users":["1"],"enabled":"1"}}`...)
	default:
		p.b = append(p.b, `{"spread":{"users":["1"],"enabled":""},"max_quantity":""}`...)
	}
}
