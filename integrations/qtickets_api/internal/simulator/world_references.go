package simulator

import "fmt"

// discount and promoCode are the reference lists of section 12. The depth of a discount is not told
// by the API; it has to be read off the orders.
type discount struct {
	id                              int64
	name                            string
	percent                         int64
	active                          bool
	events                          []*event
	shows                           []*show
	createdAt, updatedAt, deletedAt int64
}

type promoCode struct {
	id                              int64
	discount                        *discount
	code                            string
	maxUses                         int
	active                          bool
	activeTo                        int64 // 0: without end. QTickets is not known to hold buyers to it, nor is this
	createdAt, updatedAt, deletedAt int64
}

var discountPercents = []int64{100, 10, 20, 99, 100, 30, 15, 5, 50, 100, 25, 20}

// addReferences makes discounts and their codes: not unique, some deleted, listed by discount.
func (w *World) addReferences() {
	nextCode := int64(90000)
	for i, percent := range discountPercents {
		d := &discount{
			id: 501 + int64(i)*3, name: fmt.Sprintf("Скидка %d", i+1), percent: percent, active: i%5 != 4,
			createdAt: w.now - 5*day, updatedAt: w.now - 5*day,
		}
		if i%5 == 4 {
			d.deletedAt, d.updatedAt = w.now-day, w.now-day
		}
		w.discounts = append(w.discounts, d)
		for k := range 6 {
			// Codes of later discounts get lower ids now and then, so the list is not in order of id.
			nextCode++
			p := &promoCode{
				id: nextCode + int64((i%3)*1000), discount: d, code: fmt.Sprintf("CODE%d", (i*6+k)%60),
				maxUses: k % 2, active: d.active, createdAt: d.createdAt, updatedAt: d.updatedAt, deletedAt: d.deletedAt,
			}
			if k%3 == 1 {
				p.activeTo = w.now + int64(w.options.HistoryDays)*day/2
			}
			w.promoCodes = append(w.promoCodes, p)
		}
	}
}

// pickPromo finds a code of a discount that is, or is not, the whole price.
func (w *World) pickPromo(free bool) *promoCode {
	for {
		p := w.promoCodes[w.rng.IntN(len(w.promoCodes))]
		if (p.discount.percent == 100) == free && p.deletedAt == 0 {
			return p
		}
	}
}

// discountOn is the money off one ticket: whole roubles (section 7.3), except that 100 % is all of it.
func discountOn(price int64, p *promoCode) int64 {
	if p == nil {
		return 0
	}
	if p.discount.percent == 100 {
		return price
	}
	return min(price, (price*p.discount.percent+5000)/10000*100)
}

// colorThemes is the fixed list of section 12, not in order of id.
var colorThemes = []struct {
	id    int
	color string
}{
	{1, "#e84c3d"}, {2, "#f39c11"}, {4, "#2dcc70"}, {3, "#f1c40f"}, {5, "#1bbc9b"}, {6, "#3598db"}, {8, "#34495e"},
	{7, "#9c59b8"},
	{9, "#95a5a5"}, {10, "#d25400"}, {12, "#27ae61"}, {11, "#c1392b"}, {13, "#2a80b9"}, {15, "#2d3e50"}, {14, "#8f44ad"},
}

// limitDiscounts limits some discounts to events or shows in the list; what an empty list means is not
// documented, and orders here do not obey it.
func (w *World) limitDiscounts() {
	for i, d := range w.discounts {
		if e := w.events[i%len(w.events)]; i%3 == 1 {
			d.events = []*event{e}
		} else if i%3 == 2 && len(e.shows) > 0 {
			d.shows = e.shows[:1]
		}
	}
}
