package simulator

import (
	"fmt"
	"math/rand/v2"
)

// A hall is zones of seats as the API shows them, over positions as they stand in the room. One
// position has several seats in a multi-tariff hall, one otherwise (section 10).

type zone struct {
	id, rootID, name string
	seats            []*seat
	price            priceZone
}

type seat struct {
	id, rootID, shortID    string
	row, number            string
	zone                   *zone
	at                     *position
	multipriceCode, tariff string
	ordered, payed         int
}

// position is a physical seat, or a standing area with a quantity.
type position struct {
	seats                         []*seat
	max, ordered, payed, inBasket int
	admission, closed, quota      bool
	openIndex                     int // position in show.openPlaces, -1 when nothing is left
}

func (p *position) free() int { return p.max - p.ordered - p.inBasket }

// hallKind names the shapes of halls a world has.
type hallKind int

const (
	hallNumbered hallKind = iota
	hallStanding
	hallMixed
	hallTariffs
	hallSmall
	hallTheatre
	hallMatinee
	hallStudio
	hallTour
)

// zonePlan describes one zone to build.
type zonePlan struct {
	id, name     string
	price        int64
	rows, perRow int
	standing     int // capacity of a standing zone, 0 for numbered
	tariffs      []string
}

var hallPlans = map[hallKind][]zonePlan{
	hallNumbered: {
		{id: "PARTERRE", name: "Партер", price: 250000, rows: 12, perRow: 20},
		{id: "AMPHI", name: "Амфитеатр", price: 180050, rows: 8, perRow: 18},
		{id: "BALCONY", name: "Балкон", price: 90000, rows: 6, perRow: 16},
	},
	hallStanding: {
		{id: "vzroslyj-bilet-v-budni", name: "Взрослый билет (будни)", price: 49000, standing: 1},
		{id: "detskij-bilet-v-budni", name: "Детский билет (будни)", price: 39000, standing: 1},
		{id: "vzroslyj-bilet-v-vyhodnye", name: "Взрослый билет (выходные)", price: 59000, standing: 1},
		{id: "semejnyj-bilet", name: "Семейный билет", price: 99999, standing: 1},
	},
	hallMixed: {
		{id: "DANCEFLOOR", name: "Танцпол / стоя", price: 150000, standing: 300},
		{id: "VIP", name: "VIP-ложа", price: 500075, rows: 4, perRow: 8},
	},
	hallTariffs: {
		{id: "PARTERRE", name: "Партер", price: 120000, rows: 10, perRow: 12, tariffs: []string{"full", "child"}},
	},
	hallSmall: {
		{id: "floor", name: "Зал", price: 75000, standing: 24},
	},
	hallTheatre: {
		{id: "PARTERRE", name: "Партер", price: 200000, rows: 6, perRow: 14},
		{id: "AMPHI", name: "Амфитеатр", price: 140000, rows: 3, perRow: 14},
		{id: "BALCONY", name: "Балкон", price: 80000, rows: 3, perRow: 12},
	},
	hallMatinee: {
		{id: "PARTERRE", name: "Партер", price: 110000, rows: 6, perRow: 14},
		{id: "AMPHI", name: "Амфитеатр", price: 80000, rows: 3, perRow: 14},
		{id: "BALCONY", name: "Балкон", price: 50000, rows: 3, perRow: 12},
	},
	hallStudio: {
		{id: "HALL", name: "Зал", price: 120000, rows: 5, perRow: 12},
	},
	hallTour: {
		{id: "PARTERRE", name: "Партер", price: 250000, rows: 8, perRow: 14},
		{id: "BELETAGE", name: "Бельэтаж", price: 180000, rows: 4, perRow: 12},
		{id: "BALCONY", name: "Балкон", price: 90000, rows: 4, perRow: 15},
	},
}

// buildHall fills a show with zones and places. Standing capacity of exhibitions is given by the
// caller, because it has to grow with the number of orders a world holds.
func buildHall(s *show, kind hallKind, exhibitionCapacity int, nextPrice func() int64) {
	for i, plan := range hallPlans[kind] {
		tariffs := plan.tariffs
		if len(tariffs) == 0 {
			tariffs = []string{""}
		}
		zones := make([]*zone, len(tariffs))
		for k, tariff := range tariffs {
			zones[k] = newZone(plan, tariff, priceZone{id: nextPrice(), price: plan.price >> k, theme: 1 + (i+k)%15})
			s.zones = append(s.zones, zones[k])
			s.prices = append(s.prices, zones[k].price)
		}
		if plan.standing > 0 {
			capacity := plan.standing
			if kind == hallStanding {
				capacity = exhibitionCapacity
			}
			s.addPosition(zones, tariffs, positionPlan{row: "1", number: "1", capacity: capacity, standing: true})
			continue
		}
		for row := 1; row <= plan.rows; row++ {
			for n := 1; n <= plan.perRow; n++ {
				s.addPosition(zones, tariffs, positionPlan{row: fmt.Sprint(row), number: fmt.Sprint(n), capacity: 1})
			}
		}
	}
	s.scheme = schemeProperties(s)
}

func newZone(plan zonePlan, tariff string, price priceZone) *zone {
	z := &zone{id: plan.id, rootID: plan.id, name: plan.name, price: price}
	if tariff != "" {
		z.id = tariff + "_" + plan.id
	}
	return z
}

// positionPlan describes one position to build.
type positionPlan struct {
	row, number string
	capacity    int
	standing    bool
}

func (s *show) addPosition(zones []*zone, tariffs []string, plan positionPlan) {
	p := &position{max: plan.capacity, admission: plan.standing, openIndex: len(s.openPositions)}
	for i, z := range zones {
		short := plan.row + ";" + plan.number
		st := &seat{
			id: z.id + "-" + short, rootID: z.rootID + "-" + short, shortID: short,
			row: plan.row, number: plan.number, zone: z, at: p, multipriceCode: tariffs[i],
		}
		if tariffs[i] != "" {
			st.tariff = map[string]string{"full": "Полный", "child": "Детский"}[tariffs[i]]
		}
		z.seats = append(z.seats, st)
		p.seats = append(p.seats, st)
	}
	s.positions = append(s.positions, p)
	s.openPositions = append(s.openPositions, p)
}

// hide takes a position out of those on sale; a second time does nothing.
func (s *show) hide(p *position) {
	if p.openIndex < 0 {
		return
	}
	last := s.openPositions[len(s.openPositions)-1]
	s.openPositions[p.openIndex] = last
	last.openIndex = p.openIndex
	s.openPositions = s.openPositions[:len(s.openPositions)-1]
	p.openIndex = -1
}

// updateOpen puts a position on or off sale after its counts have changed.
func (s *show) updateOpen(p *position) {
	switch {
	case p.closed || p.quota || p.free() <= 0:
		s.hide(p)
	case p.openIndex < 0:
		p.openIndex = len(s.openPositions)
		s.openPositions = append(s.openPositions, p)
	}
}

// pick chooses a seat that can be sold now, or nil when the show is sold out. It reserves nothing.
func (s *show) pick(rng *rand.Rand) *seat {
	if len(s.openPositions) == 0 {
		return nil
	}
	p := s.openPositions[rng.IntN(len(s.openPositions))]
	return p.seats[rng.IntN(len(p.seats))]
}

// hold, release and paid keep the counts of a seat and its position.
func (s *show) hold(st *seat) {
	st.ordered++
	st.at.ordered++
	s.updateOpen(st.at)
}

func (s *show) release(st *seat, wasPaid bool) {
	st.ordered--
	st.at.ordered--
	if wasPaid {
		st.payed--
		st.at.payed--
	}
	s.updateOpen(st.at)
}

func (s *show) paid(st *seat) {
	st.payed++
	st.at.payed++
}
