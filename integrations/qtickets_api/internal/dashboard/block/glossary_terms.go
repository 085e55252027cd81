package block

import (
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

// glossaryTerms explain the figures in a language.
func glossaryTerms(l format.Locale) []Term {
	terms := make([]Term, len(glossary))
	for i, g := range glossary {
		text := g.en
		if l == format.Russian {
			text = g.ru
		}
		terms[i] = Term{Key: g.key, Name: text.name, Definition: text.definition, View: g.view, Cabinet: text.cabinet}
	}
	return terms
}

type termText struct{ name, definition, cabinet string }

var glossary = []struct {
	key, view string
	ru, en    termText
}{
	{
		"as_of", "v_qtickets_sales_dashboard.as_of",
		termText{"Данные на момент", "До этого момента продажи загружены полностью. Любое число страницы кончается здесь.", "Кабинет показывает и то, что случилось после загрузки."},
		termText{"As of", "Sales are loaded completely up to this moment. Every figure of the page ends here.", "The cabinet also shows what happened after the load."},
	},
	{
		"day", "fact_qtickets_movements.day",
		termText{"День продажи", "Московский день оплаты. День показа — по времени города; подпись говорит, какой из двух.", "Кабинет может считать по дню создания заказа."},
		termText{"Day of sale", "The Moscow day of the payment. The day of a show is the venue's own; the label says which of the two.", "The cabinet may count by the day the order was made."},
	},
	{
		"tickets", "fact_qtickets_movements.tickets",
		termText{"Билеты", "Оплаченные билеты в день оплаты, с возвращёнными потом. Отменённые без возврата не считаются. Абонемент — по его билетам, сам он не билет.", "Кабинет может убирать возвращённые из дня продажи и считать абонемент ещё одним билетом."},
		termText{"Tickets", "Paid tickets on the day of payment, those refunded later included. Cancelled without a refund: not counted. A season ticket counts by its tickets only.", "The cabinet may take refunded tickets out of the day of sale and count a season ticket once more."},
	},
	{
		"gross", "fact_qtickets_movements.gross_revenue",
		termText{"Выручка", "Цена оплаченных билетов в день оплаты. Сервисный сбор не входит.", "Кабинет может показывать сумму заказов с отменёнными билетами или со сбором."},
		termText{"Revenue", "The price of paid tickets on the day of payment, without service fees.", "The cabinet may show the price of orders with their cancelled tickets or with fees."},
	},
	{
		"refunds", "fact_qtickets_movements.refunded_revenue",
		termText{"Возвраты", "Возвращённые деньги в день возврата, когда бы ни был оплачен билет. Вчерашнее число не меняется.", "Кабинет может вычитать возврат из дня продажи."},
		termText{"Refunds", "Money given back on the day of the refund, whenever the ticket was paid. Yesterday's figure does not change.", "The cabinet may take a refund off the day of sale."},
	},
	{
		"net", "fact_qtickets_movements",
		termText{"Осталось", "Выручка минус возвраты. Удержанное при возврате остаётся у вас.", ""},
		termText{"Net", "Revenue less refunds. What was kept of a refund stays yours.", ""},
	},
	{
		"average", "fact_qtickets_movements",
		termText{"Средний билет", "Выручка, делённая на билеты дороже нуля. Бесплатные считаются отдельно.", "Кабинет может делить на все билеты."},
		termText{"Average ticket", "Revenue divided by the tickets that cost anything. Free ones are counted apart.", "The cabinet may divide by all tickets."},
	},
	{
		"sold", "v_qtickets_sales_dashboard.tickets_sold",
		termText{"Продано", "Оплачено и сейчас не возвращено и не отменено. Неоплаченная бронь — не продажа.", "Кабинет может считать и бронь."},
		termText{"Sold", "Paid and now neither refunded nor cancelled. An unpaid reservation is no sale.", "The cabinet may count reservations too."},
	},
	{
		"fill", "v_qtickets_sales_dashboard.fill",
		termText{"Заполнение", "Продано ÷ (мест − закрыто организатором). Без схемы зала — «—».", "Кабинет может делить на все места; продажи и места читаются в разное время."},
		termText{"Fill", "Sold ÷ (seats − closed by the organiser). Without a hall plan: “—”.", "The cabinet may divide by all seats; sales and seats are read at different times."},
	},
	{
		"share", "v_qtickets_sales_dashboard.possible_revenue",
		termText{"Доля возможной выручки", "Цена проданных билетов ÷ стоимость всех мест по прейскуранту. Место с несколькими тарифами — по самому дорогому. Если цена хоть одного места неизвестна — «—».", ""},
		termText{"Share of possible", "The price of sold tickets ÷ the list price of all seats. A seat with several tariffs counts at the dearest. If the price of any seat is unknown: “—”.", ""},
	},
	{
		"usual", "fact_qtickets_movements",
		termText{"Обычно", "Медиана тех же дней недели за 8 недель, до той же минуты дня. Процент показан, если обычно продают не меньше 10 билетов.", ""},
		termText{"Usual", "The median of the same weekday of 8 weeks, to the same minute of the day. The percentage is told when 10 tickets or more are usual.", ""},
	},
	{
		"days_left", "fact_qtickets_movements.days_left",
		termText{"Дней до показа", "День показа в городе минус московский день, не меньше 0.", ""},
		termText{"Days left", "The venue's day of the show less the Moscow day, at least 0.", ""},
	},
	{
		"need", "v_qtickets_sales_dashboard, fact_qtickets_movements",
		termText{"Нужно в день", "Свободные места ÷ дней до показа. Сравнивается со скоростью: билеты за последние 7 дней ÷ 7.", ""},
		termText{"Needed a day", "Free seats ÷ days left. Compared with the speed: tickets of the last 7 days ÷ 7.", ""},
	},
	{
		"pace", "v_qtickets_pacing",
		termText{"Темп", "Продано ÷ медиана похожих показов, когда до них оставалось столько же дней. Похожие: закончившиеся за 2 года, по событию, залу, городу, вместимости и дню недели.", ""},
		termText{"Pace", "Sold ÷ the median of comparable shows with as many days left. Comparable: finished within 2 years, by event, hall, city, capacity and weekday.", ""},
	},
	{
		"channel", "fact_qtickets_movements.utm_source",
		termText{"Канал", "UTM-метка заказа в нижнем регистре. «Без метки» — заказы, где её нет. Посещений у нас нет, поэтому и доли купивших нет.", "Кабинет различает регистр и пробелы."},
		termText{"Channel", "The UTM mark of the order in lower case. “No mark”: orders without one. There are no visits, so there is no conversion rate.", "The cabinet tells upper case and blanks apart."},
	},
	{
		"heat", "fact_qtickets_movements",
		termText{"Час × день недели", "Билеты ÷ число таких дней недели в периоде, по московскому времени.", ""},
		termText{"Hour × weekday", "Tickets ÷ the number of such weekdays in the period, Moscow time.", ""},
	},
	{
		"currency", "fact_qtickets_movements.currency_id",
		termText{"Валюта", "Суммы разных валют никогда не складываются.", "Кабинет может складывать."},
		termText{"Currency", "Amounts of different currencies are never added.", "The cabinet may add them."},
	},
}
