package cli

import (
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// language of texts for people: the flag, else the locale of the environment, else English.
func language(flag string, environ []string) string {
	if flag == "ru" || flag == "en" {
		return flag
	}
	values := map[string]string{}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		values[name] = value
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := values[name]; v != "" {
			if strings.HasPrefix(v, "ru") {
				return "ru"
			}
			return "en"
		}
	}
	return "en"
}

// reportLocale is the set of texts of reports in one language.
type reportLocale struct {
	salesByDay, day, tickets, revenue    string
	shows, show, sold, left, fill, today string
	checks, query, live, stop, loaded    string
	intro                                string
	nobody, noOrganiser, messages, link  string
	notBefore, noDigest, digest, usage   string
	event, currency, now, wouldBe, dry   string // of a dry run
	loadEnded, serving, metrics          string
	access                               map[access.Mode]string
}

var texts = map[string]reportLocale{
	"en": {
		salesByDay: "Sales by day (Moscow)", day: "day", tickets: "tickets", revenue: "revenue",
		shows: "Shows", show: "show", sold: "sold", left: "left", fill: "fill", today: "today",
		checks: "Checks", query: "Query it", live: "Sales go on; a load every %s. Ctrl-C ends it.", stop: "Stopped.",
		loaded: "as of", intro: "A simulated QTickets with %d orders (an invented season, seed %d), loaded into an " +
			"embedded ClickHouse.",
		nobody:      "Nobody is told: ALERT_URLS is not set (docs/alerts.md).",
		noOrganiser: "Nobody is told about shows: neither ORGANISER_ALERT_URLS nor DIGEST_URLS is set (docs/alerts.md).",
		messages:    "Messages: %d sent, %d held until the end of the quiet hours, %d failed.",
		link:        "Open the page: %s",
		notBefore:   "The morning message is due at %s.",
		noDigest:    "Nobody gets the morning message: DIGEST_URLS is not set (docs/digest.md).",
		digest:      "Morning message: %d sent, %d failed (tried again next time).",
		usage:       "Run \"qtickets_api --help\" for usage.",
		event:       "event", currency: "cur", now: "now: tickets, revenue", wouldBe: "would be: tickets, revenue",
		dry: "[qtickets_api] Dry-run complete:\n  Events: %d\n  Orders: %d\n  Sales rows: %d\n  Inventory shows " +
			"processed: %d\n",
		loadEnded: "%s: %s (%s, %d requests)\n", serving: "Serving %s (access: %s), webhooks at %s\n",
		metrics: "Metrics and readiness: %s\n",
		access: map[access.Mode]string{access.Link: "link", access.Basic: "basic", access.Proxy: "proxy",
			access.None: "none"},
	},
	"ru": {
		salesByDay: "Продажи по дням (Москва)", day: "день", tickets: "билеты", revenue: "выручка",
		shows: "Показы", show: "показ", sold: "продано", left: "в продаже", fill: "заполняемость", today: "сегодня",
		checks: "Проверки", query: "Выполнить запрос самостоятельно",
		live: "Продажи идут, загрузка каждые %s. Остановить — Ctrl+C.", stop: "Остановлено.",
		loaded: "на", intro: "Симулятор QTickets: заказов — %d (вымышленный сезон, seed %d); загружено во встроенный " +
			"ClickHouse.",
		nobody:      "Получатели не заданы: задайте ALERT_URLS (docs/alerts.md).",
		noOrganiser: "О показах никому не сообщается: задайте ORGANISER_ALERT_URLS или DIGEST_URLS (docs/alerts.md).",
		messages:    "Отправлено сообщений: %d; отложено до конца тихих часов: %d; не удалось отправить: %d.",
		link:        "Открыть панель: %s",
		notBefore:   "Утреннее сообщение придёт в %s.",
		noDigest:    "Утреннее сообщение никому не отправляется: задайте DIGEST_URLS (docs/digest.md).",
		digest:      "Утреннее сообщение: отправлено — %d, не удалось — %d (следующая попытка позже).",
		usage:       "Справка: qtickets_api --help.",
		event:       "мероприятие", currency: "валюта", now: "сейчас: билеты, выручка", wouldBe: "будет: билеты, выручка",
		dry: "[qtickets_api] Пробный запуск завершён:\n  Мероприятий: %d\n  Заказов: %d\n  Билетов: %d\n  Показов с " +
			"местами: %d\n",
		loadEnded: "%s: %s (%s, запросов: %d)\n", serving: "Панель: %s (доступ: %s), вебхуки: %s\n",
		metrics: "Метрики и готовность: %s\n",
		access: map[access.Mode]string{access.Link: "по ссылке", access.Basic: "по имени и паролю",
			access.Proxy: "через прокси", access.None: "без проверки"},
	},
}
