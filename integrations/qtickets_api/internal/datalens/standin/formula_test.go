package standin

import (
	"fmt"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestAveragePriceIsRoundedToTheKopeck: the average price of a chart is the exact one, half a kopeck up, as the page
// has it, though money comes to a chart as a float: for all sums of up to 200 000 kopecks over up to 24 tickets, and
// for large ones that lie on a half and next to one.
func TestAveragePriceIsRoundedToTheKopeck(t *testing.T) {
	content := object{"result_schema": []any{}}
	for _, name := range []string{"gross_revenue", "tickets", "tickets_free"} {
		content["result_schema"] = append(content["result_schema"].([]any), object{"title": name, "source": name,
			"calc_mode": "direct", "aggregation": "sum", "initial_data_type": "float"})
	}
	price, _ := datalens.DatasetOf("v_qtickets_movements").Field(datalens.Prefix + "price")
	shown := compileField(content, object{"title": "price", "calc_mode": "formula", "formula": price.Formula})
	sums := map[string]string{
		"all small": "SELECT number AS kopecks, n FROM numbers(200001) ARRAY JOIN range(1, 25) AS n",
		"large": `SELECT toUInt64(n * whole + intDiv(n, 2) + arrayJoin([-1, 0, 1])) AS kopecks, n FROM (
			SELECT 1 + cityHash64(number) % 100000 AS n, cityHash64(number, 'price') % 10000000 AS whole FROM numbers(300000))`,
	}
	for name, of := range sums {
		t.Run(name, func(t *testing.T) {
			wrong := testkit.Rows(t, testkit.Database(t), fmt.Sprintf(`SELECT kopecks, n, toString(%s) AS shown, exact FROM (
				SELECT kopecks, n, kopecks / 100 AS gross_revenue, n + 1 AS tickets, 1 AS tickets_free,
					intDiv(2 * kopecks + n, 2 * n) AS exact FROM (%s)) AS t1
				GROUP BY kopecks, n, exact HAVING shown != toString(exact / 100) LIMIT 3`, shown.sql, of))
			if len(wrong) > 0 {
				t.Errorf("kopecks, tickets, shown, exact: %v\n%s", wrong, shown.sql)
			}
		})
	}
}
