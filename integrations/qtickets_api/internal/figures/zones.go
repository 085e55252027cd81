package figures

import (
	"context"
	"time"

	"github.com/shopspring/decimal"
)

// Zones are the parts of a show's hall.
type Zones struct {
	Zones  []Zone
	SeenAt *time.Time // when the seats were read; nil: never, Zones is empty
}

// Zone is one part of the hall; a place sold by several tariffs counts once.
type Zone struct {
	Name                               string
	Capacity, Sold, Held, Free, Closed *int64           // nil: unknown
	Fill                               *decimal.Decimal `money:"no"` // Sold ÷ (Capacity − Closed)
	MinPrice, MaxPrice                 *decimal.Decimal `money:"yes"`
	GrossPotential                     *decimal.Decimal `money:"yes"` // list price of all its places
	Currency                           string           `money:"yes"`
}

// Zones are the parts of the hall of Filter.Show.
func (s *Store) Zones(ctx context.Context, f Filter) (Zones, error) {
	var z Zones
	again, err := s.seatsRead(ctx, f.Version)
	if err != nil {
		return z, err
	}
	err = s.read(ctx, "zones", f.parameters(), func(scan func(...any) error) error {
		var one Zone
		var seen time.Time
		err := scan(&one.Name, &one.Currency, &one.Capacity, &one.Sold, &one.Held, &one.Free, &one.Closed, &one.MinPrice,
			&one.MaxPrice, &one.GrossPotential, &seen)
		if one.Sold != nil && one.Capacity != nil && one.Closed != nil && *one.Capacity > *one.Closed {
			fill := decimal.NewFromInt(*one.Sold).DivRound(decimal.NewFromInt(*one.Capacity-*one.Closed), ratioDigits)
			one.Fill = &fill
		}
		seen = later(seen, again[f.Show])
		z.Zones, z.SeenAt = append(z.Zones, one), &seen
		return err
	})
	return z, err
}
