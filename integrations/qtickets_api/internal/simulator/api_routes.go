package simulator

import (
	"net/http"
	"strconv"
	"strings"
)

// route is a path of section 6 with its ids.
type route struct {
	table string
	id    int64
	text  string // a barcode
	serve func(*Server, call) response
}

// call is a request on its way to a route.
type call struct {
	route   route
	request *http.Request
	body    []byte
	faults  *faultSet
}

// findRoute knows every route; a zero serve is the web page 404. Methods are checked later.
func findRoute(below string) route {
	parts := strings.Split(below, "/")
	switch {
	case len(parts) == 1 && parts[0] == "color-themes":
		return route{serve: (*Server).serveColors}
	case len(parts) == 1 && isList(parts[0]):
		return route{table: parts[0], serve: (*Server).serveList}
	case len(parts) == 2 && parts[0] == "orders" && parts[1] == "filter":
		return route{} // section 3.1: no such route
	case len(parts) == 2 && hasDetails(parts[0]):
		return route{table: parts[0], id: castID(parts[1]), serve: (*Server).serveDetail}
	case len(parts) == 3 && parts[0] == "shows" && parts[2] == "seats":
		return route{id: castID(parts[1]), serve: (*Server).serveSeats}
	case len(parts) == 3 && parts[0] == "shows" && parts[2] == "barcodes":
		return route{id: castID(parts[1]), serve: (*Server).serveBarcodes}
	case len(parts) == 4 && parts[0] == "shows" && parts[2] == "barcode":
		return route{id: castID(parts[1]), text: parts[3], serve: (*Server).serveBarcode}
	}
	return route{}
}

func isList(name string) bool {
	switch name {
	case "orders", "events", "discounts", "promo-codes", "clients", "baskets":
		return true
	}
	return false
}

func hasDetails(name string) bool {
	switch name {
	case "orders", "events", "discounts", "clients":
		return true
	}
	return false
}

// castID reads leading digits and makes 0 of anything else, as PHP does (section 5).
func castID(s string) int64 {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, _ := strconv.ParseInt(s[:end], 10, 64)
	return n
}

func (c call) query() (query, error) {
	fromURL, fromBody := parameters(c.request, c.body)
	throws := c.route.table == "orders" && c.faults.on(URLOrderRefused)
	q, err := parseQuery(fromURL, fromBody, throws)
	if err != nil {
		return q, err
	}
	if len(q.selects) > 0 && c.route.table == "orders" && c.faults.on(SelectRefused) {
		return q, errThrown
	}
	if c.faults.on(SelectIgnored) {
		q.selects = nil
	}
	return q, nil
}

func (s *Server) serveList(c call) response {
	q, err := c.query()
	if err != nil {
		return thrown()
	}
	if n, ok := c.faults.number(Growing, 1); ok && c.route.table == "orders" {
		s.world.sellMore(n)
	}
	s.world.mu.RLock()
	defer s.world.mu.RUnlock()
	t := s.world.table(c.route.table)
	chosen, err := t.choose(q, c.faults)
	if err != nil {
		return thrown()
	}
	v := t.window(q, chosen.length(), s.options.MaxPerPage, c.faults)
	chosen = chosen.first(v.to)
	write := s.rowWriter(q, c.faults)
	p := &phpWriter{b: make([]byte, 0, 4096+(v.to-v.from)*6000), offset: c.faults.offset(),
		withoutScheme: q.leavesScheme()}
	p.open('{')
	p.array("data")
	for i := v.from; i < v.to; i++ {
		write(p, chosen.at(i), false)
	}
	p.close(']')
	p.object("paging")
	p.int("perPage", int64(v.perPage))
	p.int("currentPage", int64(v.page))
	p.int("total", int64(v.total))
	p.close('}')
	p.close('}')
	return jsonResponse(p.b, v.to-v.from)
}

func (s *Server) serveDetail(c call) response {
	s.world.mu.RLock()
	defer s.world.mu.RUnlock()
	t := s.world.table(c.route.table)
	found := t.find(c.route.id)
	if found == nil {
		return notFound(t.resource, c.route.id)
	}
	q, err := c.query()
	if err != nil {
		return thrown()
	}
	p := &phpWriter{offset: c.faults.offset(), withoutScheme: q.leavesScheme()}
	p.open('{')
	p.key("data")
	s.rowWriter(q, c.faults)(p, found, true)
	p.close('}')
	return jsonResponse(p.b, 1)
}

// leavesScheme reports that select drops scheme_properties, so it need not be written first.
func (q query) leavesScheme() bool {
	for _, name := range q.selects {
		if name == "shows" || strings.HasPrefix(name, "shows.scheme_properties") {
			return false
		}
	}
	return len(q.selects) > 0
}

func (s *Server) serveColors(c call) response {
	p := &phpWriter{}
	p.open('{')
	p.array("data")
	for _, theme := range colorThemes {
		p.open('{')
		p.int("id", int64(theme.id))
		p.str("color", theme.color)
		p.close('}')
	}
	p.close(']')
	p.close('}')
	return jsonResponse(rewritten(p.b, c.faults), len(colorThemes))
}
