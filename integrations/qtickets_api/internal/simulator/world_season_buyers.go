package simulator

import (
	"cmp"
	"math"
	"slices"
)

// lastDays is the part of a show's orders, of 100, that is made with so many days left: most of them in its last week.
var lastDays = []int{23, 11, 8, 7, 6, 5, 4}

// firstDays is that of the first days of a sale.
var firstDays = []int{8, 4}

// seasonHours is how buyers spread over the Moscow day: peaks at noon and in the evening, a quiet night.
var seasonHours = [24]int{10, 5, 3, 2, 2, 3, 7, 15, 30, 45, 60, 70, 85, 80, 65, 60, 60, 65, 75, 80, 85, 80, 55, 30}

// seasonWeekdays is how many of 100 who would buy on a Monday, a Tuesday … do.
var seasonWeekdays = [7]int{90, 100, 100, 100, 95, 80, 80}

// aroundNow is how long before and after now the orders are that come in the first rush of a season.
const (
	aroundNow = 90 * minute
	rush      = 2 * minute
	lastCall  = 10 * minute // before a show, from when on nobody buys
)

// buyer comes to buy tickets of a show. A sure one pays at once and does not change their mind.
type buyer struct {
	at      int64
	show    *show
	tickets int
	sure    bool
}

// inviteBuyers makes the orders of a season come: as many as wanted until now, the others after it.
func (w *World) inviteBuyers(demands []demand, now int64) {
	until := now - aroundNow
	buyers := w.fillHalls(demands, until)
	orders, total := len(buyers), 0.0
	for _, d := range demands {
		total += d.want
	}
	for orders < w.options.Orders {
		pick, i := w.rng.Float64()*total, 0
		for ; pick >= demands[i].want && i < len(demands)-1; i++ {
			pick -= demands[i].want
		}
		b := buyer{at: w.buyingMoment(demands[i].show), show: demands[i].show, tickets: w.seasonBasket()}
		buyers = append(buyers, b)
		if b.at < until {
			orders++
		}
	}
	slices.SortStableFunc(buyers, func(a, b buyer) int { return cmp.Compare(a.at, b.at) })
	hurry(buyers, now)
	for _, b := range buyers {
		w.at(b.at, func() { w.sellTo(b) })
	}
}

// hurry moves the buyers around now, or the next one, into the first minutes after it: nobody waits long to see a sale,
// and the day sells no more than it would.
func hurry(buyers []buyer, now int64) {
	at := func(b buyer, moment int64) int { return cmp.Compare(b.at, moment) }
	from, _ := slices.BinarySearchFunc(buyers, now-aroundNow, at)
	to, _ := slices.BinarySearchFunc(buyers, now+aroundNow, at)
	to = min(max(to, from+1), len(buyers))
	for i := from; i < to; i++ {
		buyers[i].at = now + 10 + int64(i-from)*(rush-10)/int64(to-from)
		buyers[i].sure = true
	}
}

// fillHalls gives some of the shows to come a course of their own by changing their demand: the next two on the small
// stage sell out, all but three places of the second, and one on the big stage in about two weeks is far behind. The
// others sell better than before, so that not every second one ends below what is usual. It returns the buyers of the
// first two, who come before the moment.
func (w *World) fillHalls(demands []demand, until int64) []buyer {
	var buyers []buyer
	var behind *demand
	full := 0
	daysLeft := func(d *demand) int64 { return moscowDayNumber(d.show.start) - moscowDayNumber(until) }
	fromTwoWeeks := func(d *demand) int64 { return max(daysLeft(d)-13, 13-daysLeft(d)) }
	for i := range demands {
		d := &demands[i]
		if daysLeft(d) > 0 {
			d.want *= 1.3
		}
		if daysLeft(d) < 3 || d.show.saleStart > until-3*day {
			continue
		}
		switch d.show.event.placeName {
		case studio:
			if full < 2 {
				buyers = append(buyers, w.lastPlaces(d.show, len(d.show.positions)-3*full, until)...)
				d.want = 0
				full++
			}
		case theatre:
			if behind == nil || fromTwoWeeks(d) < fromTwoWeeks(behind) {
				behind = d
			}
		}
	}
	if behind != nil {
		behind.want *= 0.3
	}
	return buyers
}

// lastPlaces are the buyers of so many places of a show before the moment; of a small season, fewer.
func (w *World) lastPlaces(s *show, places int, until int64) []buyer {
	var buyers []buyer
	for places > 0 && len(buyers) < w.options.Orders/8 {
		b := buyer{at: w.buyingMoment(s), show: s, tickets: min(w.seasonBasket(), places), sure: true}
		if b.at < until {
			buyers = append(buyers, b)
			places -= b.tickets
		}
	}
	return buyers
}

// buyingMoment is when somebody buys a ticket of a show.
func (w *World) buyingMoment(s *show) int64 {
	showDay := moscowDayNumber(s.start)
	onSale := int(showDay - moscowDayNumber(s.saleStart))
	for {
		date := showDay - int64(w.daysBefore(onSale))
		at := date*day - moscowOffset + int64(w.weighted(seasonHours[:]))*hour + w.rng.Int64N(hour)
		weekday := seasonWeekdays[(date+3)%7]
		if at > s.saleStart && at < s.saleFinish-lastCall && w.rng.IntN(100) < weekday {
			return at
		}
	}
}

// daysBefore the show, of a sale that lasts for so many days: at least those of lastDays and firstDays.
func (w *World) daysBefore(onSale int) int {
	pick := w.rng.IntN(100)
	for i, share := range lastDays {
		if pick -= share; pick < 0 {
			return i
		}
	}
	for i, share := range firstDays {
		if pick -= share; pick < 0 {
			return onSale - i
		}
	}
	between := float64(onSale - len(lastDays) - len(firstDays))
	return len(lastDays) + int(between*math.Pow(w.rng.Float64(), 1.5)) // the nearer the show, the more
}

// weighted picks an index, each as often as its weight says.
func (w *World) weighted(weights []int) int {
	total := 0
	for _, n := range weights {
		total += n
	}
	pick := w.rng.IntN(total)
	for i, n := range weights {
		if pick -= n; pick < 0 {
			return i
		}
	}
	return 0
}

// seasonBasket is how many tickets an order has: mostly two.
func (w *World) seasonBasket() int { return 1 + w.weighted([]int{27, 50, 12, 9, 1, 1}) }

// seasonTags are how buyers come, with how many of 100 come so; the others came by themselves.
var seasonTags = []struct {
	share int
	tags  [][2]string
}{
	{54, [][2]string{}},
	{10, [][2]string{{"utm_source", "vk"}, {"utm_medium", "social"}, {"utm_campaign", "repertuar"}}},
	{5, [][2]string{{"utm_source", "vk"}, {"utm_medium", "cpc"}, {"utm_campaign", "afisha"}}},
	{9, [][2]string{{"utm_source", "telegram"}, {"utm_medium", "post"}, {"utm_campaign", "kanal"}}},
	{4, [][2]string{{"utm_source", "telegram"}, {"utm_medium", "post"}, {"utm_campaign", "blogery"}}},
	{7, [][2]string{{"utm_source", "yandex"}, {"utm_medium", "cpc"}, {"utm_campaign", "brand"}}},
	{4, [][2]string{{"utm_source", "yandex"}, {"utm_medium", "cpc"}, {"utm_campaign", "afisha"}}},
	{4, [][2]string{{"utm_source", "email"}, {"utm_medium", "newsletter"}, {"utm_campaign", "digest"}}},
	{3, [][2]string{{"utm_source", "qr"}, {"utm_medium", "poster"}, {"utm_campaign", "foyer"}}},
}

func (w *World) seasonUTM() [][2]string {
	shares := make([]int, len(seasonTags))
	for i, t := range seasonTags {
		shares[i] = t.share
	}
	return seasonTags[w.weighted(shares)].tags
}

// addSeasonCodes makes the discounts of a season with a code each; the first is for invitations.
func (w *World) addSeasonCodes() {
	for i, c := range []struct {
		name, code string
		percent    int64
	}{
		{"Приглашения", "INVITE", 100}, {"Студентам", "STUDENT20", 20}, {"Подписчикам ВКонтакте", "VK10", 10},
		{"Подписчикам Telegram", "TG10", 10}, {"Друзья театра", "FRIENDS15", 15},
	} {
		d := &discount{id: 501 + int64(i)*3, name: c.name, percent: c.percent, active: true,
			createdAt: w.now - 5*day, updatedAt: w.now - 5*day}
		w.discounts = append(w.discounts, d)
		w.promoCodes = append(w.promoCodes, &promoCode{id: 90001 + int64(i), discount: d, code: c.code, active: true,
			createdAt: d.createdAt, updatedAt: d.updatedAt})
	}
	last := w.promoCodes[len(w.promoCodes)-1] // people go on using it
	last.activeTo = w.now + 240*day
}

// sellTo a buyer the show they want or, where it is sold out, the one with most places left.
func (w *World) sellTo(b buyer) {
	order := NewOrder{ShowID: b.show.id, Tickets: b.tickets, UTM: w.seasonUTM()}
	switch w.weighted([]int{3, 13, 84}) {
	case 0:
		order.Free = true
	case 2:
		order.FullPrice = true
	}
	if len(b.show.openPositions) == 0 {
		order.ShowID = w.emptiest()
	}
	o, err := w.createOrder(order)
	if err != nil {
		return
	}
	o.paymentType = []string{"card", "sbp"}[w.weighted([]int{77, 23})]
	switch {
	case b.sure:
		w.in(4+w.rng.Int64N(8), func() { w.payAndCome(o, false) })
	case w.rng.IntN(100) < 88:
		w.in(20+w.rng.Int64N(200), func() { w.payAndCome(o, w.rng.IntN(1000) < 24) })
	}
	// The others never pay, and the reservation expires.
}

// payAndCome pays an order; most of its tickets are used, and where the buyer changes their mind, refunded.
func (w *World) payAndCome(o *order, changesMind bool) {
	if w.pay(o) != nil {
		return
	}
	for _, t := range o.tickets {
		if w.rng.IntN(100) < 93 {
			w.at(w.scanMoment(t), func() { _ = w.scan(t) })
		}
	}
	if left := o.tickets[0].show.start - 2*hour - w.now; changesMind && o.price > 0 && left > 0 {
		w.in(w.rng.Int64N(left), func() { w.refundSome(o, w.rng.IntN(4) > 0) })
	}
}

// emptiest is the show on sale with most places left, 0 without any.
func (w *World) emptiest() int64 {
	var id int64
	most := 0
	for _, e := range w.events {
		for _, s := range e.shows {
			if s.onSale(w.now) && len(s.openPositions) > most {
				id, most = s.id, len(s.openPositions)
			}
		}
	}
	return id
}
