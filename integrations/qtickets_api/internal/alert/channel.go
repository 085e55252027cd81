package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Channel is one recipient. Its address holds secrets and is never shown.
type Channel struct {
	Key  string // tells channels apart, also after a password was changed
	Name string // for people: "1 telegram"
	// Audience is whose incidents it is sent.
	Audience Audience

	send   sender
	redact redactor
	// movedKey is the Key once the address has a chat of another id; nil: the channel cannot move.
	movedKey func(to string) string
}

// sender sends a message, to the chat movedTo where that is not "". moved is the id the chat says it has now; "": the
// one it was asked by.
type sender func(ctx context.Context, m Message, movedTo string) (moved string, err error)

// RefusedError is an answer that will be the same for the same question until a person changes something.
type RefusedError struct{ reason string }

func (e *RefusedError) Error() string { return e.reason }

// Send sends a message. movedTo and moved are ids of a group that changed its own (Telegram), "" as a rule. The error
// names neither address nor token; it is a RefusedError where repeating is useless.
func (c Channel) Send(ctx context.Context, m Message, movedTo string) (moved string, err error) {
	moved, err = c.send(ctx, m, movedTo)
	if err == nil {
		return moved, nil
	}
	named := fmt.Errorf("send to %s: %w", c.Name, c.redact.clean(err))
	if refused := (*RefusedError)(nil); errors.As(err, &refused) {
		return moved, &RefusedError{named.Error()}
	}
	return moved, named
}

// separator stands between addresses: white space, or a comma before the next scheme (an address itself may
// hold commas).
var separator = regexp.MustCompile(`\s+|,+\s*([a-z][a-z0-9+.-]*://)`)

// ParseChannels reads addresses such as "telegram://TOKEN@telegram?chats=ID
// smtp://USER:PASSWORD@HOST:587/?from=A&to=B".
// An address with several recipients becomes as many channels: one that does not work must not make the
// others hear everything twice.
func ParseChannels(urls string) ([]Channel, error) {
	var channels []Channel
	names := map[string]bool{}
	for n, raw := range strings.Fields(separator.ReplaceAllString(urls, " $1")) {
		recipients, err := split(raw)
		if err != nil {
			return nil, fmt.Errorf("address %d: %w", n+1, err)
		}
		for _, u := range recipients {
			c, err := newChannel(u, raw)
			if err != nil {
				return nil, fmt.Errorf("address %d (%s): %w: see docs/alerts.md", n+1, u.Scheme, err)
			}
			c.Name = fmt.Sprintf("%d %s", len(channels)+1, u.Scheme)
			if !names[c.Key] { // given twice
				channels = append(channels, c)
			}
			names[c.Key] = true
		}
	}
	return channels, nil
}

// recipients are the parameters that may name several, by scheme.
var recipients = map[string][]string{"telegram": {"chats", "channels"}, "smtp": {"toaddresses", "to"}}

// split makes an address per recipient.
func split(raw string) ([]*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" {
		// it may hold a token
		return nil, fmt.Errorf("it is not an address like telegram://… or smtp://…: see docs/alerts.md")
	}
	query := u.Query()
	for _, name := range recipients[u.Scheme] {
		several := strings.Split(query.Get(name), ",")
		if len(several) < 2 {
			continue
		}
		var all []*url.URL
		for _, one := range several {
			single := *u
			query.Set(name, strings.TrimSpace(one))
			single.RawQuery = query.Encode()
			all = append(all, &single)
		}
		return all, nil
	}
	return []*url.URL{u}, nil
}

func newChannel(u *url.URL, raw string) (Channel, error) {
	redact := newRedactor(raw, u)
	send, err := newSender(u)
	if err != nil {
		return Channel{}, redact.clean(err)
	}
	key := *u
	if u.User != nil {
		key.User = url.User(u.User.Username())
	}
	c := Channel{Key: fingerprint(key.String()), send: send, redact: redact}
	if chat := telegramChat(u); u.Scheme == "telegram" {
		c.movedKey = func(to string) string {
			moved := key
			moved.RawQuery = strings.Replace(key.RawQuery, chat, to, 1)
			return fingerprint(moved.String())
		}
	}
	return c, nil
}

func newSender(u *url.URL) (sender, error) {
	if u.Scheme == "telegram" {
		return telegramSender(u)
	}
	send, err := librarySender(u)
	return func(ctx context.Context, m Message, _ string) (string, error) { return "", send(ctx, m) }, err
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
