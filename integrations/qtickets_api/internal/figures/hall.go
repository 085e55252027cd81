package figures

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Hall is the numbered places of a show; standing areas are in Zones alone.
type Hall struct {
	Zones  []HallZone // the dearest first; empty: no place has a row and a number
	SeenAt *time.Time // when the seats were read; nil: never
	Over   bool       // the day of the show is past
}

// HallZone is a part of the hall that has rows.
type HallZone struct {
	Name     string
	Currency string `money:"yes"`
	Rows     []HallRow
}

// HallRow is one row, its seats in the order of their numbers.
type HallRow struct {
	Name  string
	Seats []HallSeat
}

// HallSeat is one place.
type HallSeat struct {
	Place    string
	State    sales.SeatState
	Gap      bool             // numbers are missing between the place before and this one
	Lonely   bool             // free, and no neighbour is: two people cannot sit there together
	Price    *decimal.Decimal `money:"yes"` // of its dearest tariff; nil: unknown
	DaysLeft *int32           // of a sold one, when it was sold; nil: unknown
}

// Hall are the places of Filter.Show.
func (s *Store) Hall(ctx context.Context, f Filter) (Hall, error) {
	var h Hall
	again, err := s.seatsRead(ctx, f.Version)
	if err != nil {
		return h, err
	}
	sold, err := s.seatsSold(ctx, f)
	if err != nil {
		return h, err
	}
	err = s.read(ctx, "hall", f.parameters(), func(scan func(...any) error) error {
		var zone HallZone
		var rows, places, states []string
		var prices []*decimal.Decimal
		var ids [][]string
		var day *time.Time
		var seen time.Time
		if err := scan(&day, &zone.Name, &zone.Currency, &rows, &places, &states, &prices, &ids, &seen); err != nil {
			return err
		}
		byName := map[string][]HallSeat{}
		for i, row := range rows {
			seat := HallSeat{Place: places[i], State: sales.SeatState(states[i]), Price: prices[i]}
			if seat.State == sales.SeatSold && day != nil {
				seat.DaysLeft = soldBefore(*day, ids[i], sold)
			}
			byName[row] = append(byName[row], seat)
		}
		for name, seats := range byName {
			zone.Rows = append(zone.Rows, HallRow{Name: name, Seats: inRow(seats)})
		}
		slices.SortFunc(zone.Rows, func(a, b HallRow) int { return byNumber(a.Name, b.Name) })
		seen = later(seen, again[f.Show])
		h.Zones, h.SeenAt = append(h.Zones, zone), &seen
		h.Over = day != nil && day.Format(time.DateOnly) < f.Version.AsOf.In(sales.Moscow).Format(time.DateOnly)
		return nil
	})
	return h, err
}

// seatsSold are the days on which the seats of Filter.Show were sold, by their ids.
func (s *Store) seatsSold(ctx context.Context, f Filter) (map[string]time.Time, error) {
	days := map[string]time.Time{}
	err := s.read(ctx, "seats_sold", f.parameters(), func(scan func(...any) error) error {
		var id string
		var day time.Time
		err := scan(&id, &day)
		days[id] = day
		return err
	})
	return days, err
}

// soldBefore is how many days before the day of a show a seat was sold, under one of its ids; nil: unknown.
func soldBefore(show time.Time, ids []string, sold map[string]time.Time) *int32 {
	var last time.Time
	for _, id := range ids {
		last = later(last, sold[id])
	}
	if last.IsZero() {
		return nil
	}
	return new(max(0, int32(show.Sub(last)/(24*time.Hour))))
}

// inRow puts seats of one row in order and finds the gaps and the lonely ones. Places stand side by side where their
// numbers follow each other: nothing else says where an aisle is.
func inRow(seats []HallSeat) []HallSeat {
	slices.SortFunc(seats, func(a, b HallSeat) int { return byNumber(a.Place, b.Place) })
	beside, freeBeside := make([]bool, len(seats)), make([]bool, len(seats))
	for i := 1; i < len(seats); i++ {
		left, err := strconv.Atoi(seats[i-1].Place)
		right, wrong := strconv.Atoi(seats[i].Place)
		if err != nil || wrong != nil {
			continue
		}
		if seats[i].Gap = right > left+1; seats[i].Gap {
			continue
		}
		beside[i-1], beside[i] = true, true
		freeBeside[i] = freeBeside[i] || seats[i-1].State == sales.SeatFree
		freeBeside[i-1] = freeBeside[i-1] || seats[i].State == sales.SeatFree
	}
	for i := range seats {
		seats[i].Lonely = seats[i].State == sales.SeatFree && beside[i] && !freeBeside[i]
	}
	return seats
}

// byNumber orders numbers by their value, before names that are none.
func byNumber(a, b string) int {
	x, err := strconv.Atoi(a)
	y, wrong := strconv.Atoi(b)
	switch {
	case err == nil && wrong == nil:
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	case err == nil:
		return -1
	case wrong == nil:
		return 1
	}
	return cmp.Compare(a, b)
}
