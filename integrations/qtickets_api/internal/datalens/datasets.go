package datalens

import (
	"slices"
	"strings"
)

// Views that charts ask.
const (
	movements = "v_qtickets_movements"
	dashboard = "v_qtickets_sales_dashboard"
	pacing    = "v_qtickets_pacing"
	planned   = "v_qtickets_plan"
	zones     = "v_qtickets_zones_latest"
	entries   = "v_qtickets_entries"
	runs      = "v_qtickets_runs"
)

// Datasets are all that are made, in the order of the documents.
var Datasets = []Dataset{
	{
		Name: Text{RU: "Движения", EN: "Movements"}, View: movements, Number: "tickets",
		Row: Text{RU: "заказ, показ и минута, когда что-то оплачено или возвращено",
			EN: "an order, a show and the minute in which something was paid or refunded"},
		Use: Text{RU: "почти все графики: дни, часы, города, UTM-метки, промокоды",
			EN: "nearly all charts: days, hours, cities, UTM parameters, promo codes"},
		Fields: slices.Concat(columns("day hour weekday at event_name city show_date days_left currency_id utm_source "+
			"utm_medium utm_campaign promo_code payment_type_id order_tickets orders tickets tickets_free gross_revenue "+
			"refunded_tickets refunded_gross refunded_revenue discount free_discount tickets_unpriced "+
			"site ordered_at days_ago is_today event_id show_id"), calculated(
			formula("source", Text{"Источник", "Source"},
				Text{"UTM-источник; без метки — так и сказано", "UTM source, or that there is none"},
				`IF([utm_source] = "", "`+noMark.RU+`", [utm_source])`),
			formula("step", Text{"За сколько дней до показа", "Days before the show"},
				Text{"Первый день ступени: 0, 1, 4, 8, 31", "First day of the step: 0, 1, 4, 8, 31"},
				"IF([days_left] = 0, 0, [days_left] <= 3, 1, [days_left] <= 7, 4, [days_left] <= 30, 8, 31)"),
			formula("size", Text{"Размер заказа", "Size of the order"},
				Text{"Билетов в заказе; 10 — 10 и больше", "Tickets of the order; 10 is 10 and more"},
				"IF([order_tickets] > 10, 10, [order_tickets])"),
			formula("price", Text{"Средняя цена билета", "Average ticket price"},
				Text{"Оплачено на платный билет; пусто, если их нет", "Gross of a ticket that is not free; empty without one"},
				// Money comes as a float: half a kopeck is one only of a quotient of whole kopecks.
				"IF([tickets] > [tickets_free], "+
					"FLOOR(ROUND([gross_revenue] * 100, 0) / ([tickets] - [tickets_free]) + 0.5) / 100, NULL)"),
			formula("so_far", Text{"Билеты с начала дня", "Tickets so far"},
				Text{"Нарастающим итогом по горизонтали графика", "Running total along the chart"},
				"RSUM([tickets])"),
			formula("4_weeks", Text{"Билетов в такой день", "Tickets on such a day"},
				Text{"Для последних 28 дней: в них 4 каждого дня недели", "For the last 28 days, which hold 4 of each weekday"},
				"[tickets] / 4"),
			formula("list", Text{"Номинал", "List price"},
				Text{"Оплачено и скидки: сколько билеты стоили без них", "Gross and discounts: what the tickets cost without"},
				"[gross_revenue] + [discount]"),
			formula("has_list", Text{"Есть номинал или возвраты", "Has list price or refunds"},
				Text{"Билеты с номиналом или возвраты денег", "Tickets with a list price, or money returned"},
				"[gross_revenue] + [discount] > 0 OR [refunded_revenue] > 0"),
			formula("has_money", Text{"Есть деньги", "Has money"},
				Text{"Что-то оплачено или возвращено", "Something was paid or refunded"},
				"[gross_revenue] > 0 OR [refunded_revenue] > 0"),
		)),
	},
	{
		Name: Text{RU: "Показы", EN: "Shows"}, View: dashboard, Number: "tickets_sold",
		Row: Text{RU: "показ и валюта", EN: "a show and a currency"},
		Use: Text{RU: "что происходит сейчас: продано, в продаже, заполняемость", EN: "what is so now: sold, left, fill"},
		Fields: slices.Concat(columns("event_name city show_date show_time place_name show_name currency_id tickets_sold "+
			"tickets_left fill revenue gross_revenue refunded_revenue refunded_tickets tickets_free tickets_sold_today "+
			"revenue_today tickets_sold_14d revenue_14d capacity closed start_at finish_at sale_start_at inventory_ts as_of "+
			"timezone cancelled is_coming days_to_show days_ago event_id show_id"), hidden(
			named("sold_revenue", column("Price of sold", "Price of sold tickets, refunded ones not")),
			named("possible_revenue", column("Gross potential", "All seats at their list price")),
		), calculated(
			formula("share", Text{"От потенциальной выручки", "Share of gross potential"},
				Text{"Цена проданных билетов ÷ стоимость всех мест по номиналу, одного показа",
					"Price of sold tickets ÷ all seats at their list price, of one show"},
				"SUM_IF([sold_revenue], NOT ISNULL([possible_revenue])) / MAX([possible_revenue])"),
			formula("as_of", Text{"Данные на момент", "Data as of"},
				Text{"До этого момента продажи загружены полностью", "Up to then sales are complete"},
				"MAX([as_of])"),
			showLabel(),
		)),
	},
	{
		Name: Text{RU: "Темп продаж", EN: "Pacing"}, View: pacing, Number: "sold_on_day",
		Row: Text{RU: "показ и число дней до него", EN: "a show and the days left to it"},
		Use: Text{RU: "как продавался показ", EN: "how a show sold"},
		Fields: slices.Concat(columns("days_left event_name city show_date sold_on_day days_to_show event_id "+
			"show_id"), []Field{
			named("sold", measure("Sold so far", "Sold minus refunded by the end of that day", "max")),
		}, calculated(showLabel())),
	},
	{
		Name: Text{RU: "План", EN: "Plan"}, View: planned, Number: "fact_tickets",
		Row: Text{RU: "показ и валюта, план мероприятия или месяца: фильтр по target",
			EN: "a show and a currency, the plan of an event or a month: filter by target"},
		Use: Text{RU: "план, факт, прогноз, нужный темп", EN: "plan, fact, forecast, required pace"},
		Fields: slices.Concat(columns("target event_name city show_date month currency_id plan_tickets fact_tickets "+
			"plan_revenue fact_revenue state measured_by usual_tickets forecast_low forecast_expected forecast_high "+
			"chance_to_miss needed_per_day days_left forecast_at as_of months_ago event_id show_id"), calculated(
			formula("done", Text{"План выполнен на", "Share of the plan"},
				Text{"Факт ÷ план, по билетам", "Fact ÷ plan, tickets"},
				"[fact_tickets] / [plan_tickets]"),
			showLabel(),
		)),
	},
	{
		Name: Text{RU: "Зоны", EN: "Zones"}, View: zones, Number: "sold",
		Row: Text{RU: "зона зала показа", EN: "a zone of the hall of a show"},
		Use: Text{RU: "партер, балкон, танцпол", EN: "stalls, balcony, dance floor"},
		Fields: slices.Concat(columns("zone_name event_name city show_date show_time currency_id sold free held capacity "+
			"closed min_price max_price snapshot_ts days_to_show zone_id event_id show_id"), []Field{
			named("possible_revenue",
				measure("Gross potential", "All seats at their list price", "sum")),
		}, calculated(
			formula("fill", Text{"Заполняемость", "Fill"},
				Text{"Продано ÷ (всего мест − закрыто организатором), от 0 до 1", "Sold ÷ (capacity − closed), 0 to 1"},
				"IF([capacity] > [closed], [sold] / ([capacity] - [closed]), NULL)"),
			showLabel(),
		)),
	},
	{
		Name: Text{RU: "Сканирования", EN: "Entries"}, View: entries, Number: "tickets",
		Row: Text{RU: "показ, UTM-источник, цена и минута сканирования на входе",
			EN: "a show, a UTM source, a price and a minute of entry"},
		Use: Text{RU: "кто и когда пришёл", EN: "who came, and when"},
		Fields: slices.Concat(columns("event_name city show_date checked_at after_start utm_source price currency_id "+
			"tickets_came days_to_show event_id show_id"), []Field{
			named("tickets", measure("Tickets", "Sold, without refunded and cancelled ones", "sum")),
		}, calculated(
			formula("came", Text{"Доля пришедших", "Share that came"},
				Text{"Пришли ÷ билеты, от 0 до 1", "Came ÷ tickets, 0 to 1"},
				"IF([tickets] > 0, [tickets_came] / [tickets], NULL)"),
			showLabel(),
		)),
	},
	{
		Name: Text{RU: "Загрузки", EN: "Loads"}, View: runs, Number: "orders_read",
		Row: Text{RU: "загрузка", EN: "a run of the loader"},
		Use: Text{RU: "можно ли верить данным", EN: "whether the data can be believed"},
		Fields: slices.Concat(columns("started_at finished_at status mode message error_class orders_read tickets_read "+
			"inventory_read inventory_failed quarantined api_requests duration_ms days_ago is_today hours_ago"), calculated(
			formula("runs", Text{"Загрузок", "Runs"},
				Text{"Сколько загрузок", "How many runs"},
				"COUNT()"),
		)),
	},
	{
		Name: Text{RU: "Продажи по дням", EN: "Sales by day"}, View: "v_qtickets_sales_daily", Number: "tickets_sold",
		Row: Text{RU: "день продажи, показ и валюта", EN: "a sales day, a show and a currency"},
		Use: Text{RU: "выручка этого дня на сегодня, после возвратов", EN: "what a day is worth now, after refunds"},
		Fields: columns("sales_date event_name city currency_id tickets_sold revenue gross_tickets gross_revenue " +
			"refunded_tickets refunded_revenue tickets_free discount orders days_ago is_today event_id show_id"),
	},
	{
		Name: Text{RU: "Реклама", EN: "Advertising"}, View: "v_qtickets_sales_utm_daily", Number: "tickets_sold",
		Row: Text{RU: "день продажи, мероприятие, метки и валюта",
			EN: "a sales day, an event, UTM parameters and a currency"},
		Use: Text{RU: "то же по UTM-меткам", EN: "the same by UTM parameters"},
		Fields: columns("sales_date event_name city utm_source utm_medium utm_campaign currency_id tickets_sold revenue " +
			"gross_tickets gross_revenue refunded_tickets refunded_revenue tickets_free orders days_ago is_today event_id"),
	},
	{
		Name: Text{RU: "Возвраты", EN: "Refunds"}, View: "v_qtickets_refunds_daily", Number: "refunded_tickets",
		Row: Text{RU: "день возврата, показ и валюта", EN: "a day of refunds, a show and a currency"},
		Use: Text{RU: "возвраты и удержанное при возврате", EN: "refunds and what was kept"},
		Fields: columns("refund_date event_name city currency_id refunded_tickets refunded_revenue kept_revenue " +
			"gross_revenue days_ago is_today event_id show_id"),
	},
	{
		Name: Text{RU: "Места", EN: "Seats"}, View: "v_qtickets_inventory_latest", Number: "sold",
		Row: Text{RU: "показ", EN: "a show"},
		Use: Text{RU: "места в продаже и на какой момент", EN: "seats left, and as of when"},
		Fields: columns("event_name city show_date show_time sold free held capacity closed snapshot_ts days_to_show " +
			"event_id show_id"),
	},
}

// noMark is what the page says in place of an empty UTM source.
var noMark = Text{RU: "без метки", EN: "no tag"}

// DatasetOf a view.
func DatasetOf(view string) Dataset {
	for _, d := range Datasets {
		if d.View == view {
			return d
		}
	}
	panic("no dataset of " + view) // views are constants of this package
}

// columns are fields by the names of their columns.
func columns(names string) []Field {
	var fields []Field
	for name := range strings.FieldsSeq(names) {
		f, known := words[name]
		if !known {
			panic("no words for the column " + name)
		}
		fields = append(fields, named(name, f))
	}
	return fields
}

func named(name string, f Field) Field {
	f.Name = name
	return f
}

func hidden(fields ...Field) []Field {
	for i := range fields {
		fields[i].Hidden = true
	}
	return fields
}

func calculated(fields ...Field) []Field {
	for i := range fields {
		fields[i].Name = Prefix + fields[i].Name
	}
	return fields
}

// showLabel tells shows apart where the name of the event does not.
func showLabel() Field {
	return formula("show", Text{"Показ", "Show"},
		Text{"Мероприятие, дата и номер показа", "Event, date and id of the show"},
		`CONCAT([event_name], ", ", IFNULL(STR([show_date]), ""), ", ", [show_id])`)
}

// formula is a field that DataLens calculates; names of fields stand in brackets.
func formula(name string, title, about Text, text string) Field {
	return Field{Name: name, Title: title, About: about, Formula: text}
}
