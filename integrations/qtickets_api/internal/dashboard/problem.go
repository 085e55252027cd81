package dashboard

import (
	"errors"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// problemPage is an honest page about why there is no other: its status, and the key of its text.
type problemPage struct {
	status int
	text   string
}

// The problems a reader may meet.
var (
	badAddress      = problemPage{http.StatusBadRequest, "problem.address"}
	notFound        = problemPage{http.StatusNotFound, "problem.not_found"}
	noEvent         = problemPage{http.StatusNotFound, "problem.no_event"}
	noEvents        = problemPage{http.StatusNotFound, "problem.no_events"}
	noTable         = problemPage{http.StatusNotFound, "problem.no_table"}
	wrongMethod     = problemPage{http.StatusMethodNotAllowed, "problem.method"}
	internalProblem = problemPage{http.StatusInternalServerError, "problem.internal"}
	unavailable     = problemPage{http.StatusServiceUnavailable, "problem.away"}
	failedBlock     = problemPage{http.StatusServiceUnavailable, "block.failed"}
)

func (p problemPage) Error() string { return p.text }

// wrongAddress is the answer to an address that cannot be read. What lies outside of what its viewer may see is not
// there for them.
func wrongAddress(err error) problemPage {
	if errors.Is(err, address.ErrOutside) {
		return notFound
	}
	return badAddress
}

// serveProblem answers with a problem; an error that is none is an internal one.
func (s *Server) serveProblem(w http.ResponseWriter, r *http.Request, err error) {
	problem := internalProblem
	errors.As(err, &problem)
	asked, _ := address.Parse(r, address.Today) // its language is right in any case
	params := address.Params{
		Screen: address.Problem, Locale: asked.Locale, Chosen: asked.Chosen, Scope: asked.Scope,
		Filter: figures.Filter{Period: address.DefaultPeriod},
	}
	f := newFrame(s.options.Org, params, snapshot{})
	f.Token = "problem" // which the script does not keep up to date
	if problem.status == http.StatusServiceUnavailable {
		f.Token = s.publication.current(r.Context()).token // the page comes by itself when ClickHouse is back
	}
	f.Heading, f.Problem, f.OurFault = f.T("problem.heading"), f.T(problem.text), problem.status >= 500
	f.Title = f.Heading
	page, err := f.render()
	if err != nil {
		http.Error(w, f.Problem, problem.status)
		return
	}
	h := w.Header()
	switch {
	case problem == busy:
		h.Set("Retry-After", "5")
	case problem.status == http.StatusServiceUnavailable && problem != failedBlock:
		h.Set("Retry-After", "30")
	}
	page.serveOnce(w, r, params, problem.status)
}
