package block

import (
	"fmt"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

var _ = define(Block{ID: "heat", Screen: address.Channels, Order: 40, Half: true}, (*figures.Store).Heat, Builder.heat)

func (b Builder) heat(v *View, heat figures.Heat) {
	v.Compact = true
	v.Note = b.T("heat.note")
	most, bestDay, bestHour := decimal.Zero, 0, 0
	for day := range heat.Cells {
		for hour, c := range heat.Cells[day] {
			if c.PerDay != nil && c.PerDay.GreaterThan(most) {
				most, bestDay, bestHour = *c.PerDay, day, hour
			}
		}
	}
	if most.Sign() > 0 {
		v.Title = b.T("heat.heading", b.T("heat.weekday."+strconv.Itoa(bestDay)), clockRange(bestHour), b.Number(most, 1))
	}
	t := &format.Table{Columns: []format.Column{{Name: b.T("column.hour_msk"), Plain: true}}}
	for day := range 7 {
		t.Columns = append(t.Columns, format.Column{Name: b.Weekday(time.Weekday((day + 1) % 7))})
	}
	for hour := range 24 {
		row := format.Row{Cells: []format.Cell{format.Text(fmt.Sprintf("%02d", hour))}}
		for day := range 7 {
			c := heat.Cells[day][hour]
			row.Cells = append(row.Cells, format.Number(c.PerDay).WithMark(heatMark(c.PerDay, most)))
		}
		t.Rows = append(t.Rows, row)
	}
	v.Table = t
}

// heatSteps is how many shades the grid has; the lowest is "nothing".
const heatSteps = 6

// clockRange is an hour of the day, "09–10".
func clockRange(hour int) string {
	return fmt.Sprintf("%02d–%02d", hour, hour+1)
}

// heatMark is one of six fixed shades.
func heatMark(x *decimal.Decimal, most decimal.Decimal) string {
	if x == nil || most.Sign() == 0 {
		return "hx"
	}
	if x.Sign() == 0 {
		return "h0"
	}
	step := x.Mul(decimal.NewFromInt(heatSteps - 1)).Div(most).Ceil().IntPart()
	return "h" + strconv.FormatInt(min(max(step, 1), heatSteps-1), 10)
}
