package block

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var _ = define(Block{ID: "hall", Screen: address.Event, Order: 45, OneShow: true}, (*figures.Store).Hall, Builder.hall)

const (
	mostDrawn     = 3000 // seats of a map: above them a browser has too much to draw
	worthOffering = 5    // lonely seats
	namedRows     = 3    // rows with lonely seats that the heading names
)

// lonelyForm is that of a free seat without a free neighbour; the others are called after their states.
const lonelyForm = "lonely"

// hall is a map of the numbered places, and the rows as a table. A show without such places has none.
func (b Builder) hall(v *View, hall figures.Hall) {
	if len(hall.Zones) == 0 {
		v.hidden = true
		return
	}
	count, drawn := map[string]int{}, 0
	var in []string
	var lonely []figures.HallSeat
	v.Table = b.hallTable()
	for _, z := range hall.Zones {
		for _, r := range z.Rows {
			of := rowCounts(r)
			for form, n := range of {
				count[form] += n
				drawn += n
			}
			if of[lonelyForm] > 0 {
				in = append(in, b.hallRow(z, r))
				lonely = append(lonely, lonelyOf(r)...)
			}
			v.Table.Rows = append(v.Table.Rows, b.hallCells(z, r, of))
		}
	}
	free := count[string(sales.SeatFree)] + len(lonely)
	switch {
	case free == 0:
		v.Title = b.T("hall.none")
	case len(lonely) == 0:
		v.Title = b.T("hall.free", free)
	case len(in) <= namedRows:
		v.Title = b.T("hall.lonely_in", free, len(lonely), strings.Join(in, "; "))
	default:
		v.Title = b.T("hall.lonely", free, len(lonely))
	}
	if len(lonely) >= worthOffering && !hall.Over {
		v.Under = b.offer(lonely, hall.Zones[0].Currency)
	}
	seen := b.Moment(*cmp.Or(hall.SeenAt, &b.Now), b.Now)
	if drawn > mostDrawn {
		v.Note = b.T("hall.large", mostDrawn, seen)
		return
	}
	v.Note = b.T("hall.note", seen)
	v.Switch = b.seatLinks()
	v.Hall = b.drawHall(hall, count)
}

// seatLinks choose what the map shows.
func (b Builder) seatLinks() []Link {
	var list []Link
	for _, by := range []address.Seats{address.SeatsByState, address.SeatsByPrice, address.SeatsByWhen} {
		if b.Params.Scope.Shared || by == address.SeatsByPrice && b.Params.Scope.NoMoney {
			continue
		}
		list = append(list, Link{Text: b.T("hall.by." + string(by)), Current: by == b.seats(),
			Href: b.Params.With(func(a *address.Params) { a.Seats = by })})
	}
	return list
}

func (b Builder) seats() address.Seats { return cmp.Or(b.Params.Seats, address.SeatsByState) }

func (b Builder) hallTable() *format.Table {
	t := &format.Table{Limit: 100, Columns: []format.Column{{Name: b.T("column.row"), Plain: true},
		{Name: b.T("column.left")}, {Name: b.T("column.lonely")},
		{Name: b.T("column.lonely_places"), Plain: true, Extra: true},
		{Name: b.T("column.sold")}, {Name: b.T("column.held"), Less: true}, {Name: b.T("column.closed"), Less: true}}}
	t.Columns = b.moneyColumn(b.moneyColumn(t.Columns, b.T("column.min_price")), b.T("column.max_price"))
	return t
}

func (b Builder) hallCells(z figures.HallZone, r figures.HallRow, of map[string]int) format.Row {
	var least, most *decimal.Decimal
	for _, s := range r.Seats {
		if s.Price != nil && (least == nil || s.Price.LessThan(*least)) {
			least = s.Price
		}
		if s.Price != nil && (most == nil || s.Price.GreaterThan(*most)) {
			most = s.Price
		}
	}
	places := places(lonelyOf(r))
	cells := []format.Cell{format.Name(b.hallRow(z, r)), format.Count(of[string(sales.SeatFree)] + of[lonelyForm]),
		format.Count(of[lonelyForm]).WithSubtext(places), format.Name(places), format.Count(of[string(sales.SeatSold)]),
		format.Count(of[string(sales.SeatHeld)]), format.Count(of[string(sales.SeatClosed)])}
	cells = b.moneyCell(b.moneyCell(cells, format.MaybeMoney(least, z.Currency)), format.MaybeMoney(most, z.Currency))
	return format.Row{Cells: cells}
}

// hallRow names a row.
func (b Builder) hallRow(z figures.HallZone, r figures.HallRow) string {
	return b.T("hall.row", format.Sanitize(z.Name), format.Sanitize(r.Name))
}

// offer says what could be done with the lonely seats.
func (b Builder) offer(lonely []figures.HallSeat, currency string) string {
	worth := decimal.Zero
	for _, s := range lonely {
		if s.Price == nil {
			return b.T("hall.offer", len(lonely))
		}
		worth = worth.Add(*s.Price)
	}
	return b.T("hall.offer_worth", len(lonely), b.MoneyRounded(worth, currency))
}

// formOf a seat by its state.
func formOf(s figures.HallSeat) string {
	if s.Lonely {
		return lonelyForm
	}
	return string(s.State)
}

func rowCounts(r figures.HallRow) map[string]int {
	of := map[string]int{}
	for _, s := range r.Seats {
		of[formOf(s)]++
	}
	return of
}

func lonelyOf(r figures.HallRow) []figures.HallSeat {
	return slices.DeleteFunc(slices.Clone(r.Seats), func(s figures.HallSeat) bool { return !s.Lonely })
}

// places are the numbers of seats as people wrote them.
func places(seats []figures.HallSeat) string {
	var list []string
	for _, s := range seats {
		list = append(list, format.Sanitize(s.Place))
	}
	return strings.Join(list, ", ")
}
