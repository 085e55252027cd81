package warehouse

import (
	"context"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var inventoryTable = table[sales.Inventory]{
	name: "state_inventory",
	key:  "show_id",
	id:   func(i *sales.Inventory) (uint64, uint64) { return i.ShowID, i.ContentHash },
	columns: func(string) []column[Observed[sales.Inventory]] {
		type row = Observed[sales.Inventory]
		zones := func(i *row) []sales.Zone { return i.Row.Zones }
		seats := func(i *row) []sales.Seat { return i.Row.Seats }
		return []column[row]{
			col("event_id", uint64s, func(i *row) uint64 { return i.Row.EventID }),
			col("capacity", optional(int64s), func(i *row) *int64 { return i.Row.Capacity }),
			col("sold", optional(int64s), func(i *row) *int64 { return i.Row.Sold }),
			col("held", optional(int64s), func(i *row) *int64 { return i.Row.Held }),
			col("free", optional(int64s), func(i *row) *int64 { return i.Row.Free }),
			col("closed", optional(int64s), func(i *row) *int64 { return i.Row.Closed }),
			nested("zones.id", texts, zones, func(z *sales.Zone) string { return z.ID }),
			nested("zones.name", texts, zones, func(z *sales.Zone) string { return z.Name }),
			nested("zones.capacity", optional(int64s), zones, func(z *sales.Zone) *int64 { return z.Capacity }),
			nested("zones.sold", optional(int64s), zones, func(z *sales.Zone) *int64 { return z.Sold }),
			nested("zones.held", optional(int64s), zones, func(z *sales.Zone) *int64 { return z.Held }),
			nested("zones.free", optional(int64s), zones, func(z *sales.Zone) *int64 { return z.Free }),
			nested("zones.closed", optional(int64s), zones, func(z *sales.Zone) *int64 { return z.Closed }),
			nested("zones.min_price", optional(amounts), zones, func(z *sales.Zone) *qtickets.Money { return z.MinPrice }),
			nested("zones.max_price", optional(amounts), zones, func(z *sales.Zone) *qtickets.Money { return z.MaxPrice }),
			nested("zones.possible", optional(amounts), zones, func(z *sales.Zone) *qtickets.Money { return z.GrossPotential }),
			nested("seats.zone", texts, seats, func(s *sales.Seat) string { return s.Zone }),
			nested("seats.row", texts, seats, func(s *sales.Seat) string { return s.Row }),
			nested("seats.place", texts, seats, func(s *sales.Seat) string { return s.Place }),
			nested("seats.state", texts, seats, func(s *sales.Seat) string { return string(s.State) }),
			nested("seats.price", optional(amounts), seats, func(s *sales.Seat) *qtickets.Money { return s.Price }),
			nested("seats.ids", array(texts), seats, func(s *sales.Seat) []string { return s.IDs }),
		}
	},
}

// markSeatsRead records that the seats of these shows were read, changed or not. It comes after the seats themselves:
// while the mark is missing they are read again.
func (db *DB) markSeatsRead(ctx context.Context, rows []Observed[sales.Inventory]) error {
	return db.Write(ctx, "state_inventory_seen", len(rows), func(i int) []Column {
		return []Column{{"show_id", rows[i].Row.ShowID}, {"observed_at", rows[i].At}}
	})
}

// ShowsChanged tells when an order with a ticket of each show was last read with another content than before, as far as
// that was since a moment.
func (db *DB) ShowsChanged(ctx context.Context, since time.Time) (map[uint64]time.Time, error) {
	return db.moments(ctx, "read_shows_changed", clickhouse.Parameters{"since": strconv.FormatUint(version(since), 10)})
}
