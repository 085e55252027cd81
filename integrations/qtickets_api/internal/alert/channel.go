package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// Channel is one recipient. Its address holds secrets and is never shown.
type Channel struct {
	Key    string // tells channels apart, also after a password was changed
	Name   string // for people: "1 telegram"
	send   func(ctx context.Context, m Message) error
	redact redactor
}

// Send sends a message. The error names neither address nor token.
func (c Channel) Send(ctx context.Context, m Message) error {
	if err := c.send(ctx, m); err != nil {
		return fmt.Errorf("send to %s: %w", c.Name, c.redact.clean(err))
	}
	return nil
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
	send, err := sender(u)
	if err != nil {
		return Channel{}, redact.clean(err)
	}
	key := *u
	if u.User != nil {
		key.User = url.User(u.User.Username())
	}
	return Channel{Key: fingerprint(key.String()), send: send, redact: redact}, nil
}

func sender(u *url.URL) (func(context.Context, Message) error, error) {
	if u.Scheme == "telegram" {
		return telegramSender(u)
	}
	return librarySender(u)
}

func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}
