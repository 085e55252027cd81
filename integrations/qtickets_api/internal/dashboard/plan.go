package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/plan"
)

// What a person who sends a form may meet.
var (
	noWriter     = problemPage{http.StatusForbidden, "problem.no_write"}
	foreignWrite = problemPage{http.StatusForbidden, "problem.cross_site_write"}
	badForm      = problemPage{http.StatusBadRequest, "problem.form"}
	notKept      = problemPage{http.StatusServiceUnavailable, "share.failed"}
)

const saveTime = 20 * time.Second

// mayPlan tells whether who asks may change plans here.
func (s *Server) mayPlan(r *http.Request) bool {
	return s.options.SavePlan != nil && access.ViewerOf(r.Context()).MayWrite()
}

// savePlan takes the form of a plan: the event and its show, if it is for one, are in the address, the values in the
// body. It answers with their page, by its address when the plan is saved, and with the form and why where it is not.
func (s *Server) savePlan(w http.ResponseWriter, r *http.Request) {
	if err := s.mayChange(w, r, s.options.SavePlan != nil, "currency", "tickets", "revenue"); err != nil {
		s.serveProblem(w, r, err)
		return
	}
	params, err := address.Parse(r, address.Event)
	months := len(r.PostForm["month"])
	if err != nil || params.Filter.Event == 0 || months > 1 || params.Filter.Show == 0 && months == 0 {
		s.serveProblem(w, r, badForm)
		return
	}
	typed := typedPlan(r.PostForm, params)
	// One who leaves has sent it all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), saveTime)
	defer cancel()
	err = s.options.SavePlan(ctx, typed, access.ViewerOf(r.Context()).Name)
	if err != nil {
		s.servePlanAgain(w, r, params, notSaved(params, typed, err), err)
		return
	}
	s.publication.expire()  // for the page that follows
	s.publication.refresh() // for all who look
	w.Header().Set("Cache-Control", "no-store")
	block := "#h-plan"
	if params.Filter.Show == 0 {
		block = "#h-event-plan"
	}
	http.Redirect(w, r, params.URL()+block, http.StatusSeeOther)
}

// typedPlan is the plan of a form. Empty fields take a plan back.
func typedPlan(form url.Values, params address.Params) plan.Typed {
	return plan.Typed{Event: params.Filter.Event, Show: params.Filter.Show, Month: form.Get("month"),
		Currency: form.Get("currency"), Tickets: form.Get("tickets"), Revenue: form.Get("revenue")}
}

func notSaved(params address.Params, typed plan.Typed, err error) *block.TypedPlan {
	again := &block.TypedPlan{Plan: typed}
	if !errors.As(err, &again.Refused) {
		again.Failed = params.Locale.T("plan.not_saved")
	}
	return again
}

// servePlanAgain is the page of the show with the form as it was sent.
func (s *Server) servePlanAgain(w http.ResponseWriter, r *http.Request, params address.Params, again *block.TypedPlan,
	why error) {
	status := http.StatusUnprocessableEntity
	if again.Failed != "" {
		status = http.StatusServiceUnavailable
		s.log.ErrorContext(r.Context(), "page: a plan was not saved", "error", why)
	}
	s.serveForm(w, r, params, status, func(b *block.Builder) { b.Typed = again })
}

// serveForm is a page with what came of a form that was sent to it. It is nobody else's page, and kept nowhere.
func (s *Server) serveForm(w http.ResponseWriter, r *http.Request, params address.Params, status int,
	answer func(*block.Builder)) {
	params.Writer = s.mayPlan(r)
	current := s.publication.current(r.Context())
	a, err := s.loader.results(r.Context(), params, current)
	if a == nil || err != nil {
		s.serveProblem(w, r, errors.Join(err, unavailable))
		return
	}
	b := a.builder(params, current)
	b.House = s.houseOf(r, params)
	answer(&b)
	made, err := renderBlocks(s.options.Org, b, current, a)
	if err != nil {
		s.log.ErrorContext(r.Context(), "page: write", "screen", string(params.Screen), "error", err)
		s.serveProblem(w, r, internalProblem)
		return
	}
	made.serveOnce(w, r, params, status)
}
