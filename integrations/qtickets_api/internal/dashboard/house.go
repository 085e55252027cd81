package dashboard

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// houseOf is who else sees the page of the params, for a viewer who may change that; nothing for all others.
func (s *Server) houseOf(r *http.Request, params address.Params) block.House {
	viewer, guard := access.ViewerOf(r.Context()), s.options.Access
	if !viewer.MayWrite() || guard == nil {
		return block.House{}
	}
	house := block.House{Viewer: viewer.Name}
	if params.Screen == address.Data && guard.HasPeople() {
		house.People = guard.People()
	}
	if params.Screen != address.Event || !guard.MakesLinks() {
		return house
	}
	house.Shares = true
	links, err := guard.Links(params.Filter.Event, s.options.Now())
	if err != nil {
		s.log.WarnContext(r.Context(), "page: share links cannot be read", "error", err)
	}
	show := params.Filter.Show
	house.Links = slices.DeleteFunc(links, func(l access.Share) bool { return show != 0 && l.Show != 0 && l.Show != show })
	return house
}

// mayChange is why a form is refused: it comes from elsewhere, or from who may change nothing, or nothing here can do
// it (possible is false), or it cannot be read. nil: it is not refused.
func (s *Server) mayChange(w http.ResponseWriter, r *http.Request, possible bool, fields ...string) error {
	switch {
	case !fromThisPage(r):
		return foreignWrite
	case !possible || !access.ViewerOf(r.Context()).MayWrite():
		return noWriter
	case !readForm(w, r, fields...):
		return badForm
	}
	return nil
}

// readForm reads a small form that has each of the fields once: a body of another kind has not.
func readForm(w http.ResponseWriter, r *http.Request, fields ...string) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(w, r.Body, access.LongestForm)
	if kind != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return false
	}
	return !slices.ContainsFunc(fields, func(name string) bool { return len(r.PostForm[name]) != 1 })
}

// makeLink makes a link by the rules of "share add": its event and show are in the address, and must be there. It
// answers with the page and the address of the link, which is told this once: the link's file has no more than its
// hash.
func (s *Server) makeLink(w http.ResponseWriter, r *http.Request) {
	if err := s.mayChange(w, r, s.options.Access.MakesLinks(), "label", "term", "money"); err != nil {
		s.serveProblem(w, r, err)
		return
	}
	params, wrong := address.Parse(r, address.Event)
	if wrong != nil || params.Filter.Event == 0 {
		s.serveProblem(w, r, badForm)
		return
	}
	a, err := s.loader.results(r.Context(), params, s.publication.current(r.Context()))
	if err != nil || a == nil {
		s.serveProblem(w, r, errors.Join(err, unavailable))
		return
	}
	event, known := a.event()
	if !known {
		s.serveProblem(w, r, unavailable)
		return
	}
	link, right := linkOf(r, event, params.Filter.Show, s.options.Now())
	if !right {
		s.serveProblem(w, r, badForm)
		return
	}
	if _, token, err := s.options.Access.AddShare(link); err != nil {
		s.log.ErrorContext(r.Context(), "page: a share link was not made", "error", err)
		s.serveForm(w, r, params, http.StatusServiceUnavailable, func(b *block.Builder) {
			b.Shared = block.SharedLink{Failed: b.T("share.failed"), Label: link.Label}
		})
	} else {
		s.serveForm(w, r, params, http.StatusOK, func(b *block.Builder) {
			b.Shared = block.SharedLink{Address: s.ownAddress(r) + access.SharePath + token + "/"}
		})
	}
}

// linkOf reads the form of a link; false: it says what no form of ours says.
func linkOf(r *http.Request, event figures.Event, show uint64, now time.Time) (access.Share, bool) {
	form := r.PostForm
	now = now.Truncate(time.Second)
	until, offered := block.ShareTerm(form.Get("term")).End(event, now)
	money := form.Get("money")
	link := access.Share{Event: event.EventID, Show: show, Label: strings.TrimSpace(form.Get("label")), Made: now,
		Until: until, NoMoney: money != "yes"}
	return link, offered && (money == "yes" || money == "no") && access.RightLabel(link.Label)
}

// ownAddress is how browsers reach this page, without a slash at its end: as it is set up, or else as the one that sent
// the form did. The form comes from this page, so what it says of itself is no stranger's word.
func (s *Server) ownAddress(r *http.Request) string {
	if s.options.Address != "" {
		return strings.TrimSuffix(s.options.Address, "/")
	}
	if r.Header.Get("Origin") == "https://"+r.Host {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// revokeLink ends a link, and leads back to the page of its event.
func (s *Server) revokeLink(w http.ResponseWriter, r *http.Request) {
	if err := s.mayChange(w, r, s.options.Access.MakesLinks(), "id"); err != nil {
		s.serveProblem(w, r, err)
		return
	}
	params, wrong := address.Parse(r, address.Event)
	if wrong != nil || params.Filter.Event == 0 {
		s.serveProblem(w, r, badForm)
		return
	}
	err := s.options.Access.RevokeShare(r.PostForm.Get("id"))
	s.ended(w, r, err, access.ErrNoShare, params.URL()+"#h-share")
}

// removePerson ends what somebody may see, but nobody's own.
func (s *Server) removePerson(w http.ResponseWriter, r *http.Request) {
	if err := s.mayChange(w, r, s.options.Access.HasPeople(), "name"); err != nil {
		s.serveProblem(w, r, err)
		return
	}
	params, wrong := address.Parse(r, address.Data)
	name := r.PostForm.Get("name")
	if wrong != nil || name == access.ViewerOf(r.Context()).Name {
		s.serveProblem(w, r, badForm)
		return
	}
	s.ended(w, r, s.options.Access.RemovePerson(name), access.ErrNoPerson, params.URL()+"#h-people")
}

// ended leads back to a page. What had ended already is none the worse: gone says so.
func (s *Server) ended(w http.ResponseWriter, r *http.Request, err, gone error, back string) {
	if err != nil && !errors.Is(err, gone) {
		s.log.ErrorContext(r.Context(), "page: access was not ended", "error", err)
		s.serveProblem(w, r, notKept)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, back, http.StatusSeeOther)
}
