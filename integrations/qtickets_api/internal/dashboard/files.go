package dashboard

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// fileKind is a kind of file that a table is had as.
type fileKind struct {
	extension, contentType string
	zipped                 bool // by itself
	write                  func(w io.Writer, view block.View, table format.Table) error
}

// The kinds of files.
var (
	csvFile = fileKind{extension: "csv", contentType: "text/csv; charset=utf-8",
		write: func(w io.Writer, view block.View, table format.Table) error { return view.WriteCSV(w, table) }}
	xlsxFile = fileKind{extension: "xlsx", zipped: true,
		contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		write: func(w io.Writer, view block.View, table format.Table) error {
			return view.WriteXLSX(w, view.T(view.ID+".title"), table)
		}}
)

// serveFile answers with the table of one block, with the filters of the address.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, kind fileKind) {
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
	body, err := kind.of(view)
	leave() // before the reader is waited for
	switch {
	case !shown, view.Table == nil && view.Forms != nil: // a form is nothing for a file
		s.serveProblem(w, r, noTable)
	case view.Failed != "":
		s.serveProblem(w, r, failedBlock)
	case err != nil:
		s.log.ErrorContext(r.Context(), "page: write a table", "block", view.ID, "error", err)
		s.serveProblem(w, r, internalProblem)
	default:
		kind.serve(w, r, view, body, b.Now)
	}
}

// of is the table of a block as a file.
func (k fileKind) of(view block.View) ([]byte, error) {
	table := view.Table
	if table == nil {
		table = &format.Table{}
	}
	var out bytes.Buffer
	err := k.write(&out, view, *table)
	return out.Bytes(), err
}

// serve names the file after the moment the figures are of.
func (k fileKind) serve(w http.ResponseWriter, r *http.Request, view block.View, body []byte, asOf time.Time) {
	h := w.Header()
	h.Set("Content-Type", k.contentType)
	h.Set("Content-Language", string(view.Locale))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s_%s.%s"`, view.ID,
		asOf.In(sales.Moscow).Format("2006-01-02_1504"), k.extension))
	if k.zipped {
		writeBody(w, r, http.StatusOK, body, nil)
		return
	}
	writeBody(w, r, http.StatusOK, body, packed(body))
}
