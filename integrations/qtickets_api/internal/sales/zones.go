package sales

import (
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Zone is a part of the hall of one show: the same sums as of the whole hall. A place that several tariffs sell
// belongs to that of their zones whose id comes first.
type Zone struct {
	ID                                 string
	Name                               string // the id where the source gives no name
	Capacity, Sold, Held, Free, Closed *int64
	MinPrice, MaxPrice                 *qtickets.Money // of its seats and tariffs; nil: none has a price
	// GrossPotential is the list price of all its places, each at its dearest tariff; nil: some are unknown.
	// The content hash is made of the JSON, so the name in it stays: a new one would rewrite every stored row.
	GrossPotential *qtickets.Money `json:"Possible"`
}

// zoneSums is a zone while its places are added.
type zoneSums struct {
	Zone
	hall
	potential tally
}

// zonesOf sums the seats of a show by zone, in the order of their ids.
func zonesOf(seats []qtickets.Seat, places map[string]position) []Zone {
	zoneOf, dearest := map[string]string{}, map[string]qtickets.Opt[qtickets.Money]{} // of each place
	for _, s := range seats {
		key := positionKey(s)
		if zone, seen := zoneOf[key]; !seen || s.ZoneID.Value < zone {
			zoneOf[key] = s.ZoneID.Value
		}
		if d := dearest[key]; !d.Valid || s.Price.Valid && s.Price.Value > d.Value {
			dearest[key] = s.Price
		}
	}
	sums := map[string]*zoneSums{}
	for key, p := range places {
		z := sums[zoneOf[key]]
		if z == nil {
			z = &zoneSums{Zone: Zone{ID: zoneOf[key]}}
			sums[z.ID] = z
		}
		z.add(p)
		z.potential.add(worth(p.capacity, dearest[key]))
	}
	for _, s := range seats {
		z := sums[zoneOf[positionKey(s)]]
		z.price(s.Price)
		if s.ZoneID.Value == z.ID {
			z.Name = max(z.Name, zoneName(s))
		}
	}
	zones := make([]Zone, 0, len(sums))
	for _, z := range sums {
		zones = append(zones, z.sum())
	}
	slices.SortFunc(zones, func(a, b Zone) int { return strings.Compare(a.ID, b.ID) })
	return zones
}

func zoneName(s qtickets.Seat) string {
	if s.ZoneName.Value != "" {
		return s.ZoneName.Value
	}
	return s.ZoneID.Value
}

// price widens the range of prices.
func (z *zoneSums) price(p qtickets.Opt[qtickets.Money]) {
	if !p.Valid {
		return
	}
	if z.MinPrice == nil || p.Value < *z.MinPrice {
		z.MinPrice = &p.Value
	}
	if z.MaxPrice == nil || p.Value > *z.MaxPrice {
		z.MaxPrice = &p.Value
	}
}

func (z *zoneSums) sum() Zone {
	z.Capacity, z.Sold, z.Held = z.capacity.sum(), z.sold.sum(), z.held.sum()
	z.Free, z.Closed = z.free.sum(), z.closed.sum()
	if potential := z.potential.sum(); potential != nil {
		money := qtickets.Money(*potential)
		z.GrossPotential = &money
	}
	return z.Zone
}

// worth is what a place brings at its list price; unknown when one of both is, or when it is more than sums can hold.
func worth(capacity qtickets.Opt[int64], price qtickets.Opt[qtickets.Money]) qtickets.Opt[int64] {
	c, p := capacity.Value, int64(price.Value)
	if !capacity.Valid || !price.Valid || c < 0 || p < 0 || (p > 0 && c > mostWorth/p) {
		return qtickets.Opt[int64]{}
	}
	return count(c * p)
}

// mostWorth of one place, in kopecks: 10 000 such places still fit Decimal(18, 2).
const mostWorth = 10_000_000_000_000
