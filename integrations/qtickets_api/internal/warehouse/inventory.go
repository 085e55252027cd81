package warehouse

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var inventoryTable = table[sales.Inventory]{
	name: "state_inventory",
	key:  "show_id",
	id:   func(i *sales.Inventory) (uint64, uint64) { return i.ShowID, i.ContentHash },
	columns: func(i *sales.Inventory, _ string) []Column {
		z := zoneColumns(i.Zones)
		return []Column{
			{"event_id", i.EventID},
			{"capacity", i.Capacity},
			{"sold", i.Sold},
			{"held", i.Held},
			{"free", i.Free},
			{"closed", i.Closed},
			{"zones.id", z.ids},
			{"zones.name", z.names},
			{"zones.capacity", z.capacity},
			{"zones.sold", z.sold},
			{"zones.held", z.held},
			{"zones.free", z.free},
			{"zones.closed", z.closed},
			{"zones.min_price", z.minPrice},
			{"zones.max_price", z.maxPrice},
			{"zones.possible", z.grossPotential},
		}
	},
}

// zoneArrays are the zones of one hall as the columns of the nested table.
type zoneArrays struct {
	ids, names                         []string
	capacity, sold, held, free, closed []*int64
	minPrice, maxPrice, grossPotential []*decimal.Decimal
}

func zoneColumns(zones []sales.Zone) zoneArrays {
	var a zoneArrays
	for _, z := range zones {
		a.ids, a.names = append(a.ids, z.ID), append(a.names, z.Name)
		a.capacity, a.sold, a.held = append(a.capacity, z.Capacity), append(a.sold, z.Sold), append(a.held, z.Held)
		a.free, a.closed = append(a.free, z.Free), append(a.closed, z.Closed)
		a.minPrice, a.maxPrice = append(a.minPrice, optMoney(z.MinPrice)), append(a.maxPrice, optMoney(z.MaxPrice))
		a.grossPotential = append(a.grossPotential, optMoney(z.GrossPotential))
	}
	return a
}

// markSeatsRead records that the seats of these shows were read, changed or not. It comes after the seats themselves:
// while the mark is missing they are read again.
func (db *DB) markSeatsRead(ctx context.Context, rows []Observed[sales.Inventory]) error {
	return db.Write(ctx, "state_inventory_seen", len(rows), func(i int) []Column {
		return []Column{{"show_id", rows[i].Row.ShowID}, {"observed_at", rows[i].At}}
	})
}

// ShowsChanged tells when an order with a ticket of each show was last read with another content than before.
func (db *DB) ShowsChanged(ctx context.Context) (map[uint64]time.Time, error) {
	return db.moments(ctx, "read_shows_changed")
}
