package warehouse

import "dashboard-mvp/integrations/qtickets_api/internal/sales"

var eventsTable = table[sales.Event]{
	name: "state_events",
	key:  "event_id",
	id:   func(e *sales.Event) (uint64, uint64) { return e.EventID, e.ContentHash },
	columns: func(e *sales.Event, _ string) []Column {
		return []Column{
			{"name", e.Name},
			{"place_name", e.PlaceName},
			{"city_id", e.CityID},
			{"city", e.City},
			{"timezone", e.Timezone},
			{"currency_id", e.CurrencyID},
			{"is_active", e.IsActive},
			{"updated_at", e.UpdatedAt},
			{"deleted_at", e.DeletedAt},
		}
	},
}

var showsTable = table[sales.Show]{
	name: "state_shows",
	key:  "show_id",
	id:   func(s *sales.Show) (uint64, uint64) { return s.ShowID, s.ContentHash },
	columns: func(s *sales.Show, _ string) []Column {
		return []Column{
			{"event_id", s.EventID},
			{"name", s.Name},
			{"is_active", s.IsActive},
			{"start_at", s.StartAt},
			{"finish_at", s.FinishAt},
			{"sale_start_at", s.SaleStartAt},
			{"sale_end_at", s.SaleEndAt},
			{"show_date", s.ShowDate},
			{"show_time", s.ShowTime},
			{"min_price", optMoney(s.MinPrice)},
			{"max_price", optMoney(s.MaxPrice)},
			{"deleted_at", s.DeletedAt},
		}
	},
}

var discountsTable = table[sales.Discount]{
	name: "state_discounts",
	key:  "discount_id",
	id:   func(d *sales.Discount) (uint64, uint64) { return d.DiscountID, d.ContentHash },
	columns: func(d *sales.Discount, _ string) []Column {
		return []Column{
			{"name", d.Name},
			{"is_active", d.IsActive},
			{"active_from", d.ActiveFrom},
			{"active_to", d.ActiveTo},
			{"deleted_at", d.DeletedAt},
		}
	},
}

var promoCodesTable = table[sales.PromoCode]{
	name: "state_promo_codes",
	key:  "promo_code_id",
	id:   func(p *sales.PromoCode) (uint64, uint64) { return p.PromoCodeID, p.ContentHash },
	columns: func(p *sales.PromoCode, _ string) []Column {
		return []Column{
			{"discount_id", p.DiscountID},
			{"code", p.Code},
			{"is_active", p.IsActive},
			{"max_uses", p.MaxUses},
			{"active_from", p.ActiveFrom},
			{"active_to", p.ActiveTo},
			{"deleted_at", p.DeletedAt},
		}
	},
}

var colorThemesTable = table[sales.ColorTheme]{
	name:    "state_color_themes",
	key:     "color_theme_id",
	id:      func(c *sales.ColorTheme) (uint64, uint64) { return c.ColorThemeID, c.ContentHash },
	columns: func(c *sales.ColorTheme, _ string) []Column { return []Column{{"color", c.Color}} },
}
