package alert

import (
	"cmp"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// redactor takes the parts of an address out of texts. Errors of the network and of the library quote
// addresses, tokens included.
type redactor []string

// shortest is the length from which a part of an address may be a secret.
const shortest = 4

func newRedactor(raw string, u *url.URL) redactor {
	parts := []string{raw, u.String()}
	if u.User != nil {
		password, _ := u.User.Password()
		parts = append(parts, u.User.Username(), password)
	}
	if !strings.Contains(u.Host, ".") && u.Host != u.Scheme { // some services keep a token there
		parts = append(parts, u.Hostname())
	}
	parts = append(parts, strings.Split(u.Path, "/")...)
	parts = append(parts, u.Fragment)
	for _, values := range u.Query() {
		for _, v := range values {
			parts = append(parts, strings.Split(v, ",")...)
		}
	}
	var redact redactor
	for _, p := range parts {
		for _, spelled := range []string{p, url.QueryEscape(p), url.PathEscape(p)} {
			if len(spelled) >= shortest {
				redact = append(redact, spelled)
			}
		}
	}
	slices.SortFunc(redact, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // a part may hold another
	return redact
}

var anyAddress = regexp.MustCompile(`([a-zA-Z][a-zA-Z0-9+.-]*)://[^\s"]+`)

func (r redactor) clean(err error) error {
	text := err.Error()
	for _, secret := range r {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return errors.New(cut(anyAddress.ReplaceAllString(text, "$1://…"), 300))
}
