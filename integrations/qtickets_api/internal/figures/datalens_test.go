package figures_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

var chartSection = regexp.MustCompile("(?ms)^### ([^\n]+)\n(.*?)```sql\n(.*?)```")

// TestDataLensEqualsThePage: the SQL of every chart in docs/datalens.md, run as the user DataLens logs in as, answers
// what the block of the page says that it names.
func TestDataLensEqualsThePage(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 4, Orders: 1500, Refunds: simulator.RefundRules{MovesUpdatedAt: true}})
	text, err := os.ReadFile("../../../../docs/datalens.md")
	if err != nil {
		t.Fatal(err)
	}
	reader := testkit.As(t, l.config, embedded.Reader)
	blocks := l.guide()
	for _, m := range chartSection.FindAllStringSubmatch(string(text), -1) {
		name, description, sql := m[1], m[2], m[3]
		block := blocks[name]
		if block == nil || !strings.Contains(description, "Страница:") {
			t.Errorf("chart %q names no block of the page, or this test does not know it", name)
			continue
		}
		delete(blocks, name)
		var got []string
		for _, row := range testkit.Rows(t, reader, strings.ReplaceAll(sql, "zakaz.", l.config.Database+".")) {
			got = append(got, cells(row...))
		}
		want := block(l.filter())
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-page +DataLens):\n%s", name, diff)
		}
	}
	for name := range blocks {
		t.Errorf("docs/datalens.md lacks the chart %q", name)
	}
}

// cells is a row as text, numbers to four places.
func cells(values ...any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = cell(value)
	}
	return strings.Join(texts, " | ")
}

func cell(value any) string {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "—"
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case decimal.Decimal:
		return x.StringFixed(4)
	case time.Time:
		if x.Hour() == 0 && x.Minute() == 0 && x.Second() == 0 {
			return x.Format(time.DateOnly)
		}
		return x.UTC().Format(time.RFC3339Nano)
	case float64:
		return decimal.NewFromFloat(x).StringFixed(4)
	case string:
		return x
	default:
		return fmt.Sprint(x) + ".0000"
	}
}

// must takes an answer.
func (l *lab) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// guide are the blocks of the page by the chart that must equal each.
func (l *lab) guide() map[string]func(figures.Filter) []string {
	ctx, s := l.Context(), l.store
	return map[string]func(figures.Filter) []string{
		"Билеты по дням": func(f figures.Filter) (rows []string) {
			d, err := s.Weeks(ctx, f)
			l.must(err)
			for _, day := range d.Days {
				if moves(&day.Totals) {
					rows = append(rows, cells(day.Date, day.Tickets, day.Refunded))
				}
			}
			return rows
		},
		"Оплачено и возвращено по дням": func(f figures.Filter) (rows []string) {
			d, err := s.Weeks(ctx, f)
			l.must(err)
			for _, day := range d.Days {
				for _, a := range day.Money {
					rows = append(rows, cells(day.Date, a.Currency, a.Gross, a.Refunds))
				}
			}
			return rows
		},
		"Карточки дня": func(f figures.Filter) (rows []string) {
			c, err := s.Cards(ctx, f)
			l.must(err)
			of := map[string]map[figures.CardName]*decimal.Decimal{}
			for _, card := range c.Cards {
				if of[card.Currency] == nil {
					of[card.Currency] = map[figures.CardName]*decimal.Decimal{}
				}
				of[card.Currency][card.Name] = card.Value
			}
			for currency, v := range of {
				if currency != "" && (v[figures.CardRevenue].IsPositive() || v[figures.CardRefunds].IsPositive()) {
					rows = append(rows, cells(currency, v[figures.CardRevenue], v[figures.CardRefunds], v[figures.CardAverage]))
				}
			}
			return rows
		},
		"Билеты сегодня": func(f figures.Filter) []string {
			c, err := s.Cards(ctx, f)
			l.must(err)
			return []string{cells(c.Cards[0].Value)}
		},
		"Сегодня по часам":                   l.guideHours,
		"Показы":                             l.guideShows,
		"Города":                             l.guideCities,
		"Источники":                          l.guideChannels,
		"Оплачено по источникам":             l.guideSourceMoney,
		"Промокоды":                          l.guidePromo,
		"Способы оплаты":                     l.guidePayment,
		"Скидки по промокодам":               l.guideCodes,
		"От номинала к выручке":              l.guideDiscounts,
		"Бесплатные билеты по показам":       l.guideFree,
		"Сайты продажи":                      l.guideSites,
		"Кто пришёл":                         l.guideEntries,
		"Кто не пришёл":                      l.guideNoShows,
		"Когда покупают":                     l.guideHeat,
		"За сколько дней до показа покупают": l.guideLead,
		"Билетов в заказе":                   l.guideSizes,
		"Темп продаж":                        l.guidePacing,
		"Зоны зала":                          l.guideZones,
		"Данные на момент": func(f figures.Filter) []string {
			fresh, err := s.Freshness(ctx, f)
			l.must(err)
			return []string{cells(fresh.AsOf)}
		},
		"Загрузки за сутки": func(f figures.Filter) (rows []string) {
			feeds, err := s.Feeds(ctx, f)
			l.must(err)
			runs, orders := map[string]int{}, map[string]uint64{}
			for _, tick := range feeds.Feeds[0].Day {
				runs[tick.Status]++
				orders[tick.Status] += tick.Rows
			}
			for status := range runs {
				rows = append(rows, cells(status, runs[status], orders[status]))
			}
			return rows
		},
	}
}

func (l *lab) guideHours(f figures.Filter) (rows []string) {
	h, err := l.store.Hours(l.Context(), f)
	l.must(err)
	last := decimal.Zero
	for _, p := range h.Points {
		sold := p.Tickets.Today
		if sold == nil || sold.Equal(last) {
			continue
		}
		hour := (p.Minute - 1) / 60
		rows, last = append(rows, cells(hour, *sold)), *sold
	}
	return rows
}

func (l *lab) guideShows(f figures.Filter) (rows []string) {
	shows, err := l.store.Shows(l.Context(), f)
	l.must(err)
	for _, s := range shows.Shows {
		rows = append(rows, cells(s.ShowID, s.Sold, s.Left, s.Fill, s.Share))
	}
	return rows
}

func (l *lab) guideCities(f figures.Filter) (rows []string) {
	c, err := l.store.Cities(l.Context(), f)
	l.must(err)
	for _, city := range c.Cities {
		if moves(&city.Totals) {
			rows = append(rows, cells(city.City, city.Tickets, city.Refunded))
		}
	}
	return rows
}

func marked(mark string) string {
	if mark == "" {
		return "без метки"
	}
	return mark
}

func (l *lab) guideChannels(f figures.Filter) (rows []string) {
	c, err := l.store.Channels(l.Context(), f)
	l.must(err)
	for _, source := range c.Sources {
		for _, medium := range source.Parts {
			for _, campaign := range medium.Parts {
				rows = append(rows, cells(marked(source.UTM), medium.UTM, campaign.UTM, campaign.Tickets, campaign.Orders))
			}
		}
	}
	return rows
}

func (l *lab) guideSourceMoney(f figures.Filter) (rows []string) {
	c, err := l.store.Channels(l.Context(), f)
	l.must(err)
	for _, source := range c.Sources {
		for _, a := range source.Money {
			rows = append(rows, cells(marked(source.UTM), a.Currency, a.Gross, a.Refunds))
		}
	}
	return rows
}

func (l *lab) guidePromo(f figures.Filter) (rows []string) {
	c, err := l.store.PromoCodes(l.Context(), f)
	l.must(err)
	for _, code := range c.Codes {
		rows = append(rows, cells(code.Code, code.Tickets, code.Orders))
	}
	return rows
}

func (l *lab) guidePayment(f figures.Filter) (rows []string) {
	c, err := l.store.PaymentTypes(l.Context(), f)
	l.must(err)
	for _, p := range c.Types {
		rows = append(rows, cells(p.Type, p.Tickets, p.Orders))
	}
	return rows
}

func (l *lab) guideHeat(f figures.Filter) (rows []string) {
	h, err := l.store.Heat(l.Context(), f)
	l.must(err)
	for weekday, hours := range h.Cells {
		for hour, cell := range hours {
			if cell.Tickets > 0 {
				rows = append(rows, cells(weekday+1, hour, cell.PerDay))
			}
		}
	}
	return rows
}

func (l *lab) guideCodes(f figures.Filter) (rows []string) {
	codes, err := l.store.PromoCodes(l.Context(), f)
	l.must(err)
	for _, c := range codes.Codes {
		for _, d := range c.Discount.Money {
			rows = append(rows, cells(c.Code, d.Currency, d.Amount, d.Tickets))
		}
	}
	return rows
}

func (l *lab) guideDiscounts(f figures.Filter) (rows []string) {
	d, err := l.store.Discounts(l.Context(), f)
	l.must(err)
	for _, w := range d.Steps {
		rows = append(rows, cells(w.Currency, w.List, w.Codes, w.Free, w.Other, w.Gross, w.Refunds))
	}
	return rows
}

func (l *lab) guideFree(f figures.Filter) (rows []string) {
	free, err := l.store.FreeShows(l.Context(), f)
	l.must(err)
	for _, one := range free.Shows {
		rows = append(rows, cells(one.Show.ShowID, one.Free, one.Tickets))
	}
	return rows
}

func (l *lab) guideSites(f figures.Filter) (rows []string) {
	sites, err := l.store.Sites(l.Context(), f)
	l.must(err)
	for _, one := range sites.Sites {
		rows = append(rows, cells(one.Name, one.Tickets, one.Refunded))
	}
	return rows
}

// everyEntry are the entries of every show.
func (l *lab) everyEntry(f figures.Filter) (all []figures.Entries) {
	for id, show := range l.showFacts() {
		f.Event, f.Show = uint64(show.EventID), uint64(id)
		e, err := l.store.Entries(l.Context(), f)
		if errors.Is(err, figures.ErrNoEvent) {
			continue
		}
		l.must(err)
		all = append(all, e)
	}
	return all
}

// guideEntries are those of shows that begin at a moment; the others have a curve in DataLens alone.
func (l *lab) guideEntries(f figures.Filter) (rows []string) {
	for _, e := range l.everyEntry(f) {
		for _, p := range e.Points {
			if p.Within > 0 && p.Minute > -120 {
				rows = append(rows, cells(e.Show.ShowID, p.Minute, p.Within))
			}
		}
	}
	return rows
}

func (l *lab) guideNoShows(f figures.Filter) (rows []string) {
	for _, e := range l.everyEntry(f) {
		for _, g := range e.Channels {
			rows = append(rows, cells(e.Show.ShowID, g.Source, g.Sold, g.Came))
		}
	}
	return rows
}

func (l *lab) guideLead(f figures.Filter) (rows []string) {
	lead, err := l.store.Lead(l.Context(), f)
	l.must(err)
	for _, step := range lead.Steps {
		if step.Tickets > 0 {
			rows = append(rows, cells(step.From, step.Tickets))
		}
	}
	return rows
}

func (l *lab) guideSizes(f figures.Filter) (rows []string) {
	sizes, err := l.store.OrderSizes(l.Context(), f)
	l.must(err)
	for _, size := range sizes.Sizes {
		if size.Orders > 0 {
			rows = append(rows, cells(size.Tickets, size.Orders))
		}
	}
	return rows
}

func (l *lab) guidePacing(f figures.Filter) (rows []string) {
	for id, show := range l.showFacts() {
		f.Event, f.Show = uint64(show.EventID), uint64(id)
		p, err := l.store.Pacing(l.Context(), f)
		if errors.Is(err, figures.ErrNoEvent) {
			continue
		}
		l.must(err)
		for _, point := range p.Points {
			rows = append(rows, cells(id, point.DaysLeft, point.Sold))
		}
	}
	return rows
}

func (l *lab) guideZones(f figures.Filter) (rows []string) {
	for id, show := range l.showFacts() {
		f.Event, f.Show = uint64(show.EventID), uint64(id)
		zones, err := l.store.Zones(l.Context(), f)
		l.must(err)
		for _, z := range zones.Zones {
			rows = append(rows, cells(id, z.Name, z.Sold, z.Free, z.Fill, z.MinPrice, z.MaxPrice))
		}
	}
	return rows
}
