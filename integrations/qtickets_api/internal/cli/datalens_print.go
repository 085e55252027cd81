package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens/publish"
)

// datalensLocale is the set of texts of "datalens publish" in one language.
type datalensLocale struct {
	what                         map[publish.What]string
	kind                         map[string]string
	done, columns, equal, unlike string
	differ                       string
}

var datalensTexts = map[string]datalensLocale{
	"en": {
		what: map[publish.What]string{publish.Created: "created", publish.Updated: "updated", publish.Same: "same",
			publish.Left: "no longer made, remove it by hand"},
		kind: map[string]string{publish.KindWorkbook: "workbook", publish.KindConnection: "connection",
			publish.KindDataset: "dataset", publish.KindField: "field", publish.KindChart: "chart",
			publish.KindDashboard: "dashboard"},
		done:    "Workbook %s, dashboard %s.\n",
		columns: "dataset\tDataLens\tClickHouse\n", equal: "same", unlike: "DIFFERS",
		differ: "qtickets_api: a number of DataLens is not that of ClickHouse. DataLens keeps answers for 60 seconds, and " +
			"a load may have come in between: run this again. If it stays so, DataLens reads another server or database.",
	},
	"ru": {
		what: map[publish.What]string{publish.Created: "создано", publish.Updated: "обновлено", publish.Same: "без изменений",
			publish.Left: "больше не создаётся, удалите вручную"},
		kind: map[string]string{publish.KindWorkbook: "воркбук", publish.KindConnection: "подключение",
			publish.KindDataset: "датасет", publish.KindField: "поле", publish.KindChart: "чарт",
			publish.KindDashboard: "дашборд"},
		done:    "Воркбук %s, дашборд %s.\n",
		columns: "датасет\tDataLens\tClickHouse\n", equal: "совпадает", unlike: "НЕ СОВПАДАЕТ",
		differ: "qtickets_api: число в DataLens не совпадает с ClickHouse. DataLens хранит ответы 60 секунд, и за это " +
			"время могла пройти загрузка: повторите. Если не помогло, DataLens читает другой сервер или другую базу.",
	},
}

func (t datalensLocale) printStep(w io.Writer, s publish.Step) {
	fmt.Fprintf(w, "%s: %s «%s»\n", t.what[s.What], t.kind[s.Kind], oneLine(s.Name))
}

// printNumbers tells whether all are the same. lang is that of the datasets.
func (t datalensLocale) printNumbers(w io.Writer, numbers []publish.Number, lang string) bool {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, t.columns)
	same := true
	for _, n := range numbers {
		word := t.equal
		if !n.Equal() {
			word, same = t.unlike, false
		}
		fmt.Fprintf(table, "%s\t%.0f\t%.0f\t%s\n", n.Dataset.In(lang), n.DataLens, n.ClickHouse, word)
	}
	_ = table.Flush() // the terminal
	return same
}
