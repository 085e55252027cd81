package dashboard

import (
	"net/http"
	"slices"
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
