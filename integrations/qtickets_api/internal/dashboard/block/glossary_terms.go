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
		termText{"Данные на момент",
			"До этого момента продажи загружены полностью. Все числа страницы посчитаны на этот момент.",
			"Кабинет показывает и то, что случилось после загрузки."},
		termText{"As of", "Sales are loaded completely up to this moment. Every figure of the page is computed for it.",
			"The QTickets account also shows what happened after the load."},
	},
	{
		"day", "fact_qtickets_movements.day",
		termText{"День продажи",
			"День оплаты по Москве. День показа — по местному времени; какой из них показан, написано в подписи.",
			"Кабинет может считать по дню создания заказа."},
		termText{"Day of sale",
			"The Moscow day of the payment. The day of a show is local to the venue; the label says which of the two is shown.",
			"The QTickets account may count by the day the order was created."},
	},
	{
		"tickets", "fact_qtickets_movements.tickets",
		termText{"Билеты", "Оплаченные билеты, по дню оплаты; и те, что потом вернули. Отменённые без возврата не " +
			"считаются. Абонемент считается по входящим в него билетам, сам он билетом не считается.",
			"Кабинет может убирать возвращённые из дня продажи и считать абонемент ещё одним билетом."},
		termText{"Tickets", "Paid tickets by the day of payment, including those refunded later. Tickets cancelled " +
			"without a refund are not counted. A season ticket counts as the tickets it contains, not as a ticket itself.",
			"The QTickets account may take refunded tickets out of the day of sale and count a season ticket as one more " +
				"ticket."},
	},
	{
		"gross", "fact_qtickets_movements.gross_revenue",
		termText{"Оплачено", "Сколько заплачено за билеты, по дню оплаты. Сервисный сбор не входит.",
			"Кабинет может показывать сумму заказов с отменёнными билетами или со сбором."},
		termText{"Paid", "What was paid for tickets, by the day of payment, without service fees.",
			"The QTickets account may show the amount of orders including cancelled tickets or fees."},
	},
	{
		"refunds", "fact_qtickets_movements.refunded_revenue",
		termText{"Возвраты",
			"Деньги, возвращённые покупателям, по дню возврата, когда бы билет ни купили. Числа прошлых дней от новых " +
				"возвратов не меняются.", "Кабинет может вычитать возврат из дня продажи."},
		termText{"Refunds", "Money returned to buyers, by the day of the refund, whenever the ticket was bought. New " +
			"refunds do not change the figures of past days.",
			"The QTickets account may subtract a refund from the day of sale."},
	},
	{
		"net", "fact_qtickets_movements",
		termText{"Выручка", "Оплачено минус возвращено. Удержанное при возврате остаётся у вас.", ""},
		termText{"Revenue", "Paid minus refunded. What was withheld from a refund stays yours.", ""},
	},
	{
		"average", "fact_qtickets_movements",
		termText{"Средняя цена билета", "Оплачено ÷ число платных билетов. Бесплатные считаются отдельно.",
			"Кабинет может делить на все билеты."},
		termText{"Average ticket price", "Paid ÷ the number of paid-for tickets. Free tickets are counted separately.",
			"The QTickets account may divide by all tickets."},
	},
	{
		"sold", "v_qtickets_sales_dashboard.tickets_sold",
		termText{"Продано", "Оплаченные билеты, кроме возвращённых и отменённых. Неоплаченная бронь не считается.",
			"Кабинет может считать и бронь."},
		termText{"Sold", "Paid tickets, excluding refunded and cancelled ones. An unpaid reservation is not counted.",
			"The QTickets account may count reservations too."},
	},
	{
		"fill", "v_qtickets_sales_dashboard.fill",
		termText{"Заполняемость", "Продано ÷ (всего мест − закрыто организатором). Если схемы зала нет — прочерк.",
			"Кабинет может делить на все места; продажи и места загружаются в разное время."},
		termText{"Fill", "Sold ÷ (all seats − closed by the organiser). Unknown without a hall plan.",
			"The QTickets account may divide by all seats; sales and seats are loaded at different times."},
	},
	{
		"share", "v_qtickets_sales_dashboard.possible_revenue",
		termText{"От потенциальной выручки",
			"Цена проданных билетов ÷ стоимость всех мест по номиналу. Место с несколькими тарифами берётся по самому " +
				"дорогому. Если цена хотя бы одного места неизвестна — прочерк.", ""},
		termText{"Of potential revenue",
			"The price of sold tickets ÷ the list price of all seats. A seat with several tariffs counts at the highest. " +
				"Unknown if the price of any seat is unknown.", ""},
	},
	{
		"discount", "fact_qtickets_movements.discount",
		termText{"Номинал и скидка", "Номинал — оплачено плюс скидка. Скидка — по промокоду, на бесплатный билет или " +
			"прочая. Номинал бесплатного билета без скидки неизвестен.", ""},
		termText{"List price and discount", "The list price is what was paid plus the discount, which is by promo code, of " +
			"a free ticket, or another. The list price of a free ticket without a discount is unknown.", ""},
	},
	{
		"came", "fact_qtickets_entries.tickets_came",
		termText{"Пришли", "Проданные билеты, отсканированные на входе.",
			"Кабинет показывает сканирования сразу, сюда они попадают, когда заказ перечитан."},
		termText{"Came", "Sold tickets that were scanned at the door.",
			"The QTickets account shows scans at once; they come here when the order is read again."},
	},
	{
		"usual", "fact_qtickets_movements",
		termText{"Обычно", "Медиана за такие же дни недели последних 8 недель, к той же минуте. Процент показан, если " +
			"сегодня больше или меньше, чем в каждый из этих дней, и обычно продают не меньше 10 билетов.", ""},
		termText{"Usual", "The median of the same weekday over the last 8 weeks, up to the same minute. The percentage is " +
			"shown when today is above or below each of these days and 10 tickets or more are usual.", ""},
	},
	{
		"days_left", "fact_qtickets_movements.days_left",
		termText{"Дней до показа", "Дата показа по местному времени минус московский день, не меньше 0.", ""},
		termText{"Days left", "The local day of the show minus the Moscow day, at least 0.", ""},
	},
	{
		"need", "v_qtickets_pacing, fact_qtickets_movements",
		termText{"Нужно в день", "Сколько продавать в день, чтобы дойти до плана: (план − продано) ÷ дней до показа. Где " +
			"плана нет, его место занимает обычный итог — сколько в конце продали самые похожие прошедшие показы. «Не " +
			"дотянет» — это шанс больше 70 % закончить ниже, «может не дотянуть» — от 30 до 70 %: по ошибкам прежних " +
			"прогнозов.", ""},
		termText{"Needed a day", "Tickets a day to reach the plan: (plan − sold) ÷ days left. Where there is no plan, the " +
			"usual final stands for it: what the likest past shows sold in the end. \"Will end below\" is a chance above 70% " +
			"to end below it, \"may end below\" 30 to 70%: by the errors of earlier forecasts.", ""},
	},
	{
		"pace", "v_qtickets_pacing",
		termText{"Темп продаж",
			"Продано ÷ медиана похожих показов за столько же дней до начала. Похожие — прошедшие за последние 2 года, " +
				"подобранные по мероприятию, залу, городу, вместимости и дню недели.", ""},
		termText{"Sales pace",
			"Sold ÷ the median of comparable shows as many days before the start. Comparable: past shows of the last 2 " +
				"years, chosen by event, hall, city, capacity and weekday.", ""},
	},
	{
		"channel", "fact_qtickets_movements.utm_source",
		termText{"UTM-метка",
			"Метка заказа строчными буквами. «Без метки» — заказы без неё. Посещения сайта не загружаются, поэтому конверсии " +
				"здесь нет.", "Кабинет различает регистр и пробелы."},
		termText{"UTM tag", "The tag of the order in lower case. “No tag”: orders without one. Site visits are not " +
			"loaded, so there is no conversion rate.", "The QTickets account distinguishes letter case and spaces."},
	},
	{
		"heat", "fact_qtickets_movements",
		termText{"Когда покупают", "Билеты ÷ сколько раз этот день недели был в периоде; время московское.", ""},
		termText{"When tickets are bought", "Tickets ÷ the number of such weekdays in the period; Moscow time.", ""},
	},
	{
		"currency", "fact_qtickets_movements.currency_id",
		termText{"Валюта", "Суммы в разных валютах не складываются.", "Кабинет может складывать."},
		termText{"Currency", "Amounts in different currencies are never added.", "The QTickets account may add them."},
	},
}
