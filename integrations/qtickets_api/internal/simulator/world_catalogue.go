package simulator

import "fmt"

// city is a venue's city with its fixed offset from UTC in hours.
type city struct {
	id         int64
	name, zone string
	hours      int64
	lat, lon   string
}

var (
	moscow      = city{1, "Москва", "Europe/Moscow", 3, "55.755864", "37.617698"}
	novosibirsk = city{19, "Новосибирск", "Asia/Novosibirsk", 7, "55.03", "82.92"}
	vladivostok = city{31, "Владивосток", "Asia/Vladivostok", 10, "43.1", "131.9"}
	kaliningrad = city{40, "Калининград", "Europe/Kaliningrad", 2, "54.7", "20.5"}
	tomsk       = city{24, "Томск", "Asia/Krasnoyarsk", 7, "56.5", "85.0"}
)

// eventKind is a pattern an event of the catalogue is made from. Days count from the world's starting moment.
type eventKind struct {
	name       string
	city       city
	hall       hallKind
	exhibition bool
	showDays   []int // start day of each show; an exhibition lasts from the first to the second
	hour       int64 // local hour of the start
	weight     int
	currency   string
	season     bool
	free       bool
	inactive   bool
	deleted    bool
	soldOut    bool // one more, small show that the first buyers empty
}

// eventKinds are the ten kinds of events: running, finished, future, deleted and inactive ones in five zones.
var eventKinds = []eventKind{
	{name: "Интерактивная выставка «Кубики»", city: novosibirsk, hall: hallStanding, exhibition: true,
		showDays: []int{-90, 60}, weight: 50},
	{name: "Вишнёвый сад", city: moscow, hall: hallNumbered, showDays: []int{-20, 3, 24}, hour: 19, weight: 16},
	{name: "Концерт у моря", city: vladivostok, hall: hallMixed, showDays: []int{-8, 12}, hour: 20, weight: 10,
		soldOut: true},
	{name: "Абонемент «Четыре вечера»", city: kaliningrad, hall: hallTariffs, showDays: []int{-30, 5, 15, 25}, hour: 18,
		weight: 8, season: true},
	{name: "Ледовая сказка", city: tomsk, hall: hallNumbered, showDays: []int{-60, -45}, hour: 11, weight: 12},
	{name: "Отменённый фестиваль", city: moscow, hall: hallSmall, showDays: []int{-25}, hour: 12, weight: 2,
		deleted: true},
	{name: "Ещё не объявлено", city: moscow, hall: hallNumbered, showDays: []int{50}, hour: 19, weight: 0, inactive: true},
	{name: "Фестиваль короткого метра", city: moscow, hall: hallMixed, showDays: []int{-2, 0, 1, 2, 8}, hour: 0,
		weight: 12},
	{name: "Гастроли / Алматы", city: novosibirsk, hall: hallMixed, showDays: []int{-10, 20}, hour: 19, weight: 3,
		currency: "KZT"},
	{name: "Открытая лекция", city: kaliningrad, hall: hallMixed, showDays: []int{-15, 7, 9}, hour: 17, weight: 5,
		free: true},
}

// addCatalogueEvent makes the i-th event as it stands for a world whose clock will start at origin.
func (w *World) addCatalogueEvent(i int, origin int64) {
	kind := eventKinds[i%len(eventKinds)]
	if kind.currency == "" || w.options.SingleCurrency {
		kind.currency = "RUB"
	}
	if i >= len(eventKinds) {
		kind.name = fmt.Sprintf("%s, часть %d", kind.name, i/len(eventKinds)+1)
	}
	e := w.newEvent(kind.name, kind.city, kind.currency, w.now-10*day)
	e.weight, e.season, e.free, e.active = kind.weight, kind.season, kind.free, !kind.inactive
	e.onSaleFrom = w.now
	capacity := w.options.Orders*2 + 5000
	if kind.exhibition {
		w.addExhibition(e, kind, origin, capacity)
	} else {
		for _, days := range kind.showDays {
			w.addShow(e, kind.hall, localMoment(origin, days, kind.hour, kind.city), 2*hour+30*minute)
		}
	}
	if kind.soldOut {
		w.addShow(e, hallSmall, localMoment(origin, 14, 21, kind.city), 2*hour)
	}
	w.withdrawSeats(e)
	if kind.deleted {
		w.at(origin-30*day, func() { w.deleteEvent(e) })
	}
}

// localMoment is an hour of the venue's calendar day that lies days after the origin.
func localMoment(origin int64, days int, localHour int64, c city) int64 {
	local := origin + c.hours*hour
	midnight := local - local%day
	return midnight + int64(days)*day + localHour*hour - c.hours*hour
}

func (w *World) newEvent(name string, c city, currency string, createdAt int64) *event {
	id := w.nextID(&w.ids.event, 40)
	e := &event{
		id: id, name: name, city: c, currency: currency, active: true, createdAt: createdAt, updatedAt: createdAt,
		placeName: "ДК «Пример»", site: "https://example.test/", slug: fmt.Sprintf("event-%d", id), weight: 5,
	}
	w.events = append(w.events, e)
	w.eventByID[e.id] = e
	return e
}

func (w *World) newShow(e *event, start, finish int64) *show {
	s := &show{
		id: w.nextID(&w.ids.show, 30), event: e, active: true, start: start, finish: finish, open: start - hour,
		saleFinish: start, createdAt: e.createdAt, updatedAt: e.createdAt,
	}
	s.pricesHidden = s.id%9 < 2 // 9 of 40 in the captures
	e.shows = append(e.shows, s)
	w.showByID[s.id] = s
	return s
}

func (w *World) addShow(e *event, hall hallKind, start, length int64) *show {
	s := w.newShow(e, start, start+length)
	buildHall(s, hall, 0, w.nextPrice)
	return s
}

// addExhibition makes one "show" of several weeks that opens at local midnight, which in
// Moscow time is an evening of the day before (section 15).
func (w *World) addExhibition(e *event, kind eventKind, origin int64, capacity int) {
	first := localMoment(origin, max(kind.showDays[0], -w.options.HistoryDays), 0, kind.city)
	last := localMoment(origin, kind.showDays[1], 0, kind.city) - 5*minute
	s := w.newShow(e, first, last)
	s.open, s.saleFinish, s.exhibition = first, last, true
	buildHall(s, hallStanding, capacity, w.nextPrice)
}

// withdrawSeats closes a few numbered seats of each show and gives a few to a quota.
func (w *World) withdrawSeats(e *event) {
	for _, s := range e.shows {
		for i, p := range s.positions {
			switch {
			case p.admission:
			case i%23 == 5:
				p.closed = true
				s.hide(p)
			case i%31 == 7:
				p.quota = true
				s.hide(p)
			}
		}
		s.scheme = schemeProperties(s)
	}
}

// deleteEvent marks an event deleted; it stays in the lists (section 9), and its orders stay as they are.
func (w *World) deleteEvent(e *event) {
	e.active = false
	e.deletedAt, e.updatedAt = w.now, w.now
}

func (s *show) onSale(now int64) bool {
	return s.active && s.deletedAt == 0 && s.saleStart <= now && now < s.saleFinish
}

func (w *World) nextPrice() int64 {
	w.ids.price++
	return w.ids.price
}
