package simulator

func (p *phpWriter) appendDiscount(d *discount) {
	p.open('{')
	p.int("id", d.id)
	p.flag("is_active", d.active)
	p.str("name", d.name)
	p.null("active_from")
	p.null("active_to")
	p.str("type", "P")
	p.array("events")
	for _, e := range d.events {
		p.open('{')
		p.int("id", e.id)
		p.flag("is_active", e.active)
		p.str("name", e.name)
		p.moment("deleted_at", e.deletedAt)
		p.close('}')
	}
	p.close(']')
	p.array("shows")
	for _, s := range d.shows {
		p.open('{')
		p.int("id", s.id)
		p.flag("is_active", s.active)
		p.int("event_id", s.event.id)
		p.moment("sale_start_date", s.saleStart)
		p.moment("sale_finish_date", s.saleFinish)
		p.moment("open_date", s.open)
		p.moment("start_date", s.start)
		p.moment("finish_date", s.finish)
		p.moment("created_at", s.createdAt)
		p.moment("updated_at", s.updatedAt)
		p.moment("deleted_at", s.deletedAt)
		p.close('}')
	}
	p.close(']')
	p.stamps(d.createdAt, d.updatedAt, d.deletedAt)
}

func (p *phpWriter) stamps(created, updated, deleted int64) {
	p.moment("created_at", created)
	p.moment("updated_at", updated)
	p.moment("deleted_at", deleted)
	p.close('}')
}

func (p *phpWriter) appendPromoCode(c *promoCode) {
	p.open('{')
	p.int("id", c.id)
	p.flag("is_active", c.active)
	p.int("type", 0)
	p.int("discount_id", c.discount.id)
	p.str("code", c.code)
	p.int("max_uses_count", int64(c.maxUses))
	p.null("active_from")
	p.moment("active_to", c.activeTo)
	p.stamps(c.createdAt, c.updatedAt, c.deletedAt)
}
