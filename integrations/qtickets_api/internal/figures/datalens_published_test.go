package figures_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/publish"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/standin"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// columnsShown are the columns of a published chart that make a row of the block it equals, where the chart shows
// others too, or in another order.
var columnsShown = map[string][]string{
	"Оплачено и возвращено по дням": {"День", "Валюта", "Оплачено", "Возвращено"},
	"Показы": {"Номер показа", "Продано", "В продаже", "Заполняемость", "От потенциальной выручки"},
	"Города": {"Город", "Билеты", "Возвращено билетов"},
	"Оплачено по источникам": {"Источник", "Валюта", "Оплачено", "Возвращено"},
	"Темп продаж":            {"Показ", "Дней до показа", "Продано"},
}

// TestPublishedChartsEqualThePage: what "datalens publish" makes shows what the page does. The way is the whole one:
// description, requests, a DataLens that stands in and compiles the chart into the SQL that the real one sends, the
// real engine, as the user of DataLens. (That they equal the CSV, also with a selector in use, is in
// internal/dashboard.)
func TestPublishedChartsEqualThePage(t *testing.T) {
	t.Parallel()
	rules := simulator.RefundRules{MovesUpdatedAt: true}
	worlds := map[string]*simulator.World{
		"the season of the demo": simulator.NewSeason(simulator.WorldOptions{Seed: 5, Orders: 1500, Refunds: rules}),
	}
	for seed := range testkit.Rounds(1, 3) {
		worlds[fmt.Sprint("random world ", seed)] = simulator.NewWorld(simulator.WorldOptions{Seed: 11 + int64(seed),
			Orders: 1200, Refunds: rules})
	}
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLab(t, world)
			f := l.filter()
			f.Now = f.Version.AsOf
			l.setClock(f.Now) // DataLens and the page agree on what today is, also at midnight
			lens := published(t, l)
			blocks := l.guide()
			blocks["Сайты продажи"], blocks["Скидки и бесплатные билеты"] = l.publishedSites, l.publishedDiscounts
			blocks["Кто пришёл"] = l.publishedEntries
			for _, c := range datalens.Charts {
				shown, err := lens.Show(c.Name.RU)
				if err != nil {
					t.Errorf("%s: %v", c.Name.RU, err)
					continue
				}
				if c.Name.RU == "План и прогноз" {
					l.sameAsThePlan(t, shown)
					continue
				}
				block := blocks[c.Name.RU]
				if block == nil {
					t.Errorf("chart %q equals no block that this test knows", c.Name.RU)
					continue
				}
				want, got := block(f), lines(t, shown, columnsShown[c.Name.RU])
				slices.Sort(want)
				slices.Sort(got)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-page +DataLens):\n%s\n%s", c.Name.RU, diff, shown.SQL)
				}
				if name == "the season of the demo" && len(got) == 0 && c.Name.EN != "Today by hour" &&
					c.Name.EN != "Cards of the day" {
					t.Errorf("%s shows nothing", c.Name.RU)
				}
			}
		})
	}
}

// The blocks that the guide by hand makes no chart of.

func (l *lab) publishedSites(f figures.Filter) (rows []string) {
	sites, err := l.store.Sites(l.Context(), f)
	l.must(err)
	for _, site := range sites.Sites {
		if moves(&site.Totals) {
			rows = append(rows, cells(site.Name, site.Tickets, site.Refunded))
		}
	}
	return rows
}

func (l *lab) publishedDiscounts(f figures.Filter) (rows []string) {
	d, err := l.store.Discounts(l.Context(), f)
	l.must(err)
	for _, w := range d.Steps {
		rows = append(rows, cells(w.Currency, w.List, w.Given(), w.Free, w.Gross, w.Refunds))
	}
	return rows
}

func (l *lab) publishedEntries(f figures.Filter) (rows []string) {
	for id, show := range l.showFacts() {
		f.Event, f.Show = uint64(show.EventID), uint64(id)
		e, err := l.store.Entries(l.Context(), f)
		if errors.Is(err, figures.ErrNoEvent) {
			continue
		}
		l.must(err)
		if e.Sold > 0 {
			rows = append(rows, cells(id, e.Sold, e.Came, decimal.New(e.Came, 0).Div(decimal.New(e.Sold, 0))))
		}
	}
	return rows
}

// published is a DataLens with the dashboard of a lab.
func published(t *testing.T, l *lab) *standin.Server {
	t.Helper()
	lens := standin.New(standin.Options{Org: "org", Token: "token"})
	t.Cleanup(lens.Close)
	client, err := publish.New(publish.Options{API: lens.URL, Org: "org", Tokens: publish.FixedToken("token")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	reader := testkit.As(t, l.config, embedded.Reader)
	done, err := publish.Publish(t.Context(), publish.Job{Client: client, Workbook: publish.NewWorkbook,
		Wording: datalens.Wording{Lang: "ru", Comments: warehouse.Comments()},
		ClickHouse: datalens.ClickHouse{Host: reader.Host, Port: testkit.Engine(t).HTTPPort(), User: reader.User,
			Password: reader.Password, Database: reader.Database},
		Say: func(publish.Step) {}})
	if err != nil {
		t.Fatal(err, lens.Refused())
	}
	numbers, err := publish.Numbers(t.Context(), client, done.Made, testkit.Open(t, l.config).DataLensNumbers)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range numbers {
		if !n.Equal() || (n.ClickHouse == 0 && !strings.Contains(n.Dataset.EN, "Zones")) {
			t.Errorf("dataset %s: DataLens %v, ClickHouse %v", n.Dataset.EN, n.DataLens, n.ClickHouse)
		}
	}
	return lens
}

// lines are rows as this package writes them, of some columns; none: of all.
func lines(t *testing.T, shown standin.Shown, titles []string) []string {
	t.Helper()
	if titles == nil {
		titles = shown.Titles
	}
	var all []string
	for _, row := range shown.Rows {
		var values []string
		for _, title := range titles {
			i := slices.Index(shown.Titles, title)
			if i < 0 {
				t.Fatalf("there is no column %q in %q", title, shown.Titles)
			}
			values = append(values, shownCell(t, title, shown.Types[i], row[i]))
		}
		all = append(all, strings.Join(values, " | "))
	}
	return all
}

// shownCell is a value of an answer as cell writes it. A show is told by the number at the end of its label.
func shownCell(t *testing.T, title, kind string, value any) string {
	t.Helper()
	text := fmt.Sprint(value)
	switch {
	case value == nil:
		return "—"
	case title == "Показ":
		return text[strings.LastIndex(text, " ")+1:] + ".0000"
	case kind == "genericdatetime":
		at, err := time.ParseInLocation("2006-01-02 15:04:05", text, time.FixedZone("Moscow", 3*3600))
		if err != nil {
			t.Fatal(err)
		}
		return cell(at)
	case kind == "integer" || kind == "float":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatalf("%s: %q is no number", title, text)
		}
		return decimal.NewFromFloat(n).StringFixed(4)
	}
	return text
}

// sameAsThePlan compares the chart of plans with the view: no block of the page has a line per show and currency.
func (l *lab) sameAsThePlan(t *testing.T, shown standin.Shown) {
	t.Helper()
	var want []string
	for _, row := range testkit.Rows(t, testkit.As(t, l.config, embedded.Reader), `SELECT show_id, currency_id, plan_tickets,
		fact_tickets, forecast_expected FROM v_qtickets_plan WHERE target = 'show'`) {
		want = append(want, cells(row...))
	}
	got := lines(t, shown, []string{"Номер показа", "Валюта", "План по билетам", "Продано", "Прогноз"})
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("plans (-view +DataLens):\n%s", diff)
	}
}
