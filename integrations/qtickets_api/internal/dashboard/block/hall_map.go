package block

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// HallView is the map of a hall as one SVG, in its units: a seat is 10 wide and stands 13 from the next one.
type HallView struct {
	Mode                                address.Seats
	Label                               string
	Stage, StageLine                    string
	Width, Units, Height, Middle, Right int // Width in pixels of the screen
	Zones                               []HallZoneView
	Legend                              []HallPath
	Open                                *Link // on a phone instead of the map; nil: the map was asked for
}

// HallZoneView is a zone of the map.
type HallZoneView struct {
	Name string
	Y    int
	Rows []HallRowView
}

// HallRowView is a row of the map: one path for all seats of a form.
type HallRowView struct {
	Name, Says string
	Y          int
	Paths      []HallPath
}

// HallPath draws seats of one form; in the legend it is one seat with its meaning.
type HallPath struct{ Form, D, Text string }

const (
	seatStep   = 13 // from one seat to the next
	rowMargin  = 28 // for the number of the row, on both sides
	leastUnits = 200
)

// The outlines of a seat of 10 by 10 from its upper left corner: forms that are told apart without colour.
var seatForms = map[string]string{
	string(sales.SeatSold):    "h10v10h-10z",
	string(sales.SeatHeld):    "m0 5h10v5h-10z",
	string(sales.SeatFree):    "m.75 .75h8.5v8.5h-8.5z",
	string(sales.SeatClosed):  "m2 2l6 6m0 -6l-6 6",
	string(sales.SeatUnknown): "m3 5h4",
	lonelyForm:                "h10v10h-10zm1.5 1.5v7h7v-7zm2.25 2.25h2.5v2.5h-2.5z",
}

// stateForms in the order of the legend.
var stateForms = []string{string(sales.SeatSold), string(sales.SeatHeld), string(sales.SeatFree), lonelyForm,
	string(sales.SeatClosed), string(sales.SeatUnknown)}

// shades of price and of time are called step1 to step5, from the faintest.
const shades = 5

// restForm is that of seats of which the map has nothing to say.
const restForm = "rest"

// soldSteps are the least days before the show of each shade, the last one of the darkest.
var soldSteps = [shades]int{0, 1, 4, 8, 31}

func shade(n int) string { return "step" + strconv.Itoa(n) }

// outline of a form: shades and what has none are squares.
func outline(form string) string {
	if own, found := seatForms[form]; found {
		return own
	}
	if form == restForm {
		return seatForms[string(sales.SeatFree)]
	}
	return seatForms[string(sales.SeatSold)]
}

// drawHall draws the hall, the dearest zone next to the stage. count is how many seats there are of each form.
func (b Builder) drawHall(hall figures.Hall, count map[string]int) *HallView {
	form, legend := b.seatLook(hall, count)
	widest := 0
	for _, z := range hall.Zones {
		for _, r := range z.Rows {
			widest = max(widest, rowWidth(r))
		}
	}
	v := &HallView{Mode: b.seats(), Label: b.T("hall.title"), Stage: b.T("hall.stage"), Legend: legend,
		Units: max(leastUnits, widest+2*rowMargin)}
	v.Width, v.Middle, v.Right = v.Units*3/2, v.Units/2, v.Units-22
	v.StageLine = fmt.Sprintf("M%d 4H%d", v.Units/4, v.Units*3/4)
	if b.Params.Seats == "" {
		v.Open = &Link{Text: b.T("hall.open"),
			Href: b.Params.With(func(a *address.Params) { a.Seats = address.SeatsByState }) + "#h-hall"}
	}
	y := 24
	for _, z := range hall.Zones {
		zone := HallZoneView{Name: format.Sanitize(z.Name), Y: y + 10}
		y += 16
		for _, r := range z.Rows {
			row := HallRowView{Name: shortened(format.Sanitize(r.Name)), Says: b.rowSays(z, r), Y: y + 8}
			row.Paths = rowPaths(r, (v.Units-rowWidth(r))/2, y, form)
			zone.Rows = append(zone.Rows, row)
			y += seatStep
		}
		v.Zones = append(v.Zones, zone)
		y += 6
	}
	v.Height = y
	return v
}

// shortened is a name of a row with room beside it.
func shortened(name string) string {
	if letters := []rune(name); len(letters) > 4 {
		return string(letters[:3]) + "…"
	}
	return name
}

// rowWidth is that of a row whose gaps are one seat wide.
func rowWidth(r figures.HallRow) int {
	n := len(r.Seats)
	for _, s := range r.Seats {
		if s.Gap {
			n++
		}
	}
	return n*seatStep - 3
}

// rowPaths are the seats of a row from a corner, one path for each form.
func rowPaths(r figures.HallRow, x, y int, form func(figures.HallSeat) string) []HallPath {
	var list []HallPath
	for _, s := range r.Seats {
		if s.Gap {
			x += seatStep
		}
		f := form(s)
		i := slices.IndexFunc(list, func(p HallPath) bool { return p.Form == f })
		if i < 0 {
			i = len(list)
			list = append(list, HallPath{Form: f})
		}
		list[i].D += fmt.Sprintf("M%d %d%s", x, y, outline(f))
		x += seatStep
	}
	return list
}

// rowSays is a row in words.
func (b Builder) rowSays(z figures.HallZone, r figures.HallRow) string {
	name := b.hallRow(z, r)
	free := slices.DeleteFunc(slices.Clone(r.Seats), func(s figures.HallSeat) bool { return s.State != sales.SeatFree })
	lonely := lonelyOf(r)
	switch {
	case len(free) == 0:
		return b.T("hall.says_none", name)
	case len(lonely) == 0:
		return b.T("hall.says_free", name, places(free))
	default:
		return b.T("hall.says_lonely", name, places(free), places(lonely))
	}
}

// seatLook is the form of each seat, and what the forms mean.
func (b Builder) seatLook(hall figures.Hall, count map[string]int) (func(figures.HallSeat) string, []HallPath) {
	switch b.seats() {
	case address.SeatsByPrice:
		return b.priceLook(hall)
	case address.SeatsByWhen:
		return b.whenLook()
	}
	var legend []HallPath
	for _, form := range stateForms {
		if count[form] > 0 {
			legend = append(legend, key(form, b.T("hall.state."+form, count[form])))
		}
	}
	return formOf, legend
}

// key is an entry of the legend.
func key(form, text string) HallPath {
	return HallPath{Form: form, D: "M0 0" + outline(form), Text: text}
}

// priceLook shades seats by price, the dearest darkest: equally many prices in every shade.
func (b Builder) priceLook(hall figures.Hall) (func(figures.HallSeat) string, []HallPath) {
	var prices []decimal.Decimal
	unknown := false
	for _, z := range hall.Zones {
		for _, r := range z.Rows {
			for _, s := range r.Seats {
				if s.Price == nil {
					unknown = true
				} else if at, found := slices.BinarySearchFunc(prices, *s.Price, decimal.Decimal.Cmp); !found {
					prices = slices.Insert(prices, at, *s.Price)
				}
			}
		}
	}
	used := min(shades, len(prices))
	step := func(rank int) int { return shades - used + 1 + rank*used/len(prices) }
	var legend []HallPath
	currency := hall.Zones[0].Currency
	for from := 0; from < len(prices); {
		to := from
		for to+1 < len(prices) && step(to+1) == step(from) {
			to++
		}
		text := b.MoneyRounded(prices[from], currency)
		if to > from {
			text += " – " + b.MoneyRounded(prices[to], currency)
		}
		legend = append(legend, key(shade(step(from)), text))
		from = to + 1
	}
	if unknown {
		legend = append(legend, key(restForm, b.T("hall.no_price")))
	}
	return func(s figures.HallSeat) string {
		if s.Price == nil {
			return restForm
		}
		rank, _ := slices.BinarySearchFunc(prices, *s.Price, decimal.Decimal.Cmp)
		return shade(step(rank))
	}, legend
}

// whenLook shades sold seats by how long before the show they were sold, the earliest darkest.
func (b Builder) whenLook() (func(figures.HallSeat) string, []HallPath) {
	var legend []HallPath
	for i, from := range slices.Backward(soldSteps[:]) {
		step := figures.LeadStep{From: from}
		if i+1 < shades {
			step.To = new(soldSteps[i+1] - 1)
		}
		legend = append(legend, key(shade(i+1), b.leadName(step)))
	}
	legend = append(legend, key(restForm, b.T("hall.rest")))
	return func(s figures.HallSeat) string {
		if s.DaysLeft == nil {
			return restForm
		}
		n, exact := slices.BinarySearch(soldSteps[:], int(*s.DaysLeft))
		if exact {
			n++
		}
		return shade(n)
	}, legend
}
