package alert

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/url"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// librarySender is for every address the library knows.
func librarySender(u *url.URL) (func(context.Context, Message) error, error) {
	if u.Scheme == "logger" {
		return nil, errors.New("it tells nobody")
	}
	if _, err := (&router.ServiceRouter{}).NewService(baseScheme(u)); err != nil {
		return nil, err
	}
	if u.Scheme != "matrix" { // which logs in at once: a network that is down is no mistake of the operator
		if _, err := router.New(nil, u.String()); err != nil {
			return nil, err
		}
	}
	return func(_ context.Context, m Message) error { return sendByLibrary(u, m) }, nil
}

func sendByLibrary(u *url.URL, m Message) error {
	r, err := router.New(nil, u.String())
	if err != nil {
		return err
	}
	r.Timeout = sendTimeout
	text, params := m.Title+"\n\n"+m.Body, types.Params{}
	if u.Scheme == "smtp" {
		text, params = m.Body, types.Params{"subject": mime.BEncoding.Encode("utf-8", m.Title)}
	}
	return errors.Join(r.Send(text, &params)...)
}

// baseScheme is "generic" of "generic+https".
func baseScheme(u *url.URL) string {
	name, _, err := (&router.ServiceRouter{}).ExtractServiceName(fmt.Sprint(u))
	if err != nil {
		return u.Scheme
	}
	return name
}
