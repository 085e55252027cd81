package dashboard

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

func (w *invented) spanOf(f figures.Filter) figures.Span {
	s := figures.Span{From: time.Date(2026, 10, 27, 0, 0, 0, 0, time.UTC),
		To: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	if f.Compare != figures.CompareNone {
		s.BeforeFrom, s.BeforeTo = ptr(s.From.AddDate(0, 0, -28)), ptr(s.To.AddDate(0, 0, -28))
		s.BeforeUntil, s.BeforeIncomplete = ptr(inventedNow.AddDate(0, 0, -28)), true
	}
	return s
}

func before(f figures.Filter, n int64) *figures.Totals {
	if f.Compare == figures.CompareNone {
		return nil
	}
	return ptr(sold(n, 0))
}

func (w *invented) Channels(ctx context.Context, f figures.Filter) (figures.Channels, error) {
	if err := w.asked(ctx, "channels"); err != nil {
		return figures.Channels{}, err
	}
	c := figures.Channels{Span: w.spanOf(f), Total: figures.Channel{Totals: sold(1000, 40)},
		Sources: []figures.Channel{{Totals: sold(480, 20), Before: before(f, 500)}}}
	if w.empty {
		return figures.Channels{Span: w.spanOf(f), Sources: []figures.Channel{{}}}, nil
	}
	for i, source := range []string{"vk", "yandex", "telegram", "email"} {
		n := []int64{250, 150, 90, 30}[i]
		if w.hostile {
			source = hostileNames[i]
		}
		c.Sources = append(c.Sources, figures.Channel{UTM: source, Totals: sold(n, n/20), Before: before(f, n+7),
			Parts: []figures.Channel{
				{UTM: "cpc", Totals: sold(n/2, 1), Before: before(f, n/2),
					Parts: []figures.Channel{{UTM: w.mark(i, "осень 2026"), Totals: sold(n/2, 1), Before: before(f, n/2)}}},
				{UTM: "", Totals: sold(n-n/2, 0), Before: before(f, n/2),
					Parts: []figures.Channel{{UTM: "", Totals: sold(n-n/2, 0), Before: before(f, n/2)}}},
			}})
	}
	return c, nil
}

func (w *invented) mark(i int, plain string) string {
	if w.hostile {
		return hostileNames[(i+7)%len(hostileNames)]
	}
	return plain
}

func (w *invented) PromoCodes(ctx context.Context, f figures.Filter) (figures.PromoCodes, error) {
	if err := w.asked(ctx, "promo"); err != nil || w.empty {
		return figures.PromoCodes{Span: w.spanOf(f)}, err
	}
	p := figures.PromoCodes{Span: w.spanOf(f), Codes: []figures.PromoCode{{Totals: sold(820, 30), Before: before(f, 800)}}}
	codes := []string{"ОСЕНЬ10", "VIP", "STUDENT", "ДРУГУ"}
	if w.hostile {
		codes = hostileNames
	}
	for i, code := range codes {
		show := w.show(i)
		discount := figures.CodeDiscount{Late: ptr(int64(i)), Share: dec(0.45 - 0.01*float64(i)), Show: &show,
			TooMuch: i == 0,
			Money:   []figures.DiscountIn{{Currency: "RUB", Amount: decimal.NewFromInt(12345), Tickets: int64(90 - 5*i)}}}
		if i == 1 {
			discount.SoldOuts = []figures.ShowLine{show}
		}
		p.Codes = append(p.Codes, figures.PromoCode{Code: code, Totals: sold(int64(90-5*i), int64(i)), Before: before(f, 0),
			Discount: discount})
	}
	return p, nil
}

func (w *invented) Discounts(ctx context.Context, f figures.Filter) (figures.Discounts, error) {
	if err := w.asked(ctx, "discounts"); err != nil || w.empty {
		return figures.Discounts{Span: w.spanOf(f)}, err
	}
	money := decimal.NewFromInt
	return figures.Discounts{Span: w.spanOf(f), Tickets: 1000, Unpriced: 12, Steps: []figures.Waterfall{
		{Currency: "RUB", List: money(1_500_000), Codes: money(120_000), Free: money(80_000), Other: money(65_500),
			Gross: money(1_234_500), Refunds: money(48_000)},
		{Currency: "KZT", List: money(90_000), Gross: money(90_000)},
	}}, nil
}

func (w *invented) FreeShows(ctx context.Context, f figures.Filter) (figures.FreeShows, error) {
	if err := w.asked(ctx, "free-shows"); err != nil || w.empty {
		return figures.FreeShows{Span: w.spanOf(f)}, err
	}
	free := figures.FreeShows{Span: w.spanOf(f), Free: 60}
	for i := range 3 {
		free.Shows = append(free.Shows, figures.FreeShow{Show: w.show(i), Free: int64(30 - 10*i), Tickets: 60,
			Share: *dec(0.5 - float64(i)/6), TooMuch: i == 0})
	}
	return free, nil
}

func (w *invented) Sites(ctx context.Context, f figures.Filter) (figures.Sites, error) {
	if err := w.asked(ctx, "sites"); err != nil || w.empty {
		return figures.Sites{Span: w.spanOf(f)}, err
	}
	s := figures.Sites{Span: w.spanOf(f)}
	for i, name := range []string{w.mark(3, "билеты.example"), w.mark(5, "kassa.example"), "#21", ""} {
		n := []int64{700, 200, 70, 30}[i]
		s.Sites = append(s.Sites, figures.Site{Name: name, Totals: sold(n, n/20), Before: before(f, n+3),
			Share: dec(float64(n) / 1000)})
	}
	return s, nil
}

func (w *invented) PaymentTypes(ctx context.Context, f figures.Filter) (figures.PaymentTypes, error) {
	if err := w.asked(ctx, "payments"); err != nil || w.empty {
		return figures.PaymentTypes{Span: w.spanOf(f)}, err
	}
	card := sold(700, 30)
	card.Money = append(card.Money, figures.Amounts{Currency: "KZT", Gross: decimal.NewFromInt(163_881), Paid: 5})
	return figures.PaymentTypes{Span: w.spanOf(f), Types: []figures.PaymentType{
		{Type: "card", Totals: card, Before: before(f, 650)},
		{Type: "sbp", Totals: sold(280, 10), Before: before(f, 200)},
		{Totals: sold(20, 0), Before: before(f, 0)},
	}}, nil
}

func (w *invented) Heat(ctx context.Context, f figures.Filter) (figures.Heat, error) {
	if err := w.asked(ctx, "heat"); err != nil {
		return figures.Heat{}, err
	}
	h := figures.Heat{Span: w.spanOf(f), Days: [7]int{4, 4, 4, 4, 4, 4, 0}}
	for day := range 6 { // no Sunday holds data
		for hour := range 24 {
			n := int64(0)
			if hour > 7 && !w.empty {
				n = int64((hour - 7) * (day + 2) % 23)
			}
			h.Cells[day][hour] = figures.HeatCell{Tickets: n, PerDay: ptr(decimal.NewFromInt(n).Div(decimal.NewFromInt(4)))}
		}
	}
	return h, nil
}

func (w *invented) Lead(ctx context.Context, f figures.Filter) (figures.Lead, error) {
	if err := w.asked(ctx, "lead"); err != nil || w.empty {
		return figures.Lead{Span: w.spanOf(f)}, err
	}
	l := figures.Lead{Span: w.spanOf(f), Total: 1000}
	for i, from := range []int{0, 1, 4, 8, 31} {
		step := figures.LeadStep{From: from, Tickets: int64(60 + i*20), Share: dec(float64(60+i*20) / 1000)}
		if i < 4 {
			step.To = ptr([]int{0, 3, 7, 30}[i])
		}
		l.Steps = append(l.Steps, step)
	}
	l.Steps = append(l.Steps, figures.LeadStep{Unknown: true, Tickets: 3, Share: dec(0.003)})
	return l, nil
}

func (w *invented) OrderSizes(ctx context.Context, f figures.Filter) (figures.OrderSizes, error) {
	if err := w.asked(ctx, "sizes"); err != nil || w.empty {
		return figures.OrderSizes{Span: w.spanOf(f)}, err
	}
	s := figures.OrderSizes{Span: w.spanOf(f), Orders: 500, Average: dec(2.1)}
	for i := range figures.MaxOrderSize {
		s.Sizes = append(s.Sizes, figures.OrderSize{Tickets: i + 1, Orders: int64(200 / (i + 1)),
			Share: dec(0.4 / float64(i+1))})
	}
	return s, nil
}

func (w *invented) Feeds(ctx context.Context, _ figures.Filter) (figures.Feeds, error) {
	if err := w.asked(ctx, "feeds"); err != nil || w.empty {
		return figures.Feeds{}, err
	}
	var f figures.Feeds
	for i, name := range []figures.FeedName{figures.FeedOrders, figures.FeedCatalogue, figures.FeedSeats,
		figures.FeedReconcile} {
		feed := figures.Feed{Name: name, AsOf: ptr(inventedNow.Add(-3 * time.Minute)), Rows: 120, DayRows: 4000,
			LastRun: &figures.Run{RunID: "r1", Mode: "increment", Status: "ok", StartedAt: inventedNow.Add(-3 * time.Minute),
				Duration: 2100 * time.Millisecond}}
		for k := 95; k >= 0; k -= 1 + 20*boolInt(i == 3) {
			tick := figures.Tick{At: inventedNow.Add(-time.Duration(k)*15*time.Minute - 3*time.Minute), Status: "ok",
				Duration: 2 * time.Second, Rows: 40}
			if k == 40 {
				tick.Status = "failed"
				feed.DayFails++
			}
			feed.Day = append(feed.Day, tick)
		}
		f.Feeds = append(f.Feeds, feed)
	}
	f.Feeds[3].AsOf, f.Feeds[3].LastRun, f.Feeds[3].Day = nil, nil, nil
	for i := range 20 {
		at := inventedNow.Add(-time.Duration(i*15+3) * time.Minute)
		run := figures.Run{RunID: fmt.Sprint("r", i), Mode: "increment", Status: "ok", StartedAt: at,
			FinishedAt: ptr(at.Add(2 * time.Second)), Duration: 2 * time.Second,
			Message: "12 orders, 31 tickets; 14 rows written", Published: true}
		if i == 7 {
			run.Status, run.Published, run.Message = "failed", false,
				"QTickets answered 503 five times: the next run tries again"
		}
		if i > 11 {
			run.StartedAt = inventedNow.Add(-time.Duration(200+i) * time.Minute)
			run.Mode, run.Orders = "webhook", 2
		}
		if i == 0 {
			run.Status, run.FinishedAt = "running", nil
		}
		f.Runs = append(f.Runs, run)
	}
	return f, nil
}

func (w *invented) Assumptions(ctx context.Context, _ figures.Filter) ([]figures.AssumptionLine, error) {
	if err := w.asked(ctx, "assumptions"); err != nil || w.empty {
		return nil, err
	}
	at := inventedNow.Add(-time.Hour)
	return []figures.AssumptionLine{{ID: 1, State: "confirmed", For: 96, Since: at, SeenAt: &at},
		{ID: 5, State: "refuted", For: 12, Against: 3, Since: at, SeenAt: &at}, {ID: 22, State: "not_seen", Since: at}}, nil
}

func (w *invented) Backups(ctx context.Context, _ figures.Filter) ([]figures.BackupLine, error) {
	if err := w.asked(ctx, "backups"); err != nil || w.empty {
		return nil, err
	}
	good, failed := inventedNow.Add(-5*time.Hour), inventedNow.Add(-2*time.Hour)
	return []figures.BackupLine{{Kind: "backup", Copy: "zakaz-2026-03-01T03-40-00Z", GoodAt: &good},
		{Kind: "drill", FailedAt: &failed}}, nil
}

func (w *invented) Quarantine(ctx context.Context, _ figures.Filter) (figures.Quarantine, error) {
	if err := w.asked(ctx, "quarantine"); err != nil || w.empty {
		return figures.Quarantine{}, err
	}
	return figures.Quarantine{Total: 3, Rows: []figures.QuarantineLine{{
		Feed: "orders", Reason: "baskets[0].price: not a number", Count: 3, Oldest: inventedNow.Add(-50 * time.Hour),
		Newest: inventedNow.Add(-time.Hour),
	}}}, nil
}
