package dashboard

import (
	"net/http"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// serveShared answers below the address of a share link: the page of its event, its news, and the files of the page.
// The guard has looked at the token; nothing else of the page can be had by it.
func (s *Server) serveShared(w http.ResponseWriter, r *http.Request) {
	if access.ViewerOf(r.Context()).Role != access.Shared {
		s.serveProblem(w, r, notFound)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is the key
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	_, below, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, access.SharePath), "/")
	switch below {
	case "":
		s.servePage(w, r, address.Event)
	case "live":
		s.serveLive(w, r)
	default:
		for _, a := range pageAssets() {
			if a.name == "/"+below {
				a.ServeHTTP(w, r)
				return
			}
		}
		s.serveProblem(w, r, notFound)
	}
}

// share makes the frame that of a share link: its files and its news stand below the link.
func (f *frame) share(scope address.Scope) {
	f.Shared, f.Live = true, "live"
	f.CSS, f.JS, f.Icon = "."+f.CSS, "."+f.JS, "."+f.Icon
	f.Foot = f.T("share.foot", f.Date(time.Unix(scope.Until, 0).In(sales.Moscow)))
	if f.Org != "" {
		f.Foot = f.T("share.from", f.Org) + " " + f.Foot
	}
}
