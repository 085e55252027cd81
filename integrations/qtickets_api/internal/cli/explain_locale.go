package cli

import (
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/explain"
)

// explainLocale is the set of texts of "explain" in one language.
type explainLocale struct {
	lang                                                  string
	empty, unpublished, published                         string
	event, show                                           string // of the day
	sold, refunded, notCounted                            string // headings
	nothing, row, all                                     string
	asPublished, tickets, publishedRow                    string
	more, runs, unknownRun, started                       string
	columns, notCountedColumns                            string // %s: columns of money
	price, gross, back, kept                              string
	ties, differs                                         string
	noPublication, factsAreWrong, changed, other, publish string
	andMore                                               string
	salesTotals, refundTotals                             string
	states                                                map[string]string
}

var explainTexts = map[string]explainLocale{
	"en": {
		lang:        "en",
		empty:       "Nothing was sold or refunded on %s.\n",
		unpublished: "Published: nothing. Times are Moscow time.\n",
		published:   "Published: batch %d, as of %s, at %s by run %s. Times are Moscow time.\n",
		event:       ", event %d", show: ", show %d",
		sold:       "\nSold on %s (fact_qtickets_sales_daily)\n",
		refunded:   "\nRefunded on %s (fact_qtickets_refunds_daily)\n",
		notCounted: "\nDo not count, though their orders were paid on %s\n",
		nothing:    "  nothing\n", row: "\n  Event %d, show %d, %s\n", all: "\n  All of these\n",
		asPublished: "  ✓ %s, as published\n", tickets: "  ✗ tickets:   %s\n", publishedRow: "    published: %s\n",
		more: "\n  %d more tickets: --all lists them.\n", runs: "\nRuns\n", unknownRun: "not in the run ledger",
		started:           "started",
		columns:           "  order\tticket\tstate\t%s\t%s\t%s\t%s\tsold\trefunded at\trun\tread\n",
		notCountedColumns: "  order\tticket\tevent\tshow\tstate\t%s\tsold\tdeleted\trun\tread\twhy\n",
		price:             "price", gross: "gross", back: "refunded", kept: "kept",
		ties:          "\n✓ The tickets add up to the published numbers.\n",
		differs:       "\n✗ The tickets do not add up to the published numbers.\n",
		noPublication: "Nothing is published yet: run \"qtickets_api sync\".\n",
		factsAreWrong: "No order has changed since the publication, so the facts are wrong: run \"qtickets_api check\" to " +
			"see which,\nand \"qtickets_api sync\" to publish them again.\n",
		changed: "Orders of this day changed since the publication: %s\n",
		other:   "Orders changed since the publication, not of this day as they stand now: %s\n",
		publish: "If a run is in progress, wait for it; otherwise run \"qtickets_api sync\" to publish them. Then " +
			"explain again.\n",
		andMore: " and %d more",
		salesTotals: "tickets sold %d (free %d), orders %d, refunded since %d; gross %s − refunded %s = kept %s; " +
			"discount %s",
		refundTotals: "tickets refunded %d; gross %s − refunded %s = kept %s",
		states: map[string]string{"held": "held", "sold": "sold", "refunded": "refunded",
			"cancelled": "cancelled"},
	},
	"ru": {
		lang:        "ru",
		empty:       "%s: ничего не продано и не возвращено.\n",
		unpublished: "Опубликовано: ничего. Время московское.\n",
		published:   "Опубликовано: публикация %d, данные на %s, опубликовано %s запуском %s. Время московское.\n",
		event:       ", мероприятие %d", show: ", показ %d",
		sold:       "\nПродано: %s (fact_qtickets_sales_daily)\n",
		refunded:   "\nВозвращено: %s (fact_qtickets_refunds_daily)\n",
		notCounted: "\nНе посчитаны, хотя заказ оплачен: %s\n",
		nothing:    "  ничего\n", row: "\n  Мероприятие %d, показ %d, %s\n", all: "\n  Всего\n",
		asPublished: "  ✓ %s — так и опубликовано\n", tickets: "  ✗ по билетам:    %s\n",
		publishedRow: "    опубликовано: %s\n",
		more:         "\n  Ещё билетов: %d, их покажет --all.\n", runs: "\nЗапуски\n", unknownRun: "нет в журнале запусков",
		started:           "начат",
		columns:           "  заказ\tбилет\tсостояние\t%s\t%s\t%s\t%s\tпродан\tвозвращён\tзапуск\tпрочитан\n",
		notCountedColumns: "  заказ\tбилет\tмероприятие\tпоказ\tсостояние\t%s\tпродан\tудалён\tзапуск\tпрочитан\tпочему\n",
		price:             "цена", gross: "оплачено", back: "возвращено", kept: "выручка",
		ties:          "\n✓ Билеты сходятся с опубликованными числами.\n",
		differs:       "\n✗ Билеты не сходятся с опубликованными числами.\n",
		noPublication: "Ещё ничего не опубликовано: запустите \"qtickets_api sync\".\n",
		factsAreWrong: "После публикации ни один заказ не изменился, значит, ошибка в опубликованных данных: " +
			"\"qtickets_api check\" покажет, в каких,\nа \"qtickets_api sync\" опубликует их заново.\n",
		changed: "Заказы этого дня, изменившиеся после публикации: %s\n",
		other:   "Другие заказы, изменившиеся после публикации (сейчас они не этого дня): %s\n",
		publish: "Если идёт загрузка, дождитесь её; если нет — запустите \"qtickets_api sync\". Потом повторите " +
			"explain.\n",
		andMore: " и ещё %d",
		salesTotals: "продано билетов %d (бесплатных %d), заказов %d, возвращено потом %d; оплачено %s − возвращено %s " +
			"= выручка %s; скидки %s",
		refundTotals: "возвращено билетов %d; оплачено %s − возвращено %s = удержано %s",
		states: map[string]string{"held": "бронь", "sold": "продан", "refunded": "возвращён",
			"cancelled": "отменён"},
	},
}

func (w explainLocale) sales(s explain.SalesTotals, currency string) string {
	return fmt.Sprintf(w.salesTotals, s.TicketsSold, s.TicketsFree, s.Orders, s.RefundedTickets,
		money(s.Gross, currency), money(s.Refunded, currency), money(s.Revenue, currency), money(s.Discount, currency))
}

func (w explainLocale) refunds(s explain.RefundTotals, currency string) string {
	return fmt.Sprintf(w.refundTotals, s.Tickets, money(s.Gross, currency), money(s.Refunded, currency),
		money(s.Kept, currency))
}
