package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// link is the way in that needs no setup: the address printed at this start holds a token, and whoever opens it gets
// a cookie. Both end with the process.
type link struct{ token, session string }

// newLink makes both. A history or a chat keeps the token of an address; the cookie is another secret.
func newLink() link { return link{rand.Text(), rand.Text()} }

// tokenParameter is the part of the address that holds the token.
const tokenParameter = "token"

// URL is the address that opens the page whose own is given: with the token, where that is the way in.
func (g *Guard) URL(page string) string {
	if g.mode != Link {
		return page
	}
	return page + "?" + tokenParameter + "=" + g.link.token
}

// admit answers the link itself by a cookie and the same address without the token.
func (l link) admit(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	reading := r.Method == http.MethodGet || r.Method == http.MethodHead
	if reading && same(query.Get(tokenParameter), l.token) {
		http.SetCookie(w, &http.Cookie{
			Name: cookieName(r), Value: l.session, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
			Secure: behindTLS(r),
		})
		query.Del(tokenParameter)
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, ownAddress(r, query), http.StatusSeeOther)
		return false
	}
	if l.knows(r) {
		return true
	}
	refuse(w, r, http.StatusForbidden, linkNeeded)
	return false
}

// knows tells whether the cookie of this start comes along.
func (l link) knows(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName(r))
	return err == nil && same(cookie.Value, l.session)
}

// ownAddress leads to this server whatever the path begins with.
func ownAddress(r *http.Request, query url.Values) string { return ownPath(r.URL.Path, query) }

func ownPath(path string, query url.Values) string {
	own := url.URL{Path: "/" + strings.TrimLeft(path, "/"), RawQuery: query.Encode()}
	return own.String()
}

// behindTLS tells whether the browser came by https: a proxy says so, or the browser itself where it sends a form. Both
// are said by whoever asks, about a cookie of its own.
func behindTLS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" ||
		strings.HasPrefix(r.Header.Get("Origin"), "https://")
}

// cookieName is the name of the cookie of the link.
func cookieName(r *http.Request) string { return "qtickets_page" + portOf(r) }

// portOf is a suffix of a cookie's name: cookies do not tell the ports of a machine apart, and two programs may serve
// there.
func portOf(r *http.Request) string {
	if _, port, err := net.SplitHostPort(r.Host); err == nil && strings.Trim(port, "0123456789") == "" {
		return "_" + port
	}
	return ""
}

// same compares in a time that tells nothing, also not the length.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
