package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

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

// ListedShow is a stored show that is not marked as gone, or an event (ShowID is 0).
type ListedShow struct{ EventID, ShowID uint64 }

// ListedShows are the stored events and shows that are not marked as gone.
func (db *DB) ListedShows(ctx context.Context) ([]ListedShow, error) {
	var listed []ListedShow
	err := db.query(ctx, statement("read_shows_listed"), nil, func(r driver.Rows) error {
		var s ListedShow
		err := r.Scan(&s.EventID, &s.ShowID)
		listed = append(listed, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list stored shows: %w", err)
	}
	return listed, nil
}

// MarkShowsVanished marks events and shows as gone from the API. at is when it was asked for them.
func (db *DB) MarkShowsVanished(ctx context.Context, gone []ListedShow, at time.Time) error {
	var events, shows []uint64
	for _, s := range gone {
		if s.ShowID == 0 {
			events = append(events, s.EventID)
		} else {
			shows = append(shows, s.ShowID)
		}
	}
	parameters := map[string]string{"version": strconv.FormatUint(version(at), 10)}
	for _, mark := range []struct {
		name string
		ids  []uint64
	}{{"mark_vanished_events", events}, {"mark_vanished_shows", shows}} {
		if len(mark.ids) == 0 {
			continue
		}
		err := db.retry(ctx, mark.name, func() error { return db.exec(ctx, withIDs(mark.name, mark.ids), parameters) })
		if err != nil {
			return err
		}
	}
	return nil
}
