package block

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// smallHall has two rows: "s f! s | f f" at 1000 and "h c u f! s" at prices from 1100 on.
func smallHall() figures.Hall {
	seat := func(place string, state sales.SeatState, price int64) figures.HallSeat {
		return figures.HallSeat{Place: place, State: state, Price: new(decimal.NewFromInt(price))}
	}
	first := []figures.HallSeat{seat("1", sales.SeatSold, 1000), seat("2", sales.SeatFree, 1000),
		seat("3", sales.SeatSold, 1000), seat("10", sales.SeatFree, 1000), seat("11", sales.SeatFree, 1000)}
	first[1].Lonely, first[3].Gap = true, true
	first[0].DaysLeft, first[2].DaysLeft = new(int32(0)), new(int32(31))
	second := []figures.HallSeat{seat("1", sales.SeatHeld, 1100), seat("2", sales.SeatClosed, 1200),
		seat("3", sales.SeatUnknown, 1300), seat("4", sales.SeatFree, 1400), seat("5", sales.SeatSold, 1500)}
	second[3].Lonely = true
	second[4].DaysLeft = new(int32(7))
	return figures.Hall{Zones: []figures.HallZone{{Name: "Партер", Currency: "RUB",
		Rows: []figures.HallRow{{Name: "1", Seats: first}, {Name: "2", Seats: second}}}}}
}

// drawn is the map of a hall: "row: form*seats …", and the legend.
func drawn(v View) string {
	var list []string
	for _, z := range v.Hall.Zones {
		for _, r := range z.Rows {
			text := r.Name + ":"
			for _, p := range r.Paths {
				text += fmt.Sprintf(" %s*%d", p.Form, strings.Count(p.D, "M"))
			}
			list = append(list, text)
		}
	}
	text := strings.Join(list, "; ") + " |"
	for _, k := range v.Hall.Legend {
		text += " " + k.Form + "=" + k.Text + ";"
	}
	return plain(text)
}

// plain has no other spaces than those one types.
func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

func TestHallMap(t *testing.T) {
	t.Parallel()
	for by, want := range map[address.Seats]string{
		"": "1: sold*2 lonely*1 free*2; 2: held*1 closed*1 unknown*1 lonely*1 sold*1 | sold=продано: 3; held=в брони: 1; " +
			"free=в продаже: 2; lonely=в продаже, одиночное: 2; closed=закрыто организатором: 1; unknown=неизвестно: 1;",
		address.SeatsByPrice: "1: step1*5; 2: step1*1 step2*1 step3*1 step4*1 step5*1 | step1=1 000 ₽ – 1 100 ₽; " +
			"step2=1 200 ₽; step3=1 300 ₽; step4=1 400 ₽; step5=1 500 ₽;",
		address.SeatsByWhen: "1: step1*1 rest*3 step5*1; 2: rest*4 step3*1 | step5=за 31 день до показа и раньше; " +
			"step4=за 8–30 дней до показа; step3=за 4–7 дней до показа; step2=за 1–3 дня до показа; step1=в день показа; " +
			"rest=не продано или когда — неизвестно;",
	} {
		v := View{}
		b := Builder{Locale: format.Russian, Params: address.Params{Screen: address.Event, Seats: by}}
		b.hall(&v, smallHall())
		if got := drawn(v); got != want {
			t.Errorf("%q:\n%s, want\n%s", by, got, want)
		}
		if plain(v.Title) != "В продаже 4 места, из них одиночных: 2 (Партер, ряд 1; Партер, ряд 2)" || v.Under != "" ||
			len(v.Switch) != 3 || (v.Hall.Open == nil) != (by != "") {
			t.Errorf("%q: %q, %q, %v, %v", by, v.Title, v.Under, v.Switch, v.Hall.Open)
		}
		if says := plain(v.Hall.Zones[0].Rows[0].Says); says != "Партер, ряд 1: в продаже места 2, 10, 11, одиночные — 2" {
			t.Error(says)
		}
	}
}

// TestHallOffers: something to do is named from five lonely seats on, with their worth where it is known and may be
// seen, and not of a show that is over.
func TestHallOffers(t *testing.T) {
	t.Parallel()
	hall := smallHall()
	row := hall.Zones[0].Rows[0]
	for len(hall.Zones[0].Rows) < 6 {
		hall.Zones[0].Rows = append(hall.Zones[0].Rows, row)
	}
	of := func(h figures.Hall, noMoney bool) View {
		v := View{}
		(Builder{Locale: format.Russian, Now: time.Unix(1_800_000_000, 0), Params: address.Params{Screen: address.Event,
			Scope: address.Scope{NoMoney: noMoney}}}).hall(&v, h)
		return v
	}
	v := of(hall, false)
	if !strings.HasPrefix(plain(v.Under), "6 одиночных мест ≈ 6 400 ₽: ") ||
		plain(v.Title) != "В продаже 16 мест, из них одиночных: 6" {
		t.Errorf("%q %q", v.Title, v.Under)
	}
	v = of(figures.WithoutMoney(hall).(figures.Hall), true)
	if !strings.HasPrefix(plain(v.Under), "6 одиночных мест: ") || len(v.Switch) != 2 || len(v.Table.Columns) != 7 {
		t.Errorf("without money: %q, %v", v.Under, v.Switch)
	}
	hall.Over = true
	if v := of(hall, false); v.Under != "" {
		t.Errorf("over: %q", v.Under)
	}
	for range mostDrawn / 5 {
		hall.Zones[0].Rows = append(hall.Zones[0].Rows, row)
	}
	if v := of(hall, false); v.Hall != nil || v.Switch != nil || !strings.Contains(v.Note, "таблица") {
		t.Errorf("large: %+v %q", v.Hall, v.Note)
	}
	none := View{}
	(Builder{Locale: format.Russian}).hall(&none, figures.Hall{})
	if !none.hidden {
		t.Error("a hall without seats is shown")
	}
}
