package datalens

// Filters that several charts have. Days are those of Moscow, counted by ClickHouse: a relative date of DataLens is a
// UTC day.
var (
	today     = Filter{Field: "is_today", Code: "EQ", Values: []string{"1"}}
	toCome    = Filter{Field: "is_coming", Code: "EQ", Values: []string{"1"}}
	withMoney = Filter{Field: "qt_has_money", Code: "EQ", Values: []string{"true"}}
)

// lastDays are today and the days before, so many in all.
func lastDays(days string, filters ...Filter) []Filter {
	return append([]Filter{{Field: "days_ago", Code: "GTE", Values: []string{"0"}},
		{Field: "days_ago", Code: "LT", Values: []string{days}}}, filters...)
}

// positive keeps groups in which something was counted.
func positive(field string) Filter { return Filter{Field: field, Code: "GT", Values: []string{"0"}} }

func slots(name string, fields ...string) Slot { return Slot{Name: name, Fields: fields} }

// Charts are all that are made, in the order of the documents. Each equals a block of the page.
var Charts = []Chart{
	{
		Name: Text{RU: "Билеты по дням", EN: "Tickets by day"}, View: movements, Kind: "column",
		About:   Text{RU: "«Сегодня», «8 недель по дням»", EN: "Today, 8 weeks by day"},
		Slots:   []Slot{slots("x", "day"), slots("y", "tickets", "refunded_tickets")},
		Filters: lastDays("56"),
	},
	{
		Name: Text{RU: "Оплачено и возвращено по дням", EN: "Gross and refunds by day"}, View: movements, Kind: "line",
		About:   Text{RU: "«Сегодня», «8 недель по дням»", EN: "Today, 8 weeks by day"},
		Slots:   []Slot{slots("x", "day"), slots("y", "gross_revenue", "refunded_revenue"), slots("colors", "currency_id")},
		Filters: lastDays("56", withMoney),
	},
	{
		Name: Text{RU: "Карточки дня", EN: "Cards of the day"}, View: movements, Kind: "flatTable",
		About:   Text{RU: "«Сегодня», карточки", EN: "Today, cards"},
		Slots:   []Slot{slots("columns", "currency_id", "gross_revenue", "refunded_revenue", "qt_price")},
		Filters: []Filter{today, withMoney},
	},
	{
		Name: Text{RU: "Билеты сегодня", EN: "Tickets today"}, View: movements, Kind: "metric",
		About:   Text{RU: "«Сегодня», карточка «Билеты»", EN: "Today, card Tickets"},
		Slots:   []Slot{slots("measures", "tickets")},
		Filters: []Filter{today},
	},
	{
		Name: Text{RU: "Сегодня по часам", EN: "Today by hour"}, View: movements, Kind: "line",
		About:   Text{RU: "«Сегодня», «Сегодня по часам»", EN: "Today, Today by hour"},
		Slots:   []Slot{slots("x", "hour"), slots("y", "qt_so_far")},
		Filters: []Filter{today, positive("tickets")},
	},
	{
		Name: Text{RU: "Показы", EN: "Shows to come"}, View: dashboard, Kind: "flatTable",
		About: Text{RU: "«Сегодня», «Показы»", EN: "Today, Shows"},
		Slots: []Slot{slots("columns", "show_id", "event_name", "city", "show_date", "show_time", "tickets_sold",
			"tickets_left", "fill", "qt_share")},
		Filters: []Filter{toCome},
	},
	{
		Name: Text{RU: "Города", EN: "Cities"}, View: movements, Kind: "bar",
		About:   Text{RU: "«Сегодня», «Города»", EN: "Today, Cities"},
		Slots:   []Slot{slots("y", "city"), slots("x", "tickets", "refunded_tickets")},
		Filters: lastDays("28"),
	},
	{
		Name: Text{RU: "Источники", EN: "Sources"}, View: movements, Kind: "flatTable",
		About:   Text{RU: "«Каналы», «UTM-метки»", EN: "Channels, UTM tags"},
		Slots:   []Slot{slots("columns", "qt_source", "utm_medium", "utm_campaign", "tickets", "orders")},
		Filters: lastDays("28"),
	},
	{
		Name: Text{RU: "Оплачено по источникам", EN: "Gross by source"}, View: movements, Kind: "bar",
		About: Text{RU: "«Каналы», «UTM-метки», строки источников", EN: "Channels, UTM tags, lines of sources"},
		Slots: []Slot{slots("y", "qt_source"), slots("x", "gross_revenue", "refunded_revenue"),
			slots("colors", "currency_id")},
		Filters: lastDays("28", withMoney),
	},
	{
		Name: Text{RU: "Промокоды", EN: "Promo codes"}, View: movements, Kind: "flatTable",
		About:   Text{RU: "«Каналы», «Промокоды»", EN: "Channels, Promo codes"},
		Slots:   []Slot{slots("columns", "promo_code", "tickets", "orders")},
		Filters: lastDays("28"),
	},
	{
		Name: Text{RU: "Сайты продажи", EN: "Sales by site"}, View: movements, Kind: "flatTable",
		About:   Text{RU: "«Каналы», «Сайты продажи»", EN: "Channels, Sales by site"},
		Slots:   []Slot{slots("columns", "site", "tickets", "refunded_tickets")},
		Filters: lastDays("28"),
	},
	{
		Name: Text{RU: "Скидки и бесплатные билеты", EN: "Discounts and free tickets"}, View: movements, Kind: "flatTable",
		About: Text{RU: "«Каналы», «Скидки и бесплатные билеты»", EN: "Channels, Discounts and free tickets"},
		Slots: []Slot{slots("columns", "currency_id", "qt_list", "discount", "free_discount", "gross_revenue",
			"refunded_revenue")},
		Filters: lastDays("28", Filter{Field: "qt_has_list", Code: "EQ", Values: []string{"true"}}),
	},
	{
		Name: Text{RU: "Способы оплаты", EN: "Payment methods"}, View: movements, Kind: "flatTable",
		About:   Text{RU: "«Каналы», «Способы оплаты»", EN: "Channels, Payment methods"},
		Slots:   []Slot{slots("columns", "payment_type_id", "tickets", "orders")},
		Filters: lastDays("28"),
	},
	{
		Name: Text{RU: "Когда покупают", EN: "When tickets are bought"}, View: movements, Kind: "pivotTable",
		About:   Text{RU: "«Каналы», «Когда покупают»", EN: "Channels, When tickets are bought"},
		Slots:   []Slot{slots("rows", "weekday"), slots("columns", "hour"), slots("measures", "qt_4_weeks")},
		Filters: lastDays("28", positive("tickets")),
	},
	{
		Name: Text{RU: "За сколько дней до показа покупают", EN: "How long before the show tickets are bought"},
		View: movements, Kind: "column",
		About: Text{RU: "«Каналы», «За сколько дней до показа покупают»",
			EN: "Channels, How long before the show tickets are bought"},
		Slots:   []Slot{slots("x", "qt_step"), slots("y", "tickets")},
		Filters: lastDays("28", Filter{Field: "days_left", Code: "ISNOTNULL"}, positive("tickets")),
	},
	{
		Name: Text{RU: "Билетов в заказе", EN: "Tickets in an order"}, View: movements, Kind: "column",
		About:   Text{RU: "«Каналы», «Билетов в заказе»", EN: "Channels, Tickets in an order"},
		Slots:   []Slot{slots("x", "qt_size"), slots("y", "orders")},
		Filters: lastDays("28", positive("orders")),
	},
	{
		Name: Text{RU: "Темп продаж", EN: "Sales pace"}, View: pacing, Kind: "line",
		About: Text{RU: "«Мероприятие», «Темп продаж»", EN: "Event, Sales pace"},
		Slots: []Slot{slots("x", "days_left"), slots("y", "sold"), slots("colors", "qt_show")},
	},
	{
		Name: Text{RU: "Зоны зала", EN: "Hall zones"}, View: zones, Kind: "flatTable",
		About: Text{RU: "«Мероприятие», «Зоны зала»", EN: "Event, Hall zones"},
		Slots: []Slot{slots("columns", "qt_show", "zone_name", "sold", "free", "qt_fill", "min_price", "max_price")},
	},
	{
		Name: Text{RU: "Кто пришёл", EN: "Who came"}, View: entries, Kind: "flatTable",
		About: Text{RU: "«Мероприятие», «Кто пришёл»", EN: "Event, Who came"},
		Slots: []Slot{slots("columns", "qt_show", "tickets", "tickets_came", "qt_came")},
	},
	{
		Name: Text{RU: "Данные на момент", EN: "Data as of"}, View: dashboard, Kind: "metric",
		About: Text{RU: "строка свежести вверху каждой страницы", EN: "the line about freshness on top of every page"},
		Slots: []Slot{slots("measures", "qt_as_of")},
	},
	{
		Name: Text{RU: "Загрузки за сутки", EN: "Loads of 24 hours"}, View: runs, Kind: "flatTable",
		About: Text{RU: "«Данные», «Загрузка», строка «Заказы и билеты»", EN: "Data, Loading, line Orders and tickets"},
		Slots: []Slot{slots("columns", "status", "qt_runs", "orders_read")},
		Filters: []Filter{{Field: "hours_ago", Code: "LT", Values: []string{"24"}},
			{Field: "status", Code: "NE", Values: []string{"running"}},
			{Field: "mode", Code: "IN", Values: []string{"backfill", "increment", "reconcile"}}},
	},
	{
		Name: Text{RU: "План и прогноз", EN: "Plan and forecast"}, View: planned, Kind: "flatTable",
		About: Text{RU: "«Сегодня», «Показы», план и прогноз", EN: "Today, Shows, plan and forecast"},
		Slots: []Slot{slots("columns", "show_id", "event_name", "city", "show_date", "currency_id", "plan_tickets",
			"fact_tickets", "qt_done", "forecast_expected", "needed_per_day", "chance_to_miss")},
		Filters: []Filter{{Field: "target", Code: "EQ", Values: []string{"show"}}},
	},
}

// Title of the dashboard, of the connection, and about them and the workbook.
var (
	DashboardName   = Text{RU: "Продажи QTickets", EN: "QTickets sales"}
	DashboardAbout  = Text{RU: "Те же показатели, что на странице продаж", EN: "The figures of the page of sales"}
	ConnectionName  = Text{RU: "QTickets", EN: "QTickets"}
	ConnectionAbout = Text{RU: "Витрины продаж, только чтение", EN: "Marts of sales, read only"}
)

// markLine ends every description.
var markLine = Text{RU: "Создано " + Mark + ": правки в этом объекте заменит следующая публикация.",
	EN: "Made by " + Mark + ": the next publication overwrites changes of this object."}

// Tabs are those of the dashboard.
var Tabs = []Tab{
	{
		ID: "qt_today", Title: Text{RU: "Сегодня", EN: "Today"},
		Selectors: []Selector{{Field: "city", Views: []string{movements}}, {Field: "event_name", Views: []string{movements}}},
		Widgets: []Widget{
			{Chart: "Data as of", X: 0, Y: 2, W: 12, H: 6}, {Chart: "Tickets today", X: 12, Y: 2, W: 12, H: 6},
			{Chart: "Cards of the day", X: 24, Y: 2, W: 12, H: 6},
			{Chart: "Today by hour", X: 0, Y: 8, W: 18, H: 12}, {Chart: "Cities", X: 18, Y: 8, W: 18, H: 12},
			{Chart: "Tickets by day", X: 0, Y: 20, W: 36, H: 12},
			{Chart: "Gross and refunds by day", X: 0, Y: 32, W: 36, H: 12},
		},
	},
	{
		ID: "qt_shows", Title: Text{RU: "Показы", EN: "Shows"},
		Selectors: []Selector{{Field: "city", Views: []string{dashboard, pacing, zones, planned, entries}},
			{Field: "event_name", Views: []string{dashboard, pacing, zones, planned, entries}}},
		Widgets: []Widget{
			{Chart: "Shows to come", X: 0, Y: 2, W: 36, H: 14}, {Chart: "Plan and forecast", X: 0, Y: 16, W: 36, H: 12},
			{Chart: "Sales pace", X: 0, Y: 28, W: 36, H: 14}, {Chart: "Hall zones", X: 0, Y: 42, W: 36, H: 14},
			{Chart: "Who came", X: 0, Y: 56, W: 36, H: 12},
		},
	},
	{
		ID: "qt_channels", Title: Text{RU: "Каналы", EN: "Channels"},
		Selectors: []Selector{{Field: "city", Views: []string{movements}}, {Field: "event_name", Views: []string{movements}}},
		Widgets: []Widget{
			{Chart: "Sources", X: 0, Y: 2, W: 20, H: 14}, {Chart: "Gross by source", X: 20, Y: 2, W: 16, H: 14},
			{Chart: "Promo codes", X: 0, Y: 16, W: 18, H: 12}, {Chart: "Payment methods", X: 18, Y: 16, W: 18, H: 12},
			{Chart: "When tickets are bought", X: 0, Y: 28, W: 36, H: 12},
			{Chart: "How long before the show tickets are bought", X: 0, Y: 40, W: 18, H: 12},
			{Chart: "Tickets in an order", X: 18, Y: 40, W: 18, H: 12},
			{Chart: "Sales by site", X: 0, Y: 52, W: 18, H: 12},
			{Chart: "Discounts and free tickets", X: 18, Y: 52, W: 18, H: 12},
		},
	},
	{
		ID: "qt_data", Title: Text{RU: "Данные", EN: "Data"},
		Widgets: []Widget{{Chart: "Loads of 24 hours", X: 0, Y: 0, W: 36, H: 12}},
	},
}

// ChartOf a name in English.
func ChartOf(name string) Chart {
	for _, c := range Charts {
		if c.Name.EN == name {
			return c
		}
	}
	panic("no chart " + name) // names are constants of this package
}
