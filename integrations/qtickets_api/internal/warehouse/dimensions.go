package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var eventsTable = table[sales.Event]{
	name: "state_events",
	key:  "event_id",
	id:   func(e *sales.Event) (uint64, uint64) { return e.EventID, e.ContentHash },
	columns: func(string) []column[Observed[sales.Event]] {
		type row = Observed[sales.Event]
		return []column[row]{
			col("name", texts, func(e *row) string { return e.Row.Name }),
			col("place_name", texts, func(e *row) string { return e.Row.PlaceName }),
			col("city_id", uint64s, func(e *row) uint64 { return e.Row.CityID }),
			col("city", texts, func(e *row) string { return e.Row.City }),
			col("timezone", texts, func(e *row) string { return e.Row.Timezone }),
			col("currency_id", texts, func(e *row) string { return e.Row.CurrencyID }),
			col("is_active", uint8s, func(e *row) uint8 { return e.Row.IsActive }),
			col("updated_at", optional(seconds), func(e *row) *time.Time { return e.Row.UpdatedAt }),
			col("deleted_at", optional(seconds), func(e *row) *time.Time { return e.Row.DeletedAt }),
		}
	},
}

var showsTable = table[sales.Show]{
	name: "state_shows",
	key:  "show_id",
	id:   func(s *sales.Show) (uint64, uint64) { return s.ShowID, s.ContentHash },
	columns: func(string) []column[Observed[sales.Show]] {
		type row = Observed[sales.Show]
		return []column[row]{
			col("event_id", uint64s, func(s *row) uint64 { return s.Row.EventID }),
			col("name", texts, func(s *row) string { return s.Row.Name }),
			col("is_active", uint8s, func(s *row) uint8 { return s.Row.IsActive }),
			col("start_at", optional(seconds), func(s *row) *time.Time { return s.Row.StartAt }),
			col("finish_at", optional(seconds), func(s *row) *time.Time { return s.Row.FinishAt }),
			col("sale_start_at", optional(seconds), func(s *row) *time.Time { return s.Row.SaleStartAt }),
			col("sale_end_at", optional(seconds), func(s *row) *time.Time { return s.Row.SaleEndAt }),
			col("show_date", optional(days), func(s *row) *time.Time { return s.Row.ShowDate }),
			col("show_time", texts, func(s *row) string { return s.Row.ShowTime }),
			col("min_price", optional(amounts), func(s *row) *qtickets.Money { return s.Row.MinPrice }),
			col("max_price", optional(amounts), func(s *row) *qtickets.Money { return s.Row.MaxPrice }),
			col("deleted_at", optional(seconds), func(s *row) *time.Time { return s.Row.DeletedAt }),
		}
	},
}

var discountsTable = table[sales.Discount]{
	name: "state_discounts",
	key:  "discount_id",
	id:   func(d *sales.Discount) (uint64, uint64) { return d.DiscountID, d.ContentHash },
	columns: func(string) []column[Observed[sales.Discount]] {
		type row = Observed[sales.Discount]
		return []column[row]{
			col("name", texts, func(d *row) string { return d.Row.Name }),
			col("is_active", uint8s, func(d *row) uint8 { return d.Row.IsActive }),
			col("active_from", optional(seconds), func(d *row) *time.Time { return d.Row.ActiveFrom }),
			col("active_to", optional(seconds), func(d *row) *time.Time { return d.Row.ActiveTo }),
			col("deleted_at", optional(seconds), func(d *row) *time.Time { return d.Row.DeletedAt }),
		}
	},
}

var promoCodesTable = table[sales.PromoCode]{
	name: "state_promo_codes",
	key:  "promo_code_id",
	id:   func(p *sales.PromoCode) (uint64, uint64) { return p.PromoCodeID, p.ContentHash },
	columns: func(string) []column[Observed[sales.PromoCode]] {
		type row = Observed[sales.PromoCode]
		return []column[row]{
			col("discount_id", optional(uint64s), func(p *row) *uint64 { return p.Row.DiscountID }),
			col("code", texts, func(p *row) string { return p.Row.Code }),
			col("is_active", uint8s, func(p *row) uint8 { return p.Row.IsActive }),
			col("max_uses", optional(uint64s), func(p *row) *uint64 { return p.Row.MaxUses }),
			col("active_from", optional(seconds), func(p *row) *time.Time { return p.Row.ActiveFrom }),
			col("active_to", optional(seconds), func(p *row) *time.Time { return p.Row.ActiveTo }),
			col("deleted_at", optional(seconds), func(p *row) *time.Time { return p.Row.DeletedAt }),
		}
	},
}

var colorThemesTable = table[sales.ColorTheme]{
	name: "state_color_themes",
	key:  "color_theme_id",
	id:   func(c *sales.ColorTheme) (uint64, uint64) { return c.ColorThemeID, c.ContentHash },
	columns: func(string) []column[Observed[sales.ColorTheme]] {
		type row = Observed[sales.ColorTheme]
		return []column[row]{
			col("color", texts, func(c *row) string { return c.Row.Color }),
		}
	},
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
