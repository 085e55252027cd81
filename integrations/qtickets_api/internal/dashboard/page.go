package dashboard

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
)

// servePage answers with a screen.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, screen address.Screen) {
	params, err := address.Parse(r, screen)
	if errors.Is(err, address.ErrOutside) && screen == address.Today { // their screen of today is their event
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, params.ToEvent(params.Scope.Event, 0), http.StatusSeeOther)
		return
	}
	if err != nil {
		s.serveProblem(w, r, wrongAddress(err))
		return
	}
	current := s.publication.current(r.Context())
	params.Writer = s.mayPlan(r)
	house := s.houseOf(r, params)
	s.opened(params, house)
	params = withinData(params, current)
	page := page{etag: etag(params, current, house)}
	// a complete page alone has an ETag, so a copy that has it is this page
	if !matches(r.Header.Get("If-None-Match"), page.etag) {
		if page, err = s.page(r.Context(), params, current, house); err != nil {
			s.serveProblem(w, r, err)
			return
		}
	}
	page.serve(w, r, params)
}

// page is what the params ask for: kept, or rendered now. The error is a problemPage.
func (s *Server) page(ctx context.Context, params address.Params, current snapshot, house block.House) (page, error) {
	if kept, found := s.pages.get(etag(params, current, house)); found {
		return kept, nil
	}
	a, err := s.loader.results(ctx, params, current)
	switch {
	case err != nil:
		return page{}, err
	case a == nil && current.problem.away():
		return page{}, current.problem.page()
	case a != nil && a.stale:
		current.problem = problemUnavailable
	case a != nil && current.problem == problemNone:
		current = a.snapshot // a publication may have landed meanwhile
	}
	return s.rendered(ctx, params, current, a, house)
}

// rendered renders once for all who ask for the page now, and keeps it when it is complete.
func (s *Server) rendered(ctx context.Context, params address.Params, current snapshot, a *results,
	house block.House) (page, error) {
	complete, name := a == nil || a.complete(), etag(params, current, house)
	found, err, _ := s.renders.Do(name, func() (any, error) {
		if kept, found := s.pages.get(name); found && complete {
			return kept, nil
		}
		leave, err := s.gate.enter(context.WithoutCancel(ctx)) // others wait for the same page
		if err != nil {
			return page{}, err
		}
		defer leave()
		rendered, err := render(s.options.Org, params, current, a, house)
		if err == nil && complete {
			rendered.etag = name
			s.pages.put(name, rendered)
		}
		return rendered, err
	})
	if errors.Is(err, busy) {
		return page{}, busy
	}
	if err != nil {
		s.log.ErrorContext(ctx, "page: write", "screen", string(params.Screen), "error", err)
		return page{}, internalProblem
	}
	return found.(page), nil
}

// render is pure: equal arguments make equal pages. A page without answers says why there are none.
func render(org string, params address.Params, current snapshot, a *results, house block.House) (page, error) {
	if a == nil {
		return newFrame(org, params, current).render()
	}
	b := a.builder(params, current)
	b.House = house
	return renderBlocks(org, b, current, a)
}

func renderBlocks(org string, b block.Builder, current snapshot, a *results) (page, error) {
	f := newFrame(org, b.Params, current)
	if b.Typed != nil || b.Shared.Sent() {
		f.Token = "problem" // the script does not change what came of a form
	}
	f.Blocks = b.Views()
	f.nameEvent(b.Params, a)
	f.Heading = cmp.Or(b.Answer(), f.Heading)
	f.Filters = newFilters(b, a)
	return f.render()
}

// page is a page ready to be sent. One without an ETag is not complete: the next one who asks may have luck.
type page struct {
	etag          string
	plain, packed []byte
}

func (p page) bytes() int { return len(p.plain) + len(p.packed) }

// serve the page; one without a body is the one the reader has.
func (p page) serve(w http.ResponseWriter, r *http.Request, params address.Params) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(params.Locale))
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	if p.etag == "" {
		h.Set("Cache-Control", "no-store")
	} else {
		h.Set("Cache-Control", "private, no-cache")
		h.Set("ETag", p.etag)
	}
	if p.plain == nil {
		h.Add("Vary", "Accept-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeBody(w, r, http.StatusOK, p.plain, p.packed)
}

// serveOnce serves a page that is kept nowhere.
func (p page) serveOnce(w http.ResponseWriter, r *http.Request, params address.Params, status int) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(params.Locale))
	writeBody(w, r, status, p.plain, p.packed)
}

// etag names everything a page depends on. All of one scope who may not write see the same, so who asks is not part of
// it; of those who may, the house is.
func etag(params address.Params, current snapshot, house block.House) string {
	parts := []string{current.token, params.URL(), strconv.FormatUint(params.Filter.Event, 10), params.Scope.Key(),
		strconv.FormatBool(params.Writer), house.Key(), string(params.Locale), stylesheet().name, script().name}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// matches compares weakly: a proxy that packed the page made the name weak.
func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}
