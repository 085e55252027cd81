package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// crossSite is the answer to what another site's page wants to load.
var crossSite = problemPage{http.StatusForbidden, "problem.cross_site"}

// fromAnotherSite tells whether a page of another site asks, in the name of a reader who does not know of it. A link
// that the reader follows is no such thing: it opens a document of its own, at the top. Browsers set these headers and
// no script can; what does not send them is no browser.
func fromAnotherSite(r *http.Request) bool {
	if slices.Contains([]string{"", "none", "same-origin"}, r.Header.Get("Sec-Fetch-Site")) {
		return false
	}
	followed := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" &&
		r.Header.Get("Sec-Fetch-Dest") == "document"
	return !followed
}

// fromThisPage tells whether a page of this very server sent a request that changes something. That alone keeps other
// sites out, whichever way readers are let in: a cookie, a password that the browser sends along, a proxy that vouches,
// or nothing at all. No script can set these headers. Sec-Fetch-Site tells other ports and names of a machine apart;
// over plain HTTP to another machine browsers leave it out, and Origin, which they send with every POST, must name the
// host that was asked. Who rebinds a foreign name to this address has no cookie, password or login of it, and --no-auth
// takes the names of this machine alone. What sends neither header is no browser: it has "plan import".
func fromThisPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Host != "" && strings.EqualFold(origin.Host, r.Host)
}
