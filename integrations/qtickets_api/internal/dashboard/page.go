package dashboard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// servePage answers with a screen.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, screen screen) {
	a, err := s.parse(r, screen)
	if err != nil {
		s.serveProblem(w, r, http.StatusBadRequest, "problem.address")
		return
	}
	sight := s.watch.look(r.Context())
	etag := a.etag(sight.token)
	if s.answered(w, r, a, etag) {
		return
	}
	d, err := s.figures(r.Context(), a, sight)
	switch {
	case errors.Is(err, figures.ErrNoEvent):
		s.serveProblem(w, r, http.StatusNotFound, "problem.no_event")
		return
	case d == nil && sight.problem == problemAway:
		w.Header().Set("Retry-After", "30")
		s.serveProblem(w, r, http.StatusServiceUnavailable, "problem.away")
		return
	}
	if d != nil && d.stale {
		sight.problem = problemAway
	} else if d != nil && sight.problem == problemNone {
		sight = d.sight // a publication may have landed meanwhile
		w.Header().Set("ETag", a.etag(sight.token))
	}
	page, err := s.write(a, d, sight)
	if err != nil {
		s.log.ErrorContext(r.Context(), "page: write", "screen", string(screen), "error", err)
		s.serveProblem(w, r, http.StatusInternalServerError, "problem.internal")
		return
	}
	if !d.whole() { // the next one who asks may have luck
		w.Header().Del("ETag")
		w.Header().Set("Cache-Control", "no-store")
	}
	writeBody(w, r, http.StatusOK, page.plain, page.packed)
}

// whole figures make the page of their publication; one with a hole in it is not that page.
func (d *answers) whole() bool { return d == nil || d.failed == 0 && !d.stale }

// write a page once for all who ask for it now, and keep it when it is whole.
func (s *Server) write(a ask, d *answers, sight sight) (written, error) {
	etag := a.etag(sight.token)
	made, err, _ := s.flights.Do("page\x00"+etag, func() (any, error) {
		if page, found := s.cache.page(etag); found && d.whole() {
			return page, nil
		}
		f := s.frame(a, sight)
		f.fill(d, sight)
		page, err := f.write()
		if err == nil && d.whole() {
			s.cache.keepPage(etag, page)
		}
		return page, err
	})
	if err != nil {
		return written{}, err
	}
	return made.(written), nil
}

func (s *Server) parse(r *http.Request, screen screen) (ask, error) {
	a, err := parseAsk(r, screen)
	if err != nil || screen != screenEvent {
		return a, err
	}
	a.filter = figures.Filter{Show: a.filter.Show, Period: defaultPeriod}
	a.filter.Event, err = strconv.ParseUint(r.PathValue("id"), 10, 64)
	return a, err
}

// etag names everything a page depends on. All who may see it see the same, so who asks is not part of it.
func (a ask) etag(token string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{token, a.url(nil), a.lang, stylesheet().name, script().name}, "\x00")))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// answered answers from memory: with "not modified", or with the page as it was written before.
func (s *Server) answered(w http.ResponseWriter, r *http.Request, a ask, etag string) bool {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", a.lang)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	h.Set("ETag", etag)
	// A name is given to whole pages only, so a copy that has it is this page.
	if matches(r.Header.Get("If-None-Match"), etag) {
		h.Add("Vary", "Accept-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	page, found := s.cache.page(etag)
	if !found {
		return false
	}
	writeBody(w, r, http.StatusOK, page.plain, page.packed)
	return true
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

func (f frame) write() (written, error) {
	var out bytes.Buffer
	if err := templates().ExecuteTemplate(&out, "page.html", f); err != nil {
		return written{}, fmt.Errorf("page %s: %w", f.Ask.screen, err)
	}
	return written{plain: out.Bytes(), packed: packed(out.Bytes())}, nil
}

// chooseEvent leads to an event: the one a form names, else the one that needs help most.
func (s *Server) chooseEvent(w http.ResponseWriter, r *http.Request) {
	a, err := parseAsk(r, screenToday)
	if err != nil {
		s.serveProblem(w, r, http.StatusBadRequest, "problem.address")
		return
	}
	event := a.filter.Event
	if event == 0 {
		a.filter = figures.Filter{Period: defaultPeriod}
		d, _ := s.figures(r.Context(), a, s.watch.look(r.Context()))
		if d != nil && len(d.shows.value.Shows) > 0 {
			event = d.shows.value.Shows[0].EventID
		} else if d != nil && len(d.choices.value.Events) > 0 {
			event = d.choices.value.Events[0].EventID
		}
	}
	if event == 0 {
		s.serveProblem(w, r, http.StatusNotFound, "problem.no_events")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, a.toEvent(event, 0), http.StatusSeeOther)
}
