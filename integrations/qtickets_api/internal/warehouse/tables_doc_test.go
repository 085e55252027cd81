package warehouse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// purposes are the views people read, in the order of the document.
var purposes = []struct{ view, purpose string }{
	{"v_qtickets_sales_dashboard",
		"Для BI. Строка на показ и валюту: продано и выручка за день, за 14 дней и всего, места, заполняемость."},
	{"v_qtickets_movements", "Для BI: `fact_qtickets_movements`. Почти все графики по дням, часам, городам, каналам."},
	{"v_qtickets_pacing", "Для BI. Темп продаж: сколько билетов было продано за N дней до показа."},
	{"v_qtickets_plan", "Для BI. План, факт и прогноз: строка на показ и валюту, на план мероприятия, на план месяца."},
	{"v_qtickets_zones_latest", "Для BI: `fact_qtickets_zones_latest`."},
	{"v_qtickets_runs", "Для BI: `meta_job_runs`. Можно ли верить данным."},
	{"v_qtickets_sales_daily", "Для BI: `fact_qtickets_sales_daily`."},
	{"v_qtickets_sales_utm_daily", "Для BI: `fact_qtickets_sales_utm_daily`."},
	{"v_qtickets_refunds_daily", "Для BI: `fact_qtickets_refunds_daily`."},
	{"v_qtickets_inventory_latest", "Для BI: `fact_qtickets_inventory_latest`."},
	{"v_qtickets_entries", "Для BI: `fact_qtickets_entries`. Кто пришёл и когда."},
	{"fact_qtickets_sales_daily", "Продажи по московскому дню оплаты, мероприятию, показу и валюте."},
	{"fact_qtickets_sales_utm_daily", "Продажи по дню, мероприятию и UTM-меткам."},
	{"fact_qtickets_refunds_daily", "Возвраты по дню возврата."},
	{"fact_qtickets_inventory_latest", "Места каждого показа и на какой момент эти данные."},
	{"fact_qtickets_zones_latest", "Зоны зала каждого показа: места и цены."},
	{"fact_qtickets_movements",
		"Движения по времени: продажи — по минуте оплаты, возвраты — по минуте возврата, с UTM-метками, промокодом и " +
			"способом оплаты."},
	{"fact_qtickets_entries", "Сканирования билетов: кто из купивших пришёл и когда, по показу, источнику и цене."},
	{"dim_events", "Мероприятия."},
	{"dim_shows", "Показы (даты мероприятий)."},
	{"dim_discounts", "Скидки."},
	{"dim_promo_codes", "Промокоды."},
	{"dim_color_themes", "Цвета ценовых категорий."},
	{"dim_plan_targets", "Действующие планы, как их загрузила команда plan import или изменили на панели."},
	{"stg_qtickets_api_orders_raw", "Каждый заказ, одна строка, без персональных данных."},
	{"stg_qtickets_api_tickets_raw", "Каждый билет, одна строка."},
	{"stg_qtickets_api_inventory_raw", "Места показов, как их сообщил QTickets."},
	{"meta_job_runs", "Журнал запусков: что каждый прочитал, записал и опубликовал."},
	{"meta_quarantine", "Строки QTickets, которые не удалось разобрать."},
	{"meta_sweeps", "Когда заказы каждого мероприятия в последний раз перечитаны."},
	{"meta_webhooks", "Уведомления QTickets: какой заказ, когда доставлено, когда опубликовано."},
	{"meta_webhook_days", "Уведомления по дням: задержка, необработанные и потерянные."},
	{"meta_assumptions", "Что мы предполагаем об API QTickets и что об этом увидели загрузки."},
	{"meta_backups", "Резервные копии и проверки восстановления: когда удались в последний раз."},
	{"meta_schema", "Версия схемы: какая применена последней."},
	{"meta_alerts", "Тревоги: что случилось, когда началось и закончилось, когда отправлено оповещение."},
}

// TestTablesAreDocumented: docs/tables.md ends with every column people read and its comment in the schema. After a
// change run the tests with QTICKETS_UPDATE_DOCS=1.
func TestTablesAreDocumented(t *testing.T) {
	t.Parallel()
	const path, begin = "../../../../docs/tables.md", "<!-- Отсюда и до конца составлено по схеме -->\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	intro, _, ok := strings.Cut(string(text), begin)
	if !ok {
		t.Fatalf("docs/tables.md lacks the line %s", begin)
	}
	want := intro + begin + tables(t)
	if want == string(text) {
		return
	}
	if os.Getenv("QTICKETS_UPDATE_DOCS") == "" {
		t.Fatal("docs/tables.md is not up to date: run this test with QTICKETS_UPDATE_DOCS=1")
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tables is the list of views, then the columns of each.
func tables(t *testing.T) string {
	t.Helper()
	c := testkit.As(t, testkit.Database(t), embedded.Admin)
	columns := map[string][]string{}
	for _, r := range testkit.Rows(t, c, `SELECT table, name, type, comment FROM system.columns
		WHERE database = currentDatabase() AND match(table, '^(stg|dim|fact|v|meta)_') ORDER BY table, position`) {
		table := r[0].(string)
		columns[table] = append(columns[table], fmt.Sprintf("| `%s` | %s | %s |", r[1], r[2],
			strings.ReplaceAll(r[3].(string), "|", `\|`)))
	}
	var list, details strings.Builder
	list.WriteString("\n| представление | что в нём |\n|---|---|\n")
	for _, p := range purposes {
		if columns[p.view] == nil {
			continue
		}
		fmt.Fprintf(&list, "| [`%[1]s`](#%[1]s) | %[2]s |\n", p.view, p.purpose)
		fmt.Fprintf(&details, "\n## %s\n\n%s\n\n| столбец | тип | что это |\n|---|---|---|\n%s\n", p.view, p.purpose,
			strings.Join(columns[p.view], "\n"))
		delete(columns, p.view)
	}
	for view := range columns {
		t.Errorf("say what %s is for, in this file", view)
	}
	return list.String() + details.String()
}
