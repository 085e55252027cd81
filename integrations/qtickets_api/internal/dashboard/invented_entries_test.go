package dashboard

import (
	"context"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// Entries of a show that began three hours ago; half of the buyers come in the last twenty minutes before it.
func (w *invented) Entries(ctx context.Context, f figures.Filter) (figures.Entries, error) {
	if err := w.asked(ctx, "entries"); err != nil || w.empty {
		return figures.Entries{}, err
	}
	e := figures.Entries{Show: w.show(int(f.Show) - 100), Sold: 328, Came: 291, NoShows: dec(0.09),
		ReadAt: ptr(inventedNow.Add(-time.Hour))}
	start := inventedNow.Add(-3 * time.Hour)
	e.Show.Start, e.Show.Over = &start, true
	e.Half = ptr(start.Add(-18 * time.Minute))
	came := func(minute int, late float64) float64 { return 1 / (1 + math.Exp(-(float64(minute)+late)/14)) }
	for k := range 3 {
		one := figures.EarlierEntries{LocalDate: start.AddDate(0, 0, -7*(3-k)), Sold: 300, Came: 270}
		for minute := -120; minute <= 60; minute += 5 {
			one.Points = append(one.Points, decimal.NewFromFloat(0.9*came(minute, 10+5*float64(k))).Round(4))
		}
		e.Earlier = append(e.Earlier, one)
	}
	for i := range 37 {
		p := figures.EntryPoint{Minute: -120 + 5*i, Came: int64(291 * came(-120+5*i, 18))}
		usual := e.Earlier[1].Points[i].Mul(decimal.NewFromInt(328))
		p.Usual = &usual
		p.Within = p.Came - int64(291*came(-125+5*i, 18))
		e.Points = append(e.Points, p)
		if e.Peak == nil || p.Within > e.Peak.Within {
			e.Peak = &p
		}
	}
	for i, price := range []int64{0, 500, 1000, 2000} {
		to := decimal.NewFromInt([]int64{0, 1000, 2000, 5000}[i])
		e.Prices = append(e.Prices, figures.EntryGroup{Currency: "RUB", From: decimal.NewFromInt(price), To: to, Sold: 82,
			Came: int64(50 + 9*i), NoShows: *dec(float64(32-9*i) / 82)})
	}
	for i, source := range []string{"", w.mark(2, "vk"), w.mark(4, "yandex")} {
		e.Channels = append(e.Channels, figures.EntryGroup{Source: source, Sold: int64(200 - 60*i), Came: int64(180 - 57*i),
			NoShows: *dec(float64(20-3*i) / float64(200-60*i))})
	}
	return e, nil
}
