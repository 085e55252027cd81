package simulator

import (
	"math"
	"time"
)

// A season is a box office that looks like a real one: what a stranger is shown. The world of NewWorld is for tests and
// holds what goes wrong.

const (
	seasonDays = 330
	onSaleDays = 42   // at least, from the first day of a sale to the show
	weeklyShow = 2150 // orders of a season for each show a week
	saleOpens  = 12   // o'clock in Moscow, on Tuesdays
)

var (
	petersburg    = city{2, "Санкт-Петербург", "Europe/Moscow", 3, "59.94", "30.31"}
	yekaterinburg = city{5, "Екатеринбург", "Asia/Yekaterinburg", 5, "56.84", "60.60"}
)

// production is an event of the repertoire.
type production struct {
	name, place string
	city        city
	hall        hallKind
	fill        float64 // share of the hall that usually wants to come
}

const (
	theatre = "Театр «Северный двор»"
	studio  = "«Северный двор», малая сцена"
)

var repertoire = []production{
	{"Письма с маяка", theatre, moscow, hallTheatre, 0.72},
	{"Тихие соседи", theatre, moscow, hallTheatre, 0.58},
	{"Сказка о медном коте", theatre, moscow, hallMatinee, 0.68},
	{"Камерный вечер", studio, moscow, hallStudio, 0.82},
	{"Истории на крыше", studio, moscow, hallStudio, 0.74},
	{"Письма с маяка. Гастроли", "ДК «Пристань»", petersburg, hallTour, 0.56},
	{"Тихие соседи. Гастроли", "Зал «Горный»", yekaterinburg, hallTour, 0.5},
}

var premiere = production{"Ночной поезд. Премьера", "Сцена «Депо»", moscow, hallTheatre, 0.9}

// slots are where and when the theatre plays, show after show: a production, a day of the week from Monday, an hour.
var slots = []struct {
	production int
	weekday    int64
	hour       int64
}{
	{0, 5, 19}, {3, 2, 20}, {2, 6, 13}, {1, 4, 19}, {5, 5, 19}, {4, 3, 20},
	{0, 4, 19}, {3, 6, 18}, {2, 5, 12}, {1, 6, 18}, {6, 4, 19}, {4, 1, 20},
}

// demand is how many orders a show of a season gets until it begins, in proportion to the others.
type demand struct {
	show *show
	want float64
}

// NewSeason makes the box office of a small theatre: eleven months of repertoire with the rhythm of days and weeks,
// most tickets sold in the week of the show. Of the shows to come one is sold out, one nearly, one far behind its usual
// course, and a premiere has just gone on sale. Of the options Seed, Orders, Now, Account and Refunds count; with fewer
// than about 1500 orders there are too few shows for forecasts.
//
// The orders of the hours around Now come in the first two minutes of the world's clock, one at least, so that a
// demonstration moves at once and no day sells more than it would. Those after that come at their hour.
func NewSeason(o WorldOptions) *World {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	w := emptyWorld(o)
	now := w.now
	w.now -= seasonDays * day
	w.addSeasonCodes()
	w.inviteBuyers(w.addRepertoire(now), now)
	w.advanceTo(now)
	return w
}

// addRepertoire makes the shows that went on sale between the world's clock and now.
func (w *World) addRepertoire(now int64) []demand {
	events := make([]*event, len(repertoire))
	for i, p := range repertoire {
		events[i] = w.addProduction(p, w.now-10*day)
	}
	aWeek := max(float64(w.options.Orders)/weeklyShow, 0.25)
	var demands []demand
	for k := int(math.Ceil(float64(week(w.now)) * aWeek)); float64(k) < float64(week(now)+8)*aWeek; k++ {
		slot := slots[k%len(slots)]
		p := repertoire[slot.production]
		monday := 7*int64(float64(k)/aWeek) - 3
		start := (monday+slot.weekday)*day + (slot.hour-p.city.hours)*hour
		if opens := saleOpening(start); opens > w.now && opens < now {
			s := w.addSeasonShow(events[slot.production], p.hall, start, opens)
			demands = append(demands, demand{s, w.wanted(s, p.fill)})
		}
	}
	yesterday := moscowDayNumber(now) - 1
	e := w.addProduction(premiere, (yesterday-10)*day)
	for _, evening := range []int64{week(now)*7 + 36, week(now)*7 + 37} { // a Friday and a Saturday in five weeks
		s := w.addSeasonShow(e, premiere.hall, evening*day+(19-premiere.city.hours)*hour,
			yesterday*day+saleOpens*hour-moscowOffset)
		demands = append(demands, demand{s, w.wanted(s, premiere.fill)})
	}
	return demands
}

// moscowDayNumber and week count from 1970-01-01, a Thursday; weeks begin on Mondays.
func moscowDayNumber(moment int64) int64 { return (moment + moscowOffset) / day }

func week(moment int64) int64 { return (moscowDayNumber(moment) + 3) / 7 }

// saleOpening is the noon of the last Tuesday that leaves onSaleDays.
func saleOpening(start int64) int64 {
	latest := moscowDayNumber(start) - onSaleDays
	tuesday := latest - (latest+2)%7
	return tuesday*day + saleOpens*hour - moscowOffset
}

func (w *World) addProduction(p production, createdAt int64) *event {
	e := w.newEvent(p.name, p.city, "RUB", createdAt)
	e.placeName, e.onSaleFrom = p.place, createdAt
	return e
}

func (w *World) addSeasonShow(e *event, hall hallKind, start, opens int64) *show {
	s := w.newShow(e, start, start+2*hour)
	s.saleStart, s.createdAt, s.updatedAt = opens, opens-5*day, opens-5*day
	buildHall(s, hall, 0, w.nextPrice)
	return s
}

// wanted is the demand for a show of a production that usually fills so much of its hall.
func (w *World) wanted(s *show, fill float64) float64 {
	return float64(len(s.positions)) * fill * math.Exp(0.2*w.rng.NormFloat64())
}
