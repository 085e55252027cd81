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
		s.serveProblem(w, r, wrongAddress(err))
		return
	}
	current := s.publication.current(r.Context())
	params = withinData(params, current)
	a, err := s.loader.results(r.Context(), params, current)
	switch {
	case err != nil:
		s.serveProblem(w, r, err)
		return
	case current.problem.away(): // a file has no banner that says how old it is
		s.serveProblem(w, r, current.problem.page())
		return
	case a == nil:
		s.serveProblem(w, r, unavailable)
		return
	}
	leave, err := s.gate.enter(r.Context())
	if err != nil {
		s.serveProblem(w, r, err)
		return
	}
	b := a.builder(params, current)
	view, shown := b.View(described)
	plain := tableOf(view)
	leave() // before the reader is waited for
	switch {
	case !shown, view.Table == nil && view.Forms != nil: // a form is nothing for a file
		s.serveProblem(w, r, noTable)
	case view.Failed != "":
		s.serveProblem(w, r, failedBlock)
	default:
		serveTable(w, r, view, plain, b.Now)
	}
}

// tableOf is the table of a block as CSV.
func tableOf(view block.View) []byte {
	table := view.Table
	if table == nil {
		table = &format.Table{}
	}
	var out bytes.Buffer
	_ = view.WriteCSV(&out, *table) // into memory
	return out.Bytes()
}

// serveTable names the file after the moment the figures are of.
func serveTable(w http.ResponseWriter, r *http.Request, view block.View, plain []byte, asOf time.Time) {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Language", string(view.Locale))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s_%s.csv"`, view.ID,
		asOf.In(sales.Moscow).Format("2006-01-02_1504")))
	writeBody(w, r, http.StatusOK, plain, packed(plain))
}
