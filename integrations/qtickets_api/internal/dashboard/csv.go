package dashboard

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// serveCSV answers with the table of one block, with the filters of the address.
func (s *Server) serveCSV(w http.ResponseWriter, r *http.Request) {
	described, known := block.ByID(r.PathValue("block"))
	if !known {
		s.serveProblem(w, r, notFound)
		return
	}
	params, err := address.Parse(r, described.Screen)
	if err != nil || described.Screen == address.Event && params.Filter.Event == 0 {
		s.serveProblem(w, r, badAddress)
		return
	}
	current := s.publication.current(r.Context())
	a, err := s.loader.results(r.Context(), params, current)
	switch {
	case err != nil:
		s.serveProblem(w, r, noEvent)
		return
	case a == nil || current.problem == problemUnavailable: // a file has no banner that says how old it is
		s.serveProblem(w, r, unavailable)
		return
	}
	b := a.builder(params, current)
	view, shown := b.View(described)
	switch {
	case !shown:
		s.serveProblem(w, r, noTable)
	case view.Failed != "":
		s.serveProblem(w, r, failedBlock)
	default:
		s.serveTable(w, r, view, b.Now)
	}
}

// serveTable names the file after the moment the figures are of.
func (s *Server) serveTable(w http.ResponseWriter, r *http.Request, view block.View, asOf time.Time) {
	table := view.Table
	if table == nil {
		table = &format.Table{}
	}
	var out bytes.Buffer
	_ = view.WriteCSV(&out, *table) // into memory
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Language", string(view.Locale))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s_%s.csv"`, view.ID,
		asOf.In(sales.Moscow).Format("2006-01-02_1504")))
	writeBody(w, r, http.StatusOK, out.Bytes(), packed(out.Bytes()))
}
