package cli

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

func (s *setup) apiQuestions() []question {
	return []question{
		{variable: "QTICKETS_BASE_URL", flag: "--base-url", given: s.BaseURL, initial: "https://qtickets.ru/api/rest/v1",
			text: s.text("Address of the QTickets API", "Адрес API QTickets"),
			form: s.text("an address such as https://qtickets.ru/api/rest/v1, without parameters",
				"нужен адрес вида https://qtickets.ru/api/rest/v1, без параметров")},
		{variable: "QTICKETS_TOKEN",
			text: s.text("Token of the organiser (QTickets, bottom of Settings - General)",
				"Токен организатора (в QTickets: внизу раздела «Настройки – Основное»)"),
			form: s.text("copy the token from the bottom of Settings - General in QTickets, whole and without blanks",
				"скопируйте токен внизу раздела «Настройки – Основное» в QTickets, целиком и без пробелов")},
	}
}

// checkAPI asks QTickets with the token.
func (s *setup) checkAPI(ctx context.Context, questions []question) *wrong {
	if w := s.checkForm(ctx, questions); w != nil {
		return w
	}
	settings, err := s.settings()
	if err != nil {
		return s.blame(questions, err)
	}
	if !safe(settings.BaseURL) {
		return &wrong{variables: []string{"QTICKETS_BASE_URL"}, why: s.text(
			"the address begins with http://, and the token would travel unencrypted: write https://",
			"адрес начинается с http://, токен ушёл бы по сети открытым: напишите https://")}
	}
	settings.RetryBudget = min(settings.RetryBudget, doctorPatience)
	api, err := newClient(settings, quiet())
	if err != nil {
		return &wrong{variables: []string{"QTICKETS_TOKEN"}, why: questionOf(questions, "QTICKETS_TOKEN").form, err: err}
	}
	if _, err = pipeline.ProbeAPI(ctx, api, 0); err != nil {
		return s.apiWrong(err)
	}
	s.done("QTickets accepts the token, orders can be read.", "QTickets принимает токен, заказы читаются.")
	return nil
}

// safe tells whether a token may be sent there: over TLS, or within this machine.
func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "https" {
		return err == nil
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || (err == nil && ip.IsLoopback())
}

// apiWrong says whose fault an answer of QTickets is.
func (s *setup) apiWrong(err error) *wrong {
	w := &wrong{err: err}
	var lookup *net.DNSError
	switch {
	case errors.Is(err, qtickets.ErrUnauthorized):
		w.variables = []string{"QTICKETS_TOKEN"}
		w.why = s.text("QTickets refuses this token: copy it again from the bottom of Settings - General, or make a new one "+
			"there",
			"QTickets не принимает этот токен: скопируйте его ещё раз внизу раздела «Настройки – Основное» или создайте там "+
				"новый")
	case errors.Is(err, qtickets.ErrProxy):
		w.why = s.text("the proxy on the way fails: look at HTTPS_PROXY and HTTP_PROXY, or name the host of QTickets in "+
			"NO_PROXY",
			"не работает прокси на пути к QTickets: проверьте HTTPS_PROXY и HTTP_PROXY или укажите адрес QTickets в NO_PROXY")
	case errors.As(err, &lookup):
		w.variables = []string{"QTICKETS_BASE_URL"}
		w.why = s.text("no server has this name: look for a typing error in the address, and at the DNS of this machine",
			"сервера с таким именем нет: проверьте, нет ли опечатки в адресе, и DNS этой машины")
	case errors.Is(err, qtickets.ErrNetwork), errors.Is(err, qtickets.ErrStalled):
		w.variables = []string{"QTICKETS_BASE_URL"}
		w.why = s.text("nobody answers at this address: look for a typing error, and at the network and the firewall",
			"по этому адресу никто не отвечает: проверьте, нет ли опечатки, а также сеть и файрвол")
	case errors.Is(err, qtickets.ErrUnavailable), errors.Is(err, qtickets.ErrRateLimited):
		w.why = s.text("QTickets does not work just now, which is no fault of your answers: try again later",
			"QTickets сейчас не работает, ваши ответы ни при чём: попробуйте позже")
	default:
		w.variables = []string{"QTICKETS_BASE_URL"}
		w.why = s.text("something answers at this address, but not the API of QTickets: usually it is "+
			"https://qtickets.ru/api/rest/v1", "по этому адресу отвечает не API QTickets: обычно это "+
			"https://qtickets.ru/api/rest/v1")
	}
	return w
}
