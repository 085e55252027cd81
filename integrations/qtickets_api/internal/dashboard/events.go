package dashboard

import (
	"errors"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// chooseEvent leads to an event: the one a form names, else the one that needs help most.
func (s *Server) chooseEvent(w http.ResponseWriter, r *http.Request) {
	params, err := address.Parse(r, address.Today)
	if errors.Is(err, address.ErrOutside) {
		params.Filter.Event = params.Scope.Event
	} else if err != nil {
		s.serveProblem(w, r, badAddress)
		return
	}
	event := params.Filter.Event
	if event == 0 {
		params.Filter = figures.Filter{Period: address.DefaultPeriod}
		if event, err = s.neediestEvent(r, params); err != nil {
			s.serveProblem(w, r, err)
			return
		}
	}
	if event == 0 {
		s.serveProblem(w, r, noEvents)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, params.ToEvent(event, 0), http.StatusSeeOther)
}

// neediestEvent is the event of the first show in the list of today, or any; 0: there is none.
func (s *Server) neediestEvent(r *http.Request, today address.Params) (uint64, error) {
	a, err := s.loader.results(r.Context(), today, s.publication.current(r.Context()))
	if err != nil || a == nil {
		return 0, err
	}
	if shows, _ := given[figures.Shows](a, "shows"); len(shows.Shows) > 0 {
		return shows.Shows[0].EventID, nil
	}
	if choices, _ := a.choices(); len(choices.Events) > 0 {
		return choices.Events[0].EventID, nil
	}
	return 0, nil
}
