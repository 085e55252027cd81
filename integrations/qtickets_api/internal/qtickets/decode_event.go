package qtickets

// maxShows is how many dates an event may have: an exhibition with a session every quarter of an hour of a year.
const maxShows = 20_000

// decode reads one event (API notes, section 9). Only ids and the currency are essential. scheme_properties, which is
// 94 % of the bytes, is passed over with everything else that is not listed.
func (e *Event) decode(r *reader) {
	var met uint16
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "id":
			e.ID = r.once(&met, 0).integer().Value
		case "currency_id":
			e.CurrencyID = r.once(&met, 1).currency()
		case "shows":
			e.HasShows = true
			e.Shows = listOf[Show](r.once(&met, 2), nil, maxShows, "show")
		default:
			r.optional = true
			e.member(r)
			r.optional = false
		}
	}
}

func (e *Event) member(r *reader) {
	switch string(r.key) {
	case "is_active":
		e.IsActive = r.boolean()
	case "name":
		e.Name = r.text()
	case "place_name":
		e.PlaceName = r.text()
	case "age":
		e.Age = r.text()
	case "city":
		e.City.decode(r)
	case "created_at":
		e.CreatedAt = r.instant()
	case "updated_at":
		e.UpdatedAt = r.instant()
	case "deleted_at":
		e.DeletedAt = r.instant()
	default:
		r.skip()
	}
}

func (c *City) decode(r *reader) {
	for ok := r.enterObject(); ok && r.nextKey(); {
		switch string(r.key) {
		case "id":
			c.ID = r.integer()
		case "name":
			c.Name = r.text()
		case "timezone":
			c.Timezone = r.text()
		default:
			r.skip()
		}
	}
}

func (s *Show) rowID() int64 { return s.ID }

func (s *Show) decode(r *reader) {
	var met uint16
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "id" {
			s.ID = r.once(&met, 0).integer().Value
			continue
		}
		r.optional = true
		s.member(r)
		r.optional = false
	}
}

func (s *Show) member(r *reader) {
	switch string(r.key) {
	case "is_active":
		s.IsActive = r.boolean()
	case "name":
		s.Name = r.text()
	case "sale_start_date":
		s.SaleStartDate = r.instant()
	case "sale_finish_date":
		s.SaleFinishDate = r.instant()
	case "open_date":
		s.OpenDate = r.instant()
	case "start_date":
		s.StartDate = r.instant()
	case "finish_date":
		s.FinishDate = r.instant()
	case "min_price":
		s.MinPrice = r.defaultPrice()
	case "max_price":
		s.MaxPrice = r.defaultPrice()
	case "created_at":
		s.CreatedAt = r.instant()
	case "updated_at":
		s.UpdatedAt = r.instant()
	case "deleted_at":
		s.DeletedAt = r.instant()
	default:
		r.skip()
	}
}

// defaultPrice reads the default_price of a price object; a bare amount is taken as it is.
func (r *reader) defaultPrice() (o Opt[Money]) {
	if r.kind() != '{' {
		return r.money()
	}
	for ok := r.enterObject(); ok && r.nextKey(); {
		if string(r.key) == "default_price" {
			o = r.money()
		} else {
			r.skip()
		}
	}
	return o
}
