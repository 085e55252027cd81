package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// sendTimeout is for one message to one recipient.
const sendTimeout = 10 * time.Second

// telegramHost is what the library's addresses call the public API.
const telegramHost = "telegram"

var telegramToken = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// telegramSender reads the library's form of an address, telegram://TOKEN@telegram?chats=ID, and sends by
// itself: the library reports success when it does not reach Telegram. Another host than "telegram" is an own
// server of the Bot API or a relay; disabletls=yes asks it without TLS.
func telegramSender(u *url.URL) (func(context.Context, Message) error, error) {
	password, _ := u.User.Password()
	token := u.User.Username() + ":" + password
	query := u.Query()
	chat := query.Get("chats") + query.Get("channels")
	switch {
	case !telegramToken.MatchString(token):
		return nil, errors.New("no token of a bot (digits:letters) before the @")
	case chat == "":
		return nil, errors.New("no chats=ID at its end")
	}
	address := url.URL{Scheme: "https", Host: u.Host, Path: "/bot" + token + "/sendMessage"}
	if u.Host == telegramHost {
		address.Host = "api.telegram.org"
	}
	if query.Get("disabletls") == "yes" {
		address.Scheme = "http"
	}
	return func(ctx context.Context, m Message) error {
		return callTelegram(ctx, address.String(), map[string]any{
			"chat_id": chat, "text": m.Title + "\n\n" + m.Body, "disable_web_page_preview": true,
		})
	}, nil
}

func callTelegram(ctx context.Context, address string, question any) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return withoutAddress(err)
	}
	defer response.Body.Close()
	var reply struct {
		OK          bool   `json:"ok"`
		Description string `json:"description"`
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err == nil {
		err = json.Unmarshal(text, &reply)
	}
	switch {
	case err != nil:
		return fmt.Errorf("HTTP %d, not an answer of Telegram", response.StatusCode)
	case !reply.OK:
		return fmt.Errorf("HTTP %d: %s", response.StatusCode, reply.Description)
	}
	return nil
}

// withoutAddress is what went wrong, without the address that net/http puts before it.
func withoutAddress(err error) error {
	var quoted *url.Error
	if errors.As(err, &quoted) {
		return quoted.Err
	}
	return err
}
