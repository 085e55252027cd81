package warehouse_test

import (
	"maps"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// The settings DataLens sends in the query string on its two ways of asking.
var (
	introspection = map[string]string{"join_use_nulls": "1", "send_progress_in_http_headers": "0",
		"output_format_json_quote_denormals": "1"}
	data = map[string]string{"join_use_nulls": "1", "send_progress_in_http_headers": "0", "readonly": "2",
		"default_format": "JSONCompact"}
)

func with(settings map[string]string, name, value string) map[string]string {
	settings = maps.Clone(settings)
	settings[name] = value
	return settings
}

// TestDataLens replays what DataLens sends, as the user it logs in as, against what it is meant to read.
func TestDataLens(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	loader := testkit.As(t, c, embedded.Loader)
	for _, statement := range []string{
		`INSERT INTO store_sales_daily (batch, sales_date, event_id, show_id, event_name, city, currency_id, tickets_sold, revenue, refunded_revenue, gross_revenue)
			VALUES (1, today(), 1, 1, 'Концерт «Весна»', 'Москва', 'RUB', 2, 298.00, 2.00, 300.00), (1, today() - 3, 1, 1,
				'Концерт «Весна»', 'Москва', 'RUB', 1, 100.00, 0, 100.00),
			(1, today() - 40, 2, 2, 'Спектакль', 'Казань', 'RUB', 5, 500.50, 0, 500.50), (2, today(), 9, 9, 'не опубликовано', 'Тверь', 'RUB', 9, 9, 0, 9)`,
		"INSERT INTO store_sales_dashboard (batch, event_id, show_id, event_name, city, revenue, tickets_sold, " +
			"gross_revenue, refunded_revenue, as_of) VALUES (1, 1, 1, 'Концерт «Весна»', 'Москва', 398, 3, 400, 2, now())",
		"INSERT INTO publish (seq, batch) VALUES (1, 1)",
	} {
		if text, code := post(t, loader, statement, nil); code != "" {
			t.Fatal(text)
		}
	}
	const fact = "zakaz.fact_qtickets_sales_daily"
	const january = "toDate32('2020-01-01')"
	for _, r := range []struct {
		name, database, sql string
		settings            map[string]string
		code, holds         string // what must come back
	}{
		{"1 alive", "system", "select 1", introspection, "", `[1]`},
		{"1 version", "system", "select version()", introspection, "", `["2`},
		{"2 databases", "system", "SHOW DATABASES", introspection, "", `["zakaz"]`},
		{"2 tables", "system", "SELECT database, name FROM system.tables", introspection, "",
			`["zakaz", "v_qtickets_sales_dashboard"]`},
		{"3 tables", "", "SHOW TABLES", introspection, "", `["fact_qtickets_sales_daily"]`},
		{"3 exists", "", "EXISTS TABLE fact_qtickets_sales_daily", introspection, "", `[1]`},
		{"3 describe", "", "DESCRIBE TABLE v_qtickets_sales_dashboard", introspection, "", `["revenue", "Float64"`},
		{"4 zone", "", "select timezone()", introspection, "", `["Europe\/Moscow"]`},
		{"5 sorting key", "system",
			"SELECT sorting_key FROM tables WHERE name='v_qtickets_sales_dashboard' AND database='zakaz'", introspection, "",
			`"rows": 1`},
		{"6 describe a query", "", "DESCRIBE TABLE (select city, sum(revenue) AS r from " + fact + " group by city)",
			introspection, "", `["r", "Decimal(38, 2)"`},
		{"7 preview", "", "SELECT t1.sales_date AS res_0, t1.city AS res_1, t1.revenue AS res_2 FROM " + fact +
			" AS t1 LIMIT 1000", data, "", `"rows": 3`},
		{"8 sum by city", "", "SELECT t1.city AS res_0, sum(t1.revenue) AS res_1 FROM " + fact +
			" AS t1 WHERE t1.sales_date BETWEEN " + january +
			" AND toDate32('2100-12-31') GROUP BY res_0 ORDER BY res_0 ASC NULLS FIRST LIMIT 100", data, "", `["Москва", 398]`},
		{"9 last week", "", "SELECT sum(t1.tickets_sold) AS res_0 FROM " + fact +
			" AS t1 WHERE t1.sales_date >= date_add(day, -(7), toDate(now()))", data, "", `[3]`},
		{"9 Moscow day", "", "SELECT toDate(now()) = toDate(now('Europe/Moscow')), today() = toDate(now('Europe/Moscow'))",
			data, "", `[1, 1]`},
		{"10 months", "", "SELECT toStartOfInterval(toDate(t1.sales_date), INTERVAL 1 month) AS res_0, " +
			"toISOWeek(t1.sales_date) AS res_1, sum(t1.revenue) AS res_2 FROM " + fact +
			" AS t1 GROUP BY res_0, res_1 ORDER BY res_0 DESC NULLS LAST LIMIT 0, 100", data, "", `500.5]`},
		{"11 selector", "", "SELECT DISTINCT t1.event_name AS res_0 FROM " + fact +
			" AS t1 WHERE positionCaseInsensitiveUTF8(t1.event_name, 'концерт') != 0 ORDER BY res_0 LIMIT 100", data, "",
			`["Концерт «Весна»"]`},
		{"12 aggregates", "",
			"SELECT uniqExact(t1.event_id) AS res_0, sumIf(t1.revenue, t1.city = 'Казань') AS res_1, avg(t1.tickets_sold) AS " +
				"res_2, ifNull(countIf(t1.tickets_sold > 1), 0) AS res_3 FROM " + fact +
				" AS t1 WHERE t1.city IN ('Москва', 'Казань')", data, "", `500.5`},
		{"13 windows", "", "SELECT res_0, res_1, RANK() OVER (ORDER BY res_1 DESC) AS res_2, SUM(res_1) OVER (ORDER BY " +
			"res_0) AS res_3 FROM (SELECT t1.sales_date AS res_0, sum(t1.revenue) AS res_1 FROM " + fact +
			" AS t1 GROUP BY res_0) AS q ORDER BY res_0", data, "", `898.5]`},
		{"14 fixed level", "",
			"SELECT a.res_0 AS c, a.res_1 AS r, b.res_1 AS total FROM (SELECT t1.city AS res_0, sum(t1.revenue) AS res_1 FROM " +
				fact + " AS t1 GROUP BY res_0) AS a LEFT OUTER JOIN (SELECT t1.city AS res_0, max(t1.revenue) AS res_1 FROM " +
				fact + " AS t1 GROUP BY res_0) AS b ON ifNull(a.res_0, '') = ifNull(b.res_0, '')", data, "",
			`["Москва", 398, 298]`},
		{"15 source in SQL", "",
			"SELECT t1.c AS res_0 FROM (select city as c from zakaz.v_qtickets_sales_dashboard) AS t1 LIMIT 10", data, "",
			`["Москва"]`},
		{"15 nothing found", "", "SELECT t1.city AS res_0 FROM " + fact + " AS t1 WHERE t1.city = 'Нигде' LIMIT 10", data, "",
			`"rows": 0`},
		{"15 limits", "", "SELECT min(t1.sales_date) AS res_0, max(t1.sales_date) AS res_1 FROM " + fact + " AS t1", data, "",
			`"rows": 1`},
		{"shares", "", "SELECT sum(t1.refunded_revenue) / sum(t1.gross_revenue) AS res_0 FROM " +
			"zakaz.v_qtickets_sales_dashboard AS t1", data, "", `[0.005]`},
		{"16 insert", "", "INSERT INTO zakaz.publish (seq, batch) VALUES (2, 2)", data, "497", ""},
		{"16 create", "", "CREATE TEMPORARY TABLE t (a UInt8)", data, "497", ""},
		{"16 state", "", "SELECT t1.order_id AS res_0 FROM zakaz.state_orders AS t1 LIMIT 1", data, "497", ""},
		{"16 staging", "", "SELECT t1.order_id AS res_0 FROM zakaz.stg_qtickets_api_orders_raw AS t1 LIMIT 1", data, "497",
			""},
		{"16 store", "", "SELECT t1.batch AS res_0 FROM zakaz.store_sales_daily AS t1 LIMIT 1", data, "497", ""},
		{"16 ledger", "", "SELECT t1.job AS res_0 FROM zakaz.state_job_runs AS t1 LIMIT 1", data, "497", ""},
		{"16 pointer", "", "SELECT t1.batch AS res_0 FROM zakaz.publish AS t1 LIMIT 1", data, "497", ""},
		{"16 writing", "", "select 1", with(data, "readonly", "0"), "164", ""},
		{"16 time", "", "select 1", with(data, "max_execution_time", "600"), "452", ""},
		{"16 time", "", "select 1", with(data, "max_execution_time", "30"), "", `[1]`},
	} {
		reader := testkit.As(t, c, embedded.Reader)
		sql := strings.ReplaceAll(r.sql, "zakaz", c.Database)
		if r.settings["default_format"] == "" && r.code == "" {
			sql += " FORMAT JSONCompact"
		}
		if r.database != "" {
			reader.Database = r.database
		}
		text, code := post(t, reader, sql, r.settings)
		found := strings.Join(strings.Fields(strings.ReplaceAll(text, c.Database, "zakaz")), " ")
		if code != r.code || !strings.Contains(found, r.holds) {
			t.Errorf("%s: code %q, want %q and %s in: %s", r.name, code, r.code, r.holds, found)
		}
	}
}
