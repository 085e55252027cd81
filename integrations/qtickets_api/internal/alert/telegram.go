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
	"strconv"
	"strings"
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
func telegramSender(u *url.URL) (sender, error) {
	password, _ := u.User.Password()
	token := u.User.Username() + ":" + password
	chat := telegramChat(u)
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
	if u.Query().Get("disabletls") == "yes" {
		address.Scheme = "http"
	}
	say := func(ctx context.Context, chat string, m Message) (string, error) {
		return callTelegram(ctx, address.String(), map[string]any{
			"chat_id": chat, "text": m.Title + "\n\n" + m.Body, "disable_web_page_preview": true,
		})
	}
	return func(ctx context.Context, m Message, movedTo string) (string, error) {
		if movedTo == "" {
			movedTo = chat
		}
		moved, err := say(ctx, movedTo, m)
		if moved != "" { // a group that became a supergroup has another id, and hears nothing under the old one
			_, err = say(ctx, moved, m)
		}
		return moved, err
	}, nil
}

func telegramChat(u *url.URL) string {
	query := u.Query()
	return query.Get("chats") + query.Get("channels")
}

// telegramReply is an answer of the Bot API.
type telegramReply struct {
	OK          bool   `json:"ok"`
	Description string `json:"description"`
	Parameters  struct {
		MigrateToChatID int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// callTelegram sends one message. moved is the id that the chat has now, where that is what Telegram answers.
func callTelegram(ctx context.Context, address string, question any) (moved string, err error) {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	body, err := json.Marshal(question)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", withoutAddress(err)
	}
	defer response.Body.Close()
	var reply telegramReply
	text, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err == nil {
		err = json.Unmarshal(text, &reply)
	}
	if err != nil {
		return "", fmt.Errorf("HTTP %d, not an answer of Telegram", response.StatusCode)
	}
	if id := reply.Parameters.MigrateToChatID; !reply.OK && id != 0 {
		moved = strconv.FormatInt(id, 10)
	}
	return moved, reply.problem(response.StatusCode)
}

// problem is nil for a message that was sent. The statuses are those of the Bot API; what to do about the last ones
// only a person can.
func (r telegramReply) problem(status int) error {
	said := fmt.Sprintf("HTTP %d: %s", status, r.Description)
	switch {
	case r.OK:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusNotFound:
		return &RefusedError{said + ": Telegram knows no such bot: take its token from @BotFather again"}
	case status == http.StatusForbidden:
		return &RefusedError{said + ": the bot was blocked or put out of the chat, or nobody has written to it yet: add it " +
			"to the group again, or open the bot and press Start"}
	case status == http.StatusBadRequest && strings.Contains(r.Description, "chat not found"):
		return &RefusedError{said + ": there is no such chat for this bot: add it to the chat, and compare the id after " +
			"chats= with getUpdates (docs/alerts.md)"}
	case status == http.StatusBadRequest:
		return &RefusedError{said + ": Telegram will not take messages for this chat: see whether the bot may write there"}
	}
	return errors.New(said) // 429 and 5xx pass by themselves
}

// withoutAddress is what went wrong, without the address that net/http puts before it.
func withoutAddress(err error) error {
	var quoted *url.Error
	if errors.As(err, &quoted) {
		return quoted.Err
	}
	return err
}
