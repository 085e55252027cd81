package alert

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func channels(t *testing.T, urls string) []Channel {
	t.Helper()
	parsed, err := ParseChannels(urls)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestParseChannels(t *testing.T) {
	t.Parallel()
	const bot, mail = "telegram://1:secret@telegram?chats=",
		"smtp://u:secret@mail.example.test:587/?from=a@example.test&to="
	for _, c := range []struct {
		urls  string
		names string
	}{
		{"", ""},
		{" \n", ""},
		{bot + "1", "1 telegram"},
		{bot + "1 " + mail + "b@example.test", "1 telegram, 2 smtp"},
		{bot + "1,2," + mail + "b@example.test,c@example.test\n" + bot + "@channel",
			"1 telegram, 2 telegram, 3 smtp, 4 smtp, 5 telegram"},
		{bot + "1, " + bot + "1", "1 telegram"},
		{"generic+https://example.test/hook/secret", "1 generic+https"},
	} {
		var names []string
		for _, ch := range channels(t, c.urls) {
			names = append(names, ch.Name)
		}
		if got := strings.Join(names, ", "); got != c.names {
			t.Errorf("%q: %q, want %q", c.urls, got, c.names)
		}
	}
}

// TestKeysOutliveAPassword: a changed password must not make a channel hear everything again.
func TestKeysOutliveAPassword(t *testing.T) {
	t.Parallel()
	all := channels(t, "smtp://u:one@h.example.test/?from=a@example.test&to=b@example.test "+
		"smtp://u:one@h.example.test/?from=a@example.test&to=c@example.test")
	other := channels(t, "smtp://u:two@h.example.test/?from=a@example.test&to=b@example.test")
	if all[0].Key != other[0].Key || all[0].Key == all[1].Key || strings.Contains(all[0].Key, "example") {
		t.Errorf("keys %s, %s and after a change %s", all[0].Key, all[1].Key, other[0].Key)
	}
}

func TestWrongAddresses(t *testing.T) {
	t.Parallel()
	for urls, says := range map[string]string{
		"hush":                                 "address 1: it is not an address",
		"telegram://1:a@telegram?chats=1 hush": "address 2: it is not an address",
		"telegram://hush@telegram?chats=1":     "address 1 (telegram): no token of a bot",
		"telegram://1:hush@telegram":           "no chats=ID",
		"telegram://1:hush%zz@telegram":        "it is not an address",
		"smtp://u:hush@mail.example.test":      "address 1 (smtp)",
		"nosuch://hush-token@example.test":     "address 1 (nosuch)",
		"logger://hush":                        "it tells nobody",
		"discord://hush-token@":                "address 1 (discord)",
		"generic+https:// hush":                "address",
	} {
		_, err := ParseChannels(urls)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hush") ||
			!strings.Contains(err.Error(), "docs/alerts.md") {
			t.Errorf("%s: %v, want %q", urls, err, says)
		}
	}
}

func TestTelegram(t *testing.T) {
	t.Parallel()
	server := testkit.ServeTelegram(t)
	m := Message{"Заголовок", "первая\nвторая"}
	for _, c := range channels(t, server.URL("-1001,@channel")) {
		if _, err := c.Send(t.Context(), m, ""); err != nil {
			t.Error(err)
		}
	}
	want := []string{"-1001: Заголовок\n\nпервая\nвторая", "@channel: Заголовок\n\nпервая\nвторая"}
	if diff := cmp.Diff(want, server.Texts()); diff != "" {
		t.Error(diff)
	}
	unreachable(t, server.URL("nobody"), "HTTP 400: Bad Request: chat not found")
	server.Break(true)
	unreachable(t, server.URL("1"), "HTTP 502, not an answer of Telegram")
	unreachable(t, "telegram://"+testkit.TelegramToken+"@127.0.0.1:1/?disabletls=yes&chats=1", "connection refused")
}

func TestTelegramsOwnAddress(t *testing.T) {
	t.Parallel()
	var asked string
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.Path
		_, _ = w.Write([]byte(`{"ok":true}`))
	}))
	defer relay.Close()
	c := channels(t, "telegram://1:a@"+strings.TrimPrefix(relay.URL, "http://")+"?chats=1&disabletls=yes")[0]
	if _, err := c.Send(t.Context(), Message{"a", "b"}, ""); err != nil || asked != "POST /bot1:a/sendMessage" {
		t.Errorf("%v, asked %q", err, asked)
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	server := testkit.ServeMail(t)
	for _, c := range channels(t, server.URL("a@example.test,b@example.test")) {
		if _, err := c.Send(t.Context(), Message{"Заголовок: «нет данных»", "первая\nвторая"}, ""); err != nil {
			t.Error(err)
		}
	}
	want := []testkit.Letter{
		{To: "a@example.test", Subject: "Заголовок: «нет данных»", Body: "первая\nвторая"},
		{To: "b@example.test", Subject: "Заголовок: «нет данных»", Body: "первая\nвторая"},
	}
	if diff := cmp.Diff(want, server.Letters()); diff != "" {
		t.Error(diff)
	}
	unreachable(t, strings.Replace(server.URL("a@example.test"), testkit.MailPassword, testkit.MailPassword+"2", 1),
		`535 "wrong password`)
	server.Break(true)
	unreachable(t, server.URL("a@example.test"), `451 "no room`)
	unreachable(t, "smtp://robot:"+testkit.MailPassword+"@127.0.0.1:1/?from=a@example.test&to=b@example.test",
		"connection refused")
}

// TestAnyAddressOfTheLibrary: a plain web hook stands for all services we have no code for.
func TestAnyAddressOfTheLibrary(t *testing.T) {
	t.Parallel()
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) }))
	defer server.Close()
	address := "generic+" + server.URL + "/canary-token-of-a-hook"
	if _, err := channels(t, address)[0].Send(t.Context(), Message{"a", "b"}, ""); err != nil {
		t.Error(err)
	}
	status = http.StatusForbidden
	unreachable(t, address, "403 Forbidden")
	unreachable(t, "generic+http://127.0.0.1:1/canary-token-of-a-hook", "connection refused")
}

// unreachable demands an error that says what is wrong, and neither token, password nor recipient.
func unreachable(t *testing.T, urls, says string) {
	t.Helper()
	_, err := channels(t, urls)[0].Send(t.Context(), Message{"a", "b"}, "")
	if err == nil || !strings.Contains(err.Error(), says) || !strings.HasPrefix(err.Error(), "send to 1 ") {
		t.Errorf("%v, want %q", err, says)
	}
	checkHidden(t, err)
}

func checkHidden(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"canary", "@example.test"} {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("a secret in %q", err)
		}
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	status, asked := http.StatusOK, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/canary-of-ping" {
			asked++
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	if err := Ping(t.Context(), server.URL+"/canary-of-ping"); err != nil || asked != 1 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	status = http.StatusNotFound
	for _, address := range []string{server.URL + "/canary-of-ping", "http://127.0.0.1:1/canary-of-ping", "canary"} {
		err := Ping(t.Context(), address)
		if err == nil {
			t.Errorf("no error for %s", address)
		}
		checkHidden(t, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Ping(ctx, server.URL); err == nil || errors.Is(err, http.ErrServerClosed) {
		t.Errorf("%v after the end", err)
	}
}

// TestForeignAddress: a service may answer with an address of its own making, with a token in it.
func TestForeignAddress(t *testing.T) {
	t.Parallel()
	err := redactor(nil).clean(errors.New(`Post "https://hooks.example.test/canary?token=canary": refused`))
	if want := `Post "https://…": refused`; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
}
