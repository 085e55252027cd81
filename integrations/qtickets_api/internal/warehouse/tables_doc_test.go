package warehouse_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// purposes are the views people read, in the order of the documents.
var purposes = []purpose{
	{"v_qtickets_sales_dashboard",
		"Для BI. Строка на показ и валюту: продано и выручка за день, за 14 дней и всего, места, заполняемость.",
		"For BI. A row for a show and a currency: sold and revenue of the day, of 14 days and in all, seats, fill."},
	{"v_qtickets_movements",
		"Для BI: `fact_qtickets_movements`. Почти все графики по дням, часам, городам, каналам.",
		"For BI: `fact_qtickets_movements`. Nearly all charts by days, hours, cities, UTM tags."},
	{"v_qtickets_pacing",
		"Для BI. Темп продаж: сколько билетов было продано за N дней до показа.",
		"For BI. Sales pace: how many tickets were sold with N days left to the show."},
	{"v_qtickets_plan",
		"Для BI. План, факт и прогноз: строка на показ и валюту, на план мероприятия, на план месяца.",
		"For BI. Plan, fact and forecast: a row for a show and a currency, for the plan of an event, of a month."},
	{"v_qtickets_zones_latest", "Для BI: `fact_qtickets_zones_latest`.", "For BI: `fact_qtickets_zones_latest`."},
	{"v_qtickets_runs",
		"Для BI: `meta_job_runs`. Можно ли верить данным.",
		"For BI: `meta_job_runs`. Whether the data can be believed."},
	{"v_qtickets_sales_daily", "Для BI: `fact_qtickets_sales_daily`.", "For BI: `fact_qtickets_sales_daily`."},
	{"v_qtickets_sales_utm_daily",
		"Для BI: `fact_qtickets_sales_utm_daily`.",
		"For BI: `fact_qtickets_sales_utm_daily`."},
	{"v_qtickets_refunds_daily", "Для BI: `fact_qtickets_refunds_daily`.", "For BI: `fact_qtickets_refunds_daily`."},
	{"v_qtickets_inventory_latest",
		"Для BI: `fact_qtickets_inventory_latest`.",
		"For BI: `fact_qtickets_inventory_latest`."},
	{"v_qtickets_entries",
		"Для BI: `fact_qtickets_entries`. Кто пришёл и когда.",
		"For BI: `fact_qtickets_entries`. Who came, and when."},
	{"fact_qtickets_sales_daily",
		"Продажи по московскому дню оплаты, мероприятию, показу и валюте.",
		"Sales by the Moscow day of the payment, event, show and currency."},
	{"fact_qtickets_sales_utm_daily", "Продажи по дню, мероприятию и UTM-меткам.", "Sales by day, event and UTM tags."},
	{"fact_qtickets_refunds_daily", "Возвраты по дню возврата.", "Refunds by the day of the refund."},
	{"fact_qtickets_inventory_latest",
		"Места каждого показа и на какой момент эти данные.",
		"Seats of each show, and as of when."},
	{"fact_qtickets_zones_latest",
		"Зоны зала каждого показа: места и цены.",
		"Zones of the hall of each show: seats and prices."},
	{"fact_qtickets_movements",
		"Движения по времени: продажи — по минуте оплаты, возвраты — по минуте возврата, с UTM-метками, промокодом и " +
			"способом оплаты.",
		"Movements in time: sales by the minute of the payment, refunds by the minute of the refund, with UTM tags, " +
			"promo code and payment method."},
	{"fact_qtickets_entries",
		"Сканирования билетов: кто из купивших пришёл и когда, по показу, источнику и цене.",
		"Scans of tickets: which of the buyers came and when, by show, source and price."},
	{"dim_events", "Мероприятия.", "Events."},
	{"dim_shows", "Показы (даты мероприятий).", "Shows (dates of events)."},
	{"dim_discounts", "Скидки.", "Discounts."},
	{"dim_promo_codes", "Промокоды.", "Promo codes."},
	{"dim_color_themes", "Цвета ценовых категорий.", "Colours of price categories."},
	{"dim_plan_targets",
		"Действующие планы, как их загрузила команда plan import или изменили на панели.",
		"Plans in force, as the command plan import loaded them or as they were changed on the page."},
	{"stg_qtickets_api_orders_raw",
		"Каждый заказ, одна строка, без персональных данных.",
		"Each order, one row, without personal data."},
	{"stg_qtickets_api_tickets_raw", "Каждый билет, одна строка.", "Each ticket, one row."},
	{"stg_qtickets_api_inventory_raw",
		"Места показов, как их сообщил QTickets.",
		"Seats of shows, as QTickets gave them."},
	{"meta_job_runs",
		"Журнал запусков: что каждый прочитал, записал и опубликовал.",
		"Journal of runs: what each read, wrote and published."},
	{"meta_quarantine", "Строки QTickets, которые не удалось разобрать.", "Rows of QTickets that could not be parsed."},
	{"meta_sweeps",
		"Когда заказы каждого мероприятия в последний раз перечитаны.",
		"When the orders of each event were last read again."},
	{"meta_webhooks",
		"Уведомления QTickets: какой заказ, когда доставлено, когда опубликовано.",
		"Webhook messages of QTickets: which order, when delivered, when published."},
	{"meta_webhook_days",
		"Уведомления по дням: задержка, необработанные и потерянные.",
		"Webhook messages by day: delay, not handled and lost ones."},
	{"meta_assumptions",
		"Что мы предполагаем об API QTickets и что об этом увидели загрузки.",
		"What is assumed about the API of QTickets, and what loads saw of it."},
	{"meta_backups",
		"Резервные копии и проверки восстановления: когда удались в последний раз.",
		"Backups and restore drills: when they last succeeded."},
	{"meta_schema", "Версия схемы: какая применена последней.", "Version of the schema: which was applied last."},
	{"meta_alerts",
		"Тревоги: что случилось, когда началось и закончилось, когда отправлено оповещение.",
		"Alerts: what happened, when it began and ended, when the message was sent."},
}

// purpose of a view people read.
type purpose struct{ view, russian, english string }

// guide is one of the two documents of the tables: what its second half, made of the schema, is written in.
type guide struct {
	path, begin, list, columns string
	english                    bool
}

var guides = []guide{
	{path: "../../../../docs/tables.md", begin: "<!-- Отсюда и до конца составлено по схеме -->\n",
		list: "представление | что в нём", columns: "столбец | тип | что это"},
	{path: "../../../../docs/tables.en.md", begin: "<!-- From here to the end made from the schema -->\n",
		list: "view | what is in it", columns: "column | type | what it is", english: true},
}

// TestTablesAreDocumented: docs/tables.md and docs/tables.en.md end with every column people read and its comment in
// the schema. After a change run the tests with QTICKETS_UPDATE_DOCS=1.
func TestTablesAreDocumented(t *testing.T) {
	t.Parallel()
	columns := columnsOfViews(t)
	for _, g := range guides {
		text, err := os.ReadFile(g.path)
		if err != nil {
			t.Fatal(err)
		}
		intro, _, ok := strings.Cut(string(text), g.begin)
		if !ok {
			t.Fatalf("%s lacks the line %s", g.path, g.begin)
		}
		want := intro + g.begin + g.tables(t, columns)
		if want == string(text) {
			continue
		}
		if os.Getenv("QTICKETS_UPDATE_DOCS") == "" {
			t.Fatalf("%s is not up to date: run this test with QTICKETS_UPDATE_DOCS=1", g.path)
		}
		if err := os.WriteFile(g.path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// column of a view, with its comment in Russian.
type column struct{ name, kind, comment string }

// columnsOfViews are the columns people read, by view.
func columnsOfViews(t *testing.T) map[string][]column {
	t.Helper()
	c := testkit.As(t, testkit.Database(t), embedded.Admin)
	columns := map[string][]column{}
	for _, r := range testkit.Rows(t, c, `SELECT table, name, type, comment FROM system.columns
		WHERE database = currentDatabase() AND match(table, '^(stg|dim|fact|v|meta)_') ORDER BY table, position`) {
		table := r[0].(string)
		columns[table] = append(columns[table], column{r[1].(string), r[2].(string), r[3].(string)})
	}
	return columns
}

// tables is the list of views, then the columns of each.
func (g guide) tables(t *testing.T, columns map[string][]column) string {
	t.Helper()
	english := englishComments(t)
	unused := maps.Clone(english)
	var list, details strings.Builder
	fmt.Fprintf(&list, "\n| %s |\n|---|---|\n", g.list)
	for _, p := range purposes {
		about := p.russian
		if g.english {
			about = p.english
		}
		fmt.Fprintf(&list, "| [`%[1]s`](#%[1]s) | %[2]s |\n", p.view, about)
		fmt.Fprintf(&details, "\n## %s\n\n%s\n\n| %s |\n|---|---|---|\n", p.view, about, g.columns)
		for _, c := range columns[p.view] {
			comment := c.comment
			delete(unused, comment)
			if g.english {
				if comment = english[c.comment]; comment == "" {
					t.Errorf("%s.%s: no English for %q: add it to testdata/comments_en.txt", p.view, c.name, c.comment)
				}
			}
			fmt.Fprintf(&details, "| `%s` | %s | %s |\n", c.name, c.kind, strings.ReplaceAll(comment, "|", `\|`))
		}
	}
	for view := range columns {
		if !slices.ContainsFunc(purposes, func(p purpose) bool { return p.view == view }) {
			t.Errorf("say what %s is for, in this file", view)
		}
	}
	for comment := range unused {
		t.Errorf("testdata/comments_en.txt translates what no column says: %q", comment)
	}
	return list.String() + details.String()
}

// englishComments are the comments of the columns in English, by the Russian ones.
func englishComments(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/comments_en.txt")
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]string{}
	for pair := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n\n") {
		russian, english, _ := strings.Cut(pair, "\n")
		if _, twice := comments[russian]; twice || strings.Contains(english, "\n") ||
			strings.ContainsFunc(english, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("testdata/comments_en.txt: %q stands twice, or %q is not one line of English", russian, english)
		}
		comments[russian] = english
	}
	return comments
}
