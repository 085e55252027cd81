package access

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"
)

// refusal is why somebody is not let in, and the next step, in both languages.
type refusal struct{ ru, en saying }

type saying struct{ Title, Text string }

func (r refusal) in(lang string) saying {
	if lang == "ru" {
		return r.ru
	}
	return r.en
}

var (
	linkNeeded = refusal{
		saying{"Нужна ссылка для входа", "Панель открывает ссылка с ключом, которую qtickets_api serve печатает при " +
			"запуске: в терминале, где программа запущена, или в журнале службы: journalctl -u qtickets_serve.service | " +
			"grep token= | tail -n 1. После каждого запуска ссылка новая. Вход по имени и паролю описан в docs/live.md."},
		saying{"The link is needed", "The page opens by the link that qtickets_api serve prints at its start: in the " +
			"terminal where it runs, or in the log of the service: journalctl -u qtickets_serve.service | grep token= | " +
			"tail -n 1. Each start has a new one. For names and passwords see docs/live.md."},
	}
	passwordNeeded = refusal{
		saying{"Нужны имя и пароль", "Обновите страницу и введите имя и пароль."},
		saying{"A name and a password are needed", "Load the page again and give your name and password."},
	}
	wrongPassword = refusal{
		saying{"Имя или пароль не подходят", "Проверьте раскладку клавиатуры и попробуйте ещё раз. Новую ссылку для входа " +
			"даёт тот, кто вас пригласил."},
		saying{"The name or the password is wrong", "Check your keyboard and try again. A new link to sign in comes from " +
			"whoever invited you."},
	}
	invitationGone = refusal{
		saying{"Приглашение уже использовано или истекло", "Попросите новое у того, кто вас пригласил. Если пароль уже " +
			"выбран, просто войдите."},
		saying{"The invitation was used or has expired", "Ask whoever invited you for a new one. If you have chosen a " +
			"password already, just sign in."},
	}
	invitationFailed = refusal{
		saying{"Пароль не удалось сохранить", "Приглашение ещё действует: попробуйте позже. Причина записана в журнале " +
			"службы."},
		saying{"The password could not be saved", "The invitation is still good: try again later. The log of the service " +
			"says why."},
	}
	shareGone = refusal{
		saying{"Ссылка больше не действует", "Попросите новую у организатора."},
		saying{"This link is no longer valid", "Ask the organiser for a new one."},
	}
	crossSiteWrite = refusal{
		saying{"Запрос пришёл с чужого сайта", "Откройте панель и повторите действие в ней самой."},
		saying{"The request came from another site", "Open the page and do it there."},
	}
	notSignedIn = refusal{
		saying{"Не получилось", "Откройте панель и попробуйте ещё раз."},
		saying{"That did not work", "Open the page and try again."},
	}
	tooManyGuesses = refusal{
		saying{"Слишком много неверных паролей", "Повторите попытку через минуту."},
		saying{"Too many wrong passwords", "Try again in a minute."},
	}
	loginsBusy = refusal{
		saying{"Сейчас входит слишком много людей", "Повторите попытку через несколько секунд."},
		saying{"Too many people log in right now", "Try again in a few seconds."},
	}
	proxyOnly = refusal{
		saying{"Вход только через прокси", "Откройте панель по адресу прокси, который проверяет вход."},
		saying{"Through its proxy only", "Open the page at the address of the proxy that checks who you are."},
	}
	thisMachineOnly = refusal{
		saying{"Только для этого компьютера", "Откройте панель на нём самом: http://127.0.0.1 или http://localhost. Доступ " +
			"для других описан в docs/live.md."},
		saying{"For this machine alone", "Open the page on it as http://127.0.0.1 or http://localhost. Access for others: " +
			"docs/live.md."},
	}
)

//go:embed refusal.html
var refusalText string

var refusalPage = template.Must(template.New("refusal").Parse(refusalText))

// refuse answers with a page that says why and what to do.
func refuse(w http.ResponseWriter, r *http.Request, status int, why refusal) {
	data := struct {
		saying
		Lang, Again, Here string
	}{saying: why.en, Lang: "en"}
	if russian(r) {
		data.saying, data.Lang = why.ru, "ru"
	}
	// A link in a mail or a messenger brings no cookie of ours along; the same page asked for by ourselves does.
	if status == http.StatusForbidden && fromElsewhere(r) {
		data.Again = ownAddress(r, r.URL.Query())
		data.Here = map[string]string{"ru": "Открыть", "en": "Open"}[data.Lang]
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", data.Lang)
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Language, Cookie, Sec-Fetch-Site")
	w.WriteHeader(status)
	_ = refusalPage.Execute(w, data) // whoever has left needs nothing
}

// fromElsewhere: a person followed a link of another site.
func fromElsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return r.Method == http.MethodGet && (site == "cross-site" || site == "same-site") &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

var matcher = language.NewMatcher([]language.Tag{language.Russian, language.English})

// russian is as the page decides it: the address, else the browser, else yes.
func russian(r *http.Request) bool {
	if query, err := url.ParseQuery(r.URL.RawQuery); err == nil && query.Get("lang") != "" {
		return !strings.EqualFold(query.Get("lang"), "en")
	}
	_, index := language.MatchStrings(matcher, r.Header.Get("Accept-Language"))
	return index == 0
}
