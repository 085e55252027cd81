package dashboard

import (
	"bytes"
	"fmt"
	"net/http"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// serveCSV answers with one table of a screen, with the filters of the address.
func (s *Server) serveCSV(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("table")
	screen, known := tableScreens[name]
	if !known {
		s.serveProblem(w, r, http.StatusNotFound, "problem.not_found")
		return
	}
	a, err := parseAsk(r, screen)
	if err != nil || screen == screenEvent && a.filter.Event == 0 {
		s.serveProblem(w, r, http.StatusBadRequest, "problem.address")
		return
	}
	if screen == screenEvent {
		a.filter = figures.Filter{Event: a.filter.Event, Show: a.filter.Show, Period: defaultPeriod}
	}
	sight := s.watch.look(r.Context())
	d, err := s.figures(r.Context(), a, sight)
	if err != nil {
		s.serveProblem(w, r, http.StatusNotFound, "problem.no_event")
		return
	}
	if d == nil || sight.problem == problemAway { // a file has no banner that says how old it is
		w.Header().Set("Retry-After", "30")
		s.serveProblem(w, r, http.StatusServiceUnavailable, "problem.away")
		return
	}
	b := builder{format: format{a.lang}, ask: a, d: d, now: d.version.AsOf}
	for _, block := range b.blocks() {
		if block.ID == name {
			s.writeTable(w, r, a, block, d)
			return
		}
	}
	s.serveProblem(w, r, http.StatusNotFound, "problem.no_table")
}

func (s *Server) writeTable(w http.ResponseWriter, r *http.Request, a ask, block Block, d *answers) {
	if block.Failed != "" {
		s.serveProblem(w, r, http.StatusServiceUnavailable, "block.failed")
		return
	}
	table := block.Table
	if table == nil {
		table = &Table{}
	}
	var out bytes.Buffer
	_ = format{a.lang}.writeCSV(&out, *table) // into memory
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Language", a.lang)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s_%s.csv"`, block.ID, d.version.AsOf.In(sales.Moscow).Format("2006-01-02_1504")))
	writeBody(w, r, http.StatusOK, out.Bytes(), packed(out.Bytes()))
}

// tableScreens says which screen each CSV belongs to.
var tableScreens = map[string]screen{
	"cards": screenToday, "hours": screenToday, "shows": screenToday, "weeks": screenToday, "cities": screenToday,
	"event": screenEvent, "pacing": screenEvent, "event-days": screenEvent, "zones": screenEvent, "event-shows": screenEvent,
	"channels": screenChannels, "promo": screenChannels, "days": screenChannels, "heat": screenChannels, "lead": screenChannels,
	"sizes": screenChannels, "payments": screenChannels,
	"feeds": screenData, "runs": screenData, "quarantine": screenData, "alerts": screenData, "history": screenData, "glossary": screenData,
}
