package contract

import (
	"slices"
	"time"
)

// ID is the number of a question: up to 22 that of its row in section 18 of the API notes, above that the last list of
// section 8 in its order.
type ID uint32

// The questions.
const (
	Where          ID = 1
	OrderBy        ID = 2
	Range          ID = 3
	Dates          ID = 4
	RefundMoves    ID = 5
	ScanStill      ID = 6
	RefundKeeps    ID = 7
	Shapes         ID = 8
	Amounts        ID = 9
	PageSize       ID = 10
	PagesJoin      ID = 11
	Body           ID = 12
	Fresh          ID = 13
	NoLimit        ID = 14
	Outage         ID = 15
	Forbidden      ID = 16
	Readable       ID = 17
	StayListed     ID = 18
	MoscowOffset   ID = 19
	Roubles        ID = 20
	WebhooksOnce   ID = 21
	PersonalData   ID = 22
	RefundSum      ID = 23
	FloatNoise     ID = 24
	RefundTold     ID = 25
	RefundWithin   ID = 26
	PaidHasTickets ID = 27
	ReplacedTold   ID = 28
	TicketOnce     ID = 29
	SeasonTogether ID = 30
	EventsStay     ID = 31
	OwnAccount     ID = 32
	RowsWhole      ID = 33
	CampaignTokens ID = 34
	ZeroFilter     ID = 35
)

const day = 24 * time.Hour

// Questions are all of them, by id. The caller must not change them.
func Questions() []Question { return questions }

// Of is the question of an id; a question nobody knows has no words and is never seen.
func Of(id ID) *Question {
	at, found := slices.BinarySearchFunc(questions, id, func(q Question, id ID) int { return int(q.ID) - int(id) })
	if !found {
		return &Question{ID: id}
	}
	return &questions[at]
}

var questions = []Question{
	{
		ID: Where, Code: "where", newest: true,
		Assumes: Words{"Фильтр действует: приходят только подходящие строки",
			"A filter is honoured: only rows that match come"},
		Affects: Words{"поиск изменений; без фильтра каждая загрузка перечитывает все заказы",
			"finding changes; without a filter every load reads all orders"},
		For:     Words{"проб, в которых фильтр отсеял заказы", "probes whose filter left orders out"},
		Against: Words{"проб, в которых пришло лишнее", "probes that got rows which do not match"},
	},
	{
		ID: OrderBy, Code: "order_by_updated_at", newest: true,
		Assumes: Words{"Порядок по updated_at соблюдается", "An order by updated_at is honoured"},
		Affects: Words{"ничего: загрузка просит порядок по номеру; иначе изменения находились бы быстрее",
			"nothing: loads ask for an order by id; if it holds, changes could be found faster"},
		For:     Words{"страниц в порядке, которого не даёт номер", "pages in an order that ids do not give"},
		Against: Words{"страниц в другом порядке и отказов", "pages in another order, and refusals"},
	},
	{
		ID: Range, Code: "range_operators", newest: true,
		Assumes: Words{"Списки понимают «больше» и «меньше»", "Lists understand ranges"},
		Affects: Words{"поиск изменений; без этого новые заказы ищутся по номеру, изменения — обходом мероприятий",
			"finding changes; without it new orders are found by id, changes by sweeps of events"},
		For:     Words{"проб, в которых две части составили список", "probes whose two parts made up the list"},
		Against: Words{"проб, в которых не составили", "probes whose parts did not"},
	},
	{
		ID: Dates, Code: "date_form", newest: true,
		Assumes: Words{"Дата вида 2030-01-31T10:00:00+03:00 в фильтре понимается верно",
			"A date such as 2030-01-31T10:00:00+03:00 in a filter is understood"},
		Affects: Words{"поиск изменений; загрузка пробует и второй вид и всегда читает 4 часа с запасом",
			"finding changes; loads try the second form too, and always read 4 hours more"},
		For:     Words{"проб с верным числом заказов", "probes with the right number of orders"},
		Against: Words{"проб с другим числом и отказов", "probes with another number, and refusals"},
	},
	{
		ID: RefundMoves, Code: "refund_moves_updated_at", Alerts: true, enough: 3,
		Assumes: Words{"Возврат и удаление билета меняют updated_at заказа",
			"A refund and the deletion of a ticket move the order's updated_at"},
		Affects: Words{"как быстро видны возвраты: если нет, их находят уведомления и обход мероприятий, за сутки",
			"how soon refunds are seen: if not, by webhooks and by sweeps of events within a day"},
		For:     Words{"заказов, изменённых в минуту возврата", "orders changed within a minute of it"},
		Against: Words{"заказов, изменённых последний раз до возврата", "orders last changed before it"},
	},
	{
		ID: ScanStill, Code: "scan_leaves_updated_at", Alerts: true, enough: 3, settledByIt: true, lasts: 60 * day,
		Assumes: Words{"Сканирование билета не меняет updated_at заказа", "A scan does not move the order's updated_at"},
		Affects: Words{"проходы на показе: их находят уведомления и обход в день показа",
			"entries to a show: webhooks find them, and sweeps on its day"},
		For:     Words{"заказов со сканированием после последнего изменения", "orders scanned after they were last changed"},
		Against: Words{"заказов, изменённых в минуту сканирования", "orders changed within a minute of a scan"},
	},
	{
		ID: RefundKeeps, Code: "refund_keeps_the_rest",
		Assumes: Words{"После полного возврата заказ остаётся оплаченным и неудалённым, с прежней ценой",
			"After a full refund an order stays paid, not deleted, at its price"},
		Affects: Words{"ничего: состояние каждого билета выводится из трёх его отметок времени",
			"nothing: the state of a ticket comes from its three times"},
		For:     Words{"целиком возвращённых заказов, где это так", "wholly refunded orders that did"},
		Against: Words{"возвращённых заказов, где изменилось что-то ещё", "refunded orders of which more changed"},
	},
	{
		ID: Shapes, Code: "refund_shape", Alerts: true,
		Assumes: Words{"Каждый возврат в refunds называет сумму; services пусты",
			"Every element of refunds names an amount; services are empty"},
		Affects: Words{"сверка суммы возвратов; выручка дополнительных услуг неизвестна",
			"checking refund totals; the revenue of services is unknown"},
		For:     Words{"возвратов с суммой", "refunds with an amount"},
		Against: Words{"возвратов без суммы и заказов с услугами", "refunds without one, and orders with services"},
	},
	{
		ID: Amounts, Code: "order_price_is_the_sum", Alerts: true, enough: 3,
		Assumes: Words{"Цена заказа — сумма цен билетов, сервисный сбор в неё не входит, строка — один билет",
			"An order's price is the sum of its tickets, without a service fee, one ticket a row"},
		Affects: Words{"выручка и средняя цена билета: сбор внутри цены вошёл бы в выручку",
			"revenue and average price: a fee within the price would be in revenue"},
		For:     Words{"заказов с проданными билетами, где это так", "orders with sold tickets that hold it"},
		Against: Words{"заказов, где не так", "orders that do not"},
	},
	{
		ID: PageSize, Code: "page_of_100", newest: true,
		Assumes: Words{"Страница вмещает 100 заказов, если попросить", "A page holds 100 orders when asked for"},
		Affects: Words{"время загрузки: чем меньше страница, тем больше запросов",
			"the time of a load: smaller pages, more requests"},
		For:     Words{"проб со страницей в 100 строк", "probes with pages of 100"},
		Against: Words{"проб со страницей меньше", "probes with smaller pages"},
	},
	{
		ID: PagesJoin, Code: "pages_join",
		Assumes: Words{"Страницы списка примыкают друг к другу: без повторов и пропусков",
			"The pages of a list join: nothing twice, nothing left out"},
		Affects: Words{"полнота: загрузка сверяет число заказов и без полного списка ничего не публикует",
			"completeness: a load compares the number of orders and publishes nothing of an incomplete list"},
		For: Words{"переходов на следующую страницу", "steps to a next page"},
		Against: Words{"повторов на границе страниц и неполных списков",
			"rows repeated between pages, and incomplete lists"},
	},
	{
		ID: Body, Code: "get_body_arrives", newest: true,
		Assumes: Words{"Тело запроса GET доходит до QTickets", "The body of a GET arrives at QTickets"},
		Affects: Words{"все фильтры; если нет, загрузка пишет их в адрес",
			"all filters; if not, loads write them into the address"},
		For:     Words{"проб, в которых фильтр в теле подействовал", "probes whose filter in the body was honoured"},
		Against: Words{"проб, в которых подействовал только фильтр в адресе", "probes that honoured it in the address only"},
	},
	{
		ID: Fresh, Code: "fresh_responses", Alerts: true, enough: 10, lasts: day,
		Assumes: Words{"Ответы приходят не из кэша", "Responses do not come from a cache"},
		Affects: Words{"всё: старый ответ выглядит как отсутствие продаж; загрузка меняет адрес каждого запроса",
			"everything: an old response looks like no sales; loads change the address of every request"},
		For:     Words{"ответов не из кэша", "responses from no cache"},
		Against: Words{"ответов из кэша", "responses from a cache"},
	},
	{
		ID: NoLimit, Code: "no_rate_limit", Alerts: true, enough: 50, lasts: day,
		Assumes: Words{"Наш темп запросов QTickets не ограничивает", "QTickets does not limit requests at our rate"},
		Affects: Words{"время загрузки: после 429 она ждёт; снизить темп — QTICKETS_RATE_LIMIT",
			"the time of a load: after a 429 it waits; QTICKETS_RATE_LIMIT lowers the rate"},
		For:     Words{"ответов", "responses"},
		Against: Words{"ответов 429", "responses 429"},
	},
	{
		ID: Outage, Code: "503_is_an_outage",
		Assumes: Words{"Ответ 503 — сбой, который проходит, а не отказ от запроса",
			"A 503 is an outage that passes, not a refused query"},
		Affects: Words{"загрузка проверяет это другим запросом и не настаивает",
			"loads try another query and do not insist"},
		For: Words{"запросов, удавшихся после 503", "requests answered after a 503"},
		Against: Words{"запросов, на которые 503 приходит, когда другие удаются",
			"requests answered 503 while others were answered"},
	},
	{
		ID: Forbidden, Code: "wrong_token_is_403",
		Assumes: Words{"На неверный токен QTickets отвечает 403", "QTickets answers a wrong token with 403"},
		Affects: Words{"ничего: и 401, и 403 останавливают загрузку", "nothing: both 401 and 403 end a load"},
		For:     Words{"ответов 403", "responses 403"},
		Against: Words{"ответов 401", "responses 401"},
	},
	{
		ID: Readable, Code: "fields_are_readable", enough: 10,
		Assumes: Words{"Всё, что нужно загрузке, приходит в понятном виде",
			"All that loads need comes in a form they can read"},
		Affects: Words{"нечитаемая строка ждёт в карантине и не учтена; лишь нечитаемое поле считается неизвестным",
			"a row that cannot be read waits in quarantine and does not count; of a field alone the value is unknown"},
		For:     Words{"прочитанных строк", "rows that were read"},
		Against: Words{"строк и заказов с нечитаемым", "rows and orders with something unreadable"},
	},
	{
		ID: StayListed, Code: "orders_stay_listed",
		Assumes: Words{"Заказы не исчезают из списка", "Orders do not disappear from the list"},
		Affects: Words{"исчезнувший заказ перестаёт учитываться, когда сверка его хватится",
			"an order that is gone counts no more once a comparison misses it"},
		For:     Words{"загрузок, где нашлись все прежние заказы", "loads that found every earlier order"},
		Against: Words{"исчезнувших заказов", "orders that were gone"},
	},
	{
		ID: MoscowOffset, Code: "offset_is_moscow", enough: 10,
		Assumes: Words{"Все отметки времени приходят со смещением +03:00", "All times come with the offset +03:00"},
		Affects: Words{"ничего, пока смещение есть: оно учитывается; время без смещения загрузка не угадывает",
			"nothing as long as there is an offset, which is read; a time without one is not guessed"},
		For:     Words{"отметок времени с +03:00", "times with +03:00"},
		Against: Words{"отметок с другим смещением и без него", "times with another offset, and without one"},
	},
	{
		ID: Roubles, Code: "all_in_roubles", enough: 3,
		Assumes: Words{"Все заказы в рублях", "All orders are in roubles"},
		Affects: Words{"ничего: суммы разных валют не складываются",
			"nothing: amounts of different currencies are not added"},
		For:     Words{"заказов в рублях", "orders in roubles"},
		Against: Words{"заказов в другой валюте", "orders in another currency"},
	},
	{
		ID: WebhooksOnce, Code: "webhooks_come_once", newest: true,
		Assumes: Words{"Уведомления приходят, и каждое один раз", "Webhooks come, and each of them once"},
		Affects: Words{"ничего: повтор узнаётся; а без уведомлений изменения находит загрузка",
			"nothing: a repetition is known as such; without webhooks loads find the changes"},
		For:     Words{"уведомлений за 30 дней", "webhooks of 30 days"},
		Against: Words{"уведомлений, пришедших повторно", "webhooks that came again"},
	},
	{
		ID: PersonalData, Code: "no_personal_data",
		Assumes: Words{"Личных данных и секретов в ответах нет", "There are no personal data and no secrets in responses"},
		Affects: Words{"ничего: читаются только поля из списка, тексты очищаются",
			"nothing: only listed fields are read, texts are scrubbed"},
		Unseen: Words{"защищено устройством программы, а не проверено: чего нет в списке, она не читает",
			"defended by construction, not verified: what is not listed is not read"},
	},
	{
		ID: RefundSum, Code: "refund_parts_add_up", Alerts: true,
		Assumes: Words{"Части возврата складываются в его сумму", "The parts of a refund add up to its amount"},
		Affects: Words{"возвраты до копейки", "refunds to the kopeck"},
		For:     Words{"заказов с возвратами, где сошлось", "orders with refunds where they do"},
		Against: Words{"заказов, где не сошлось", "orders where they do not"},
	},
	{
		ID: FloatNoise, Code: "float_noise",
		Assumes: Words{"Суммы приходят без шума двоичных дробей", "Amounts come without the noise of binary fractions"},
		Affects: Words{"ничего: шум меньше копейки отбрасывается", "nothing: noise below a kopeck is dropped"},
		Unseen: Words{"не считается: и с шумом, и без него сумма одна",
			"not counted: the amount is the same with noise and without"},
	},
	{
		ID: RefundTold, Code: "refund_told_by_tickets", Alerts: true,
		Assumes: Words{"Если у заказа есть возвраты, есть и возвращённые билеты",
			"An order with refunds has refunded tickets"},
		Affects: Words{"возвраты: без отметки билета возврат не учтён",
			"refunds: without a ticket's mark a refund does not count"},
		For:     Words{"заказов с возвратами, где это так", "orders with refunds that do"},
		Against: Words{"заказов с возвратами без возвращённых билетов", "orders with refunds and no refunded ticket"},
	},
	{
		ID: RefundWithin, Code: "refund_within_price", Alerts: true,
		Assumes: Words{"Возвращают не больше цены билета", "No more than a ticket's price is returned"},
		Affects: Words{"возвраты: сверх цены ничего не учитывается", "refunds: nothing above the price counts"},
		For:     Words{"заказов с возвращёнными билетами, где это так", "orders with refunded tickets that do"},
		Against: Words{"заказов, где вернули больше", "orders that got back more"},
	},
	{
		ID: PaidHasTickets, Code: "paid_has_tickets", Alerts: true, enough: 10,
		Assumes: Words{"В оплаченном заказе есть билеты", "A paid order has tickets"},
		Affects: Words{"продажи: заказ без билетов ничего не продал", "sales: an order without tickets sold nothing"},
		For:     Words{"оплаченных заказов с билетами", "paid orders with tickets"},
		Against: Words{"оплаченных заказов без билетов", "paid orders without tickets"},
	},
	{
		ID: ReplacedTold, Code: "replaced_is_cancelled",
		Assumes: Words{"Заменённый заказ отменён", "A replaced order is cancelled"},
		Affects: Words{"ничего: заменённый не учитывается, если новый заказ его называет",
			"nothing: a replaced order does not count where its successor names it"},
		For:     Words{"отменённых заказов, которые называют замену", "cancelled orders that name their successor"},
		Against: Words{"заказов, заменённых и не отменённых", "orders replaced and not cancelled"},
	},
	{
		ID: TicketOnce, Code: "ticket_in_one_order", Alerts: true,
		Assumes: Words{"Билет стоит в одном заказе", "A ticket stands in one order"},
		Affects: Words{"продажи: второй раз билет не учитывается", "sales: a ticket does not count twice"},
		For:     Words{"публикаций, где это так", "publications that hold it"},
		Against: Words{"заказов с билетом другого заказа", "orders with a ticket of another"},
	},
	{
		ID: SeasonTogether, Code: "season_ticket_in_one_order", Alerts: true,
		Assumes: Words{"Билеты абонемента стоят в одном заказе", "The tickets of a season ticket stand in one order"},
		Affects: Words{"продажи: в разных заказах учлись бы обе стороны",
			"sales: in different orders both sides would count"},
		For:     Words{"заказов с абонементами, где это так", "orders with season tickets that hold it"},
		Against: Words{"заказов с билетами, связанными с чужими", "orders with tickets linked to those of others"},
	},
	{
		ID: EventsStay, Code: "events_stay_listed",
		Assumes: Words{"Мероприятия и показы не исчезают из списка", "Events and shows do not disappear from the list"},
		Affects: Words{"исчезнувшее отмечается как снятое с продажи", "what is gone is marked as taken off sale"},
		For:     Words{"загрузок, где нашлись все прежние", "loads that found all earlier ones"},
		Against: Words{"исчезнувших мероприятий и показов", "events and shows that were gone"},
	},
	{
		ID: OwnAccount, Code: "own_account", newest: true,
		Assumes: Words{"Токен отвечает за того организатора, чьи заказы загружены",
			"The token is that of the organiser whose orders are stored"},
		Affects: Words{"всё: с чужим токеном загрузка останавливается и ничего не пишет",
			"everything: with another's token a load stops and stores nothing"},
		For:     Words{"загрузок, где QTickets узнал прежние заказы", "loads in which QTickets knew earlier orders"},
		Against: Words{"загрузок, где не узнал ни одного", "loads in which it knew none"},
	},
	{
		ID: RowsWhole, Code: "list_rows_have_tickets", Alerts: true, enough: 3,
		Assumes: Words{"Строка списка заказов содержит билеты", "A row of the list of orders has its tickets"},
		Affects: Words{"время загрузки: заказ без билетов читается ещё раз по номеру",
			"the time of a load: an order without them is read again by its id"},
		For:     Words{"строк с билетами", "rows with tickets"},
		Against: Words{"строк без билетов", "rows without"},
	},
	{
		ID: CampaignTokens, Code: "campaign_tokens",
		Assumes: Words{"utm_campaign называет кампанию, а не покупку", "utm_campaign names a campaign, not a purchase"},
		Affects: Words{"каналы: метка на каждую покупку не сложится в кампанию",
			"channels: a tag of each purchase makes no campaign"},
		Unseen: Words{"по счётчикам не видно: что считать кампанией, решает человек",
			"counts cannot tell: a person decides what a campaign is"},
	},
	{
		ID: ZeroFilter, Code: "zero_in_a_filter",
		Assumes: Words{"Значение 0 в фильтре не пропадает", "The value 0 in a filter is not dropped"},
		Affects: Words{"ничего: загрузка о нуле не спрашивает", "nothing: loads never ask for 0"},
		Unseen:  Words{"такого запроса загрузка не делает", "loads do not send such a query"},
	},
}
