package qtickets

// decode reads one discount (API notes, section 12).
func (d *Discount) decode(r *reader) {
	var met uint16
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "id" {
			d.ID = r.once(&met, 0).integer().Value
			continue
		}
		r.optional = true
		d.member(r)
		r.optional = false
	}
}

func (d *Discount) member(r *reader) {
	switch string(r.key) {
	case "is_active":
		d.IsActive = r.boolean()
	case "name":
		d.Name = r.text()
	case "type":
		d.Type = r.text()
	case "active_from":
		d.ActiveFrom = r.instant()
	case "active_to":
		d.ActiveTo = r.instant()
	case "created_at":
		d.CreatedAt = r.instant()
	case "updated_at":
		d.UpdatedAt = r.instant()
	case "deleted_at":
		d.DeletedAt = r.instant()
	default:
		r.skip()
	}
}

// decode reads one promo code (API notes, section 12).
func (p *PromoCode) decode(r *reader) {
	var met uint16
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "id" {
			p.ID = r.once(&met, 0).integer().Value
			continue
		}
		r.optional = true
		p.member(r)
		r.optional = false
	}
}

func (p *PromoCode) member(r *reader) {
	switch string(r.key) {
	case "is_active":
		p.IsActive = r.boolean()
	case "discount_id":
		p.DiscountID = r.integer()
	case "code":
		p.Code = r.text()
	case "max_uses_count":
		p.MaxUsesCount = r.integer()
	case "active_from":
		p.ActiveFrom = r.instant()
	case "active_to":
		p.ActiveTo = r.instant()
	case "created_at":
		p.CreatedAt = r.instant()
	case "updated_at":
		p.UpdatedAt = r.instant()
	case "deleted_at":
		p.DeletedAt = r.instant()
	default:
		r.skip()
	}
}

// decode reads one colour (API notes, section 6).
func (c *ColorTheme) decode(r *reader) {
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "id":
			c.ID = r.integer().Value
		case "color":
			r.optional = true
			c.Color = r.text()
			r.optional = false
		default:
			r.skip()
		}
	}
}
