package warehouse

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// InsertEvents writes the events that changed and tells how many these were.
func (db *DB) InsertEvents(ctx context.Context, rows []Observed[sales.Event], run string) (int, error) {
	return insertCount(ctx, db, table[sales.Event]{
		name:    "state_events",
		key:     "event_id",
		columns: []string{"name", "place_name", "city_id", "city", "timezone", "currency_id", "is_active", "updated_at", "deleted_at"},
		id:      func(e *sales.Event) (uint64, uint64) { return e.EventID, e.ContentHash },
		values: func(e *sales.Event, _ string) []any {
			return []any{e.Name, e.PlaceName, e.CityID, e.City, e.Timezone, e.CurrencyID, e.IsActive, e.UpdatedAt, e.DeletedAt}
		},
	}, rows, run)
}

// InsertShows writes the shows that changed and tells how many these were.
func (db *DB) InsertShows(ctx context.Context, rows []Observed[sales.Show], run string) (int, error) {
	return insertCount(ctx, db, table[sales.Show]{
		name: "state_shows",
		key:  "show_id",
		columns: []string{
			"event_id", "name", "is_active", "start_at", "finish_at", "sale_start_at", "sale_end_at",
			"show_date", "show_time", "min_price", "max_price", "deleted_at",
		},
		id: func(s *sales.Show) (uint64, uint64) { return s.ShowID, s.ContentHash },
		values: func(s *sales.Show, _ string) []any {
			return []any{
				s.EventID, s.Name, s.IsActive, s.StartAt, s.FinishAt, s.SaleStartAt, s.SaleEndAt,
				s.ShowDate, s.ShowTime, optMoney(s.MinPrice), optMoney(s.MaxPrice), s.DeletedAt,
			}
		},
	}, rows, run)
}

// InsertDiscounts writes the discounts that changed and tells how many these were.
func (db *DB) InsertDiscounts(ctx context.Context, rows []Observed[sales.Discount], run string) (int, error) {
	return insertCount(ctx, db, table[sales.Discount]{
		name:    "state_discounts",
		key:     "discount_id",
		columns: []string{"name", "is_active", "active_from", "active_to", "deleted_at"},
		id:      func(d *sales.Discount) (uint64, uint64) { return d.DiscountID, d.ContentHash },
		values: func(d *sales.Discount, _ string) []any {
			return []any{d.Name, d.IsActive, d.ActiveFrom, d.ActiveTo, d.DeletedAt}
		},
	}, rows, run)
}

// InsertPromoCodes writes the promo codes that changed and tells how many these were.
func (db *DB) InsertPromoCodes(ctx context.Context, rows []Observed[sales.PromoCode], run string) (int, error) {
	return insertCount(ctx, db, table[sales.PromoCode]{
		name:    "state_promo_codes",
		key:     "promo_code_id",
		columns: []string{"discount_id", "code", "is_active", "max_uses", "active_from", "active_to", "deleted_at"},
		id:      func(p *sales.PromoCode) (uint64, uint64) { return p.PromoCodeID, p.ContentHash },
		values: func(p *sales.PromoCode, _ string) []any {
			return []any{p.DiscountID, p.Code, p.IsActive, p.MaxUses, p.ActiveFrom, p.ActiveTo, p.DeletedAt}
		},
	}, rows, run)
}

// InsertColorThemes writes the price colours that changed and tells how many these were.
func (db *DB) InsertColorThemes(ctx context.Context, rows []Observed[sales.ColorTheme], run string) (int, error) {
	return insertCount(ctx, db, table[sales.ColorTheme]{
		name:    "state_color_themes",
		key:     "color_theme_id",
		columns: []string{"color"},
		id:      func(c *sales.ColorTheme) (uint64, uint64) { return c.ColorThemeID, c.ContentHash },
		values:  func(c *sales.ColorTheme, _ string) []any { return []any{c.Color} },
	}, rows, run)
}

// InsertInventory writes the seats of shows that changed, notes for all of them that they were read, and
// tells how many changed. The note comes last: while it is missing the seats are read again.
func (db *DB) InsertInventory(ctx context.Context, rows []Observed[sales.Inventory], run string) (int, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	changed, err := insertCount(ctx, db, table[sales.Inventory]{
		name: "state_inventory",
		key:  "show_id",
		columns: []string{
			"event_id", "capacity", "sold", "held", "free", "closed", "zones.id", "zones.name", "zones.capacity", "zones.sold", "zones.held",
			"zones.free", "zones.closed", "zones.min_price", "zones.max_price", "zones.possible",
		},
		id: func(i *sales.Inventory) (uint64, uint64) { return i.ShowID, i.ContentHash },
		values: func(i *sales.Inventory, _ string) []any {
			z := zoneColumns(i.Zones)
			return []any{
				i.EventID, i.Capacity, i.Sold, i.Held, i.Free, i.Closed, z.ids, z.names, z.capacity, z.sold, z.held, z.free, z.closed,
				z.minPrice, z.maxPrice, z.possible,
			}
		},
	}, rows, run)
	if err != nil {
		return 0, err
	}
	seen := make([]shownAt, len(rows))
	for i, r := range rows {
		seen[i] = shownAt{r.Row.ShowID, r.At}
	}
	return changed, db.retry(ctx, "note when seats were read", func() error { return db.insertSeen(ctx, seen) })
}

// zoneArrays are the zones of one hall as the columns of the nested table.
type zoneArrays struct {
	ids, names                         []string
	capacity, sold, held, free, closed []*int64
	minPrice, maxPrice, possible       []*decimal.Decimal
}

func zoneColumns(zones []sales.Zone) zoneArrays {
	var a zoneArrays
	for _, z := range zones {
		a.ids, a.names = append(a.ids, z.ID), append(a.names, z.Name)
		a.capacity, a.sold, a.held = append(a.capacity, z.Capacity), append(a.sold, z.Sold), append(a.held, z.Held)
		a.free, a.closed = append(a.free, z.Free), append(a.closed, z.Closed)
		a.minPrice, a.maxPrice = append(a.minPrice, optMoney(z.MinPrice)), append(a.maxPrice, optMoney(z.MaxPrice))
		a.possible = append(a.possible, optMoney(z.Possible))
	}
	return a
}

// SeatsSeen tells when the seats of each show were last read.
func (db *DB) SeatsSeen(ctx context.Context) (map[uint64]time.Time, error) {
	return db.moments(ctx, "SELECT show_id, observed_at FROM state_inventory_seen FINAL")
}

// ShowsChanged tells when an order with a ticket of each show was last read with another content than
// before.
func (db *DB) ShowsChanged(ctx context.Context) (map[uint64]time.Time, error) {
	// Without FINAL: a vanished order and a ticket that left the show changed it too.
	return db.moments(ctx, `SELECT show, fromUnixTimestamp64Nano(toInt64(max(version)))
		FROM (SELECT version, tickets.show_id FROM state_orders) ARRAY JOIN tickets.show_id AS show GROUP BY show`)
}

type shownAt struct {
	show uint64
	at   time.Time
}

func (db *DB) insertSeen(ctx context.Context, seen []shownAt) error {
	batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO state_inventory_seen (show_id, observed_at)")
	if err != nil {
		return err
	}
	defer batch.Close()
	for _, s := range seen {
		if err := batch.Append(s.show, s.at); err != nil {
			return fmt.Errorf("show %d: %w", s.show, err)
		}
	}
	return batch.Send()
}
