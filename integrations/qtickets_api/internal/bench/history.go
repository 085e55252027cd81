// Package bench serves an order history of any length at almost no cost, so that benchmarks measure the loader
// and not the simulator: pages of real size are rendered once, and only the ids differ between their copies.
// Folder reference has the program the loader is compared with, folder whole measures both as processes.
package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// pageRows is the page size the real API uses for orders, whatever is asked (API notes, section 4).
const pageRows = 50

// templates are how many different pages the history repeats.
const templates = 8

// History is a list of orders by ascending id in pages of pageRows. No two orders and no two tickets of it
// share an id; all else repeats every few pages.
type History struct {
	Orders int
	pages  []template
	others *simulator.Server // answers everything except lists of orders
}

// NewHistory renders the pages of a history; orders is rounded up to whole pages.
func NewHistory(orders int) (*History, error) {
	// A fixed clock makes every run of the benchmarks read the same bytes.
	world := simulator.NewWorld(simulator.WorldOptions{
		Seed: 11, Orders: templates * pageRows, Events: 10, Now: time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC),
	})
	h := &History{Orders: (orders + pageRows - 1) / pageRows * pageRows,
		others: simulator.NewServer(world, simulator.ServerOptions{})}
	for n := range templates {
		text, err := h.render(n + 1)
		if err != nil {
			return nil, err
		}
		h.pages = append(h.pages, cut(text))
	}
	return h, nil
}

// Pages is how many pages the history has.
func (h *History) Pages() int { return h.Orders / pageRows }

// render is a page of the simulator.
func (h *History) render(number int) (string, error) {
	query := fmt.Sprintf(`{"orderBy":{"id":"asc"},"page":%d,"perPage":%d}`, number, pageRows)
	r := httptest.NewRequest(http.MethodGet, simulator.BasePath+"/orders", strings.NewReader(query))
	r.Header.Set("Authorization", "Bearer "+h.others.Token())
	r.Header.Set("Content-Type", "application/json")
	response := httptest.NewRecorder()
	h.others.ServeHTTP(response, r)
	if response.Code != http.StatusOK {
		return "", fmt.Errorf("render page %d of orders: status %d", number, response.Code)
	}
	return response.Body.String(), nil
}

// template is the rows of a page, cut where an id belongs.
type template struct {
	pieces  []string
	tickets []bool // of each cut: the id is a ticket's, not an order's
}

// ids of orders and of tickets, by the member that follows (API notes, section 7.4).
var ids = regexp.MustCompile(`\{"id":(\d+),"(uniqid|series)":`)

func cut(page string) template {
	var t template
	rest := page[len(`{"data":[`):strings.LastIndex(page, `],"paging":`)]
	for {
		at := ids.FindStringSubmatchIndex(rest)
		if at == nil {
			t.pieces = append(t.pieces, rest)
			return t
		}
		t.pieces = append(t.pieces, rest[:at[2]])
		t.tickets = append(t.tickets, rest[at[4]:at[5]] == "series")
		rest = rest[at[3]:]
	}
}

// Ids have ten digits, so that every page has the size of its template.
const (
	firstOrder  = 1_000_000_000
	firstTicket = 2_000_000_000
	pageTickets = 1_000 // ids kept for the tickets of a page, more than it has
)

// page writes page number, 1-based, as the API would.
func (h *History) page(number int) []byte {
	order, ticket := firstOrder+(number-1)*pageRows, firstTicket+(number-1)*pageTickets
	t := h.pages[(number-1)%len(h.pages)]
	text := append(make([]byte, 0, 256<<10), `{"data":[`...)
	for i, piece := range t.pieces {
		text = append(text, piece...)
		switch {
		case i == len(t.tickets):
		case t.tickets[i]:
			text = strconv.AppendInt(text, int64(ticket), 10)
			ticket++
		default:
			text = strconv.AppendInt(text, int64(order), 10)
			order++
		}
	}
	return fmt.Appendf(text, `],"paging":{"perPage":%d,"currentPage":%d,"total":%d}}`, pageRows, number, h.Orders)
}

func compressed(text []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is a constant that exists
	_, _ = w.Write(text)                            // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}
