package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// reader reads values and collects what is wrong with them. A value is not quoted: the wrong one may be a secret that
// was put under the wrong name. Only a plain word is, where a word is wanted.
type reader struct {
	values   map[string]string
	mistakes []error
}

func (r *reader) wrong(name, format string, arguments ...any) {
	r.mistakes = append(r.mistakes, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, arguments...)))
}

func (r *reader) text(name string) string {
	if v := r.values[name]; v != "" {
		return v
	}
	for _, v := range variables {
		if v.Name == name {
			return v.Default
		}
	}
	panic("undeclared variable " + name)
}

func (r *reader) baseURL(name string) string {
	raw := strings.TrimRight(r.text(name), "/")
	u, err := url.Parse(raw)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		r.wrong(name, "not an http(s) URL: use https://qtickets.ru/api/rest/v1") // it may be a token in the wrong place
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		r.wrong(name, "must not contain a user, password or parameters: use %s://%s/api/rest/v1, the token goes into "+
			"QTICKETS_TOKEN", u.Scheme, u.Host)
	case !strings.HasSuffix(u.Path, "/api/rest/v1"):
		r.wrong(name, "must end with /api/rest/v1: use %s://%s/api/rest/v1", u.Scheme, u.Host)
	}
	return raw
}

func (r *reader) integer(name string, least, most int) int {
	n, err := strconv.Atoi(r.text(name))
	if err != nil || n < least || n > most {
		r.wrong(name, "not a whole number from %d to %d", least, most)
	}
	return n
}

func (r *reader) rate(name string) float64 {
	f, err := strconv.ParseFloat(r.text(name), 64)
	if err != nil || !(f > 0 && f <= 10_000) {
		r.wrong(name, "not a number of requests per second above 0 and up to 10000")
	}
	return f
}

func (r *reader) percent(name string) float64 {
	f, err := strconv.ParseFloat(r.text(name), 64)
	if err != nil || !(f > 0 && f < 100) {
		r.wrong(name, "not a number of per cent between 0 and 100, without the sign")
	}
	return f
}

// leastSecret is the length below which a secret is guessed in no time. It is no more than that, because a key for
// buyers that is in use cannot be changed: every buyer would become a new one.
const leastSecret = 8

// secret reads one that the operator makes: a short one is guessed, so it is refused. "" is none.
func (r *reader) secret(name string) string {
	v := r.text(name)
	if v != "" && len(v) < leastSecret {
		r.wrong(name, "too short to be a secret, at least %d characters are needed: make one with \"openssl rand -hex 32\"",
			leastSecret)
	}
	return v
}

// webURL reads an address.
func (r *reader) webURL(name string) string {
	raw := r.text(name)
	if u, err := url.Parse(raw); raw != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "") {
		r.wrong(name, "not an http(s) URL: copy the whole address")
	}
	return raw
}

func (r *reader) duration(name string) time.Duration {
	d, err := time.ParseDuration(r.text(name))
	if err != nil || d <= 0 {
		r.wrong(name, "not a duration such as 14m or 2h")
	}
	return d
}

// clock is a time of day as what has passed since midnight.
func (r *reader) clock(name string) time.Duration {
	at, err := time.Parse("15:04", r.text(name))
	if err != nil || at.Minute()%5 != 0 {
		r.wrong(name, "not a time of day such as 09:00, with minutes that are a multiple of 5")
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

func (r *reader) boolean(name string) bool {
	b, err := strconv.ParseBool(r.text(name))
	if err != nil {
		r.wrong(name, "neither true nor false")
	}
	return b
}

func (r *reader) level(name string) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(r.text(name))); err != nil {
		r.wrong(name, "none of debug, info, warn, error")
	}
	return level
}

func (r *reader) oneOf(name string, allowed ...string) string {
	v := r.text(name)
	for _, a := range allowed {
		if v == a {
			return v
		}
	}
	what := "the value"
	if plainWord.MatchString(v) {
		what = strconv.Quote(v)
	}
	// "" may be the first
	r.wrong(name, "%s is not supported: use %s", what, strings.TrimPrefix(strings.Join(allowed, " or "), " or "))
	return v
}

// plainWord is a short one of letters, such as a zone of the clock: no secret worth its name.
var plainWord = regexp.MustCompile(`^[A-Za-z]{1,8}(/[A-Za-z_]{1,20})?$`)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (r *reader) identifier(name string) string {
	v := r.text(name)
	if !identifier.MatchString(v) {
		r.wrong(name, "not a plain name of letters, digits and _")
	}
	return v
}

// certificates reads a PEM file of authorities.
func (r *reader) certificates(name string) string {
	text, ok := r.pemFile(name)
	if ok && !x509.NewCertPool().AppendCertsFromPEM([]byte(text)) {
		r.wrong(name, "the file holds no certificate: name one with -----BEGIN CERTIFICATE-----")
	}
	return text
}

// keyPair reads a certificate of our own and its key.
func (r *reader) keyPair(certName, keyName string) (cert, key string) {
	if (r.text(certName) == "") != (r.text(keyName) == "") {
		r.wrong(certName, "goes with %s: set both, or neither", keyName)
		return "", ""
	}
	cert, certRead := r.pemFile(certName)
	key, keyRead := r.pemFile(keyName)
	if certRead && keyRead {
		if _, err := tls.X509KeyPair([]byte(cert), []byte(key)); err != nil {
			r.wrong(certName, "it and %s are not a certificate and its key: name two PEM files that belong together, the key "+
				"without a password", keyName)
		}
	}
	return cert, key
}

// pemFile reads a file unless none is named.
func (r *reader) pemFile(name string) (text string, ok bool) {
	path := r.text(name)
	if path == "" {
		return "", false
	}
	read, err := os.ReadFile(path)
	if err != nil {
		r.wrong(name, "the file cannot be read (%v): name a PEM file that this user may read; a container sees only what is "+
			"mounted into it", withoutPath(err))
	}
	return string(read), err == nil
}

// withoutPath is why a file cannot be opened: what stands in the place of its name may be a secret.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
