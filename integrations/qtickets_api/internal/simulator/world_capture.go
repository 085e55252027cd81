package simulator

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// capture is recorded answers served again, row by row, byte for byte.
type capture struct {
	lists map[string][]*capturedRow
}

type capturedRow struct {
	raw  []byte
	tree *node
	id   int64
	kind map[string]cellKind
}

// LoadCapture makes a world of recorded production answers: orders_page.json and events_page.json
// in dir. Rows are served as recorded, filtered, sorted and paged like any others; paging.total is the
// rows held. Such a world has no people, halls or life cycle: other lists are empty, its operations
// return ErrNotPossible, and AccountOffset has no effect on its rows.
func LoadCapture(dir string) (*World, error) {
	w := emptyWorld(WorldOptions{Now: time.Now()})
	w.capture = &capture{lists: map[string][]*capturedRow{}}
	for name, kinds := range map[string]map[string]cellKind{"orders": orderColumns, "events": eventColumns} {
		text, err := os.ReadFile(filepath.Join(dir, name+"_page.json"))
		if err != nil {
			return nil, fmt.Errorf("load captured %s: %w", name, err)
		}
		var page struct {
			Data []json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return nil, fmt.Errorf("load captured %s: %w", name, err)
		}
		for _, raw := range page.Data {
			tree, err := parseTree(raw)
			if err != nil {
				return nil, fmt.Errorf("load captured %s: %w", name, err)
			}
			w.capture.lists[name] = append(w.capture.lists[name], &capturedRow{raw, tree, castID(tree.get("id").string()),
				kinds})
		}
	}
	return w, nil
}

func (c *capture) table(name string) *table {
	t := &table{name: name, perPage: 100, columns: promoColumns, rows: rowsOf[*capturedRow](c.lists[name]), byID: true}
	t.find = seeker(c.lists[name])
	switch name {
	case "orders":
		t.resource, t.perPage, t.columns = "Order", 50, orderColumns
	case "events":
		t.resource, t.perPage, t.columns = "Event", 10, eventColumns
	case "discounts":
		t.resource = "Discount"
	case "clients":
		t.resource, t.columns = "Client", clientColumns
	case "baskets":
		t.columns = ticketColumns
	case "promo-codes":
		t.perPage = 500
	}
	return t
}

func (c *capture) fillIDs(a *Oracle) {
	for _, r := range c.lists["orders"] {
		a.OrderIDs = append(a.OrderIDs, r.id)
		for _, t := range r.tree.get("baskets").children {
			a.TicketIDs = append(a.TicketIDs, castID(t.get("id").string()))
		}
	}
	for _, r := range c.lists["events"] {
		a.EventIDs = append(a.EventIDs, r.id)
		for _, s := range r.tree.get("shows").children {
			a.ShowIDs = append(a.ShowIDs, castID(s.get("id").string()))
		}
	}
	slices.Sort(a.TicketIDs)
	slices.Sort(a.ShowIDs)
	a.Totals.Orders, a.Totals.Baskets = len(a.OrderIDs), len(a.TicketIDs)
}

func (r *capturedRow) number() int64 { return r.id }

func (r *capturedRow) write(p *phpWriter, _ bool) {
	p.comma()
	p.b = append(p.b, r.raw...)
}

func (r *capturedRow) cell(column string) cell {
	n := r.tree.path(column)
	if n == nil || n.kind == 'n' {
		return cell{}
	}
	switch r.kind[column] {
	case cellMoment:
		at, err := time.Parse(time.RFC3339, n.text)
		if err != nil {
			return cell{}
		}
		return momentCell(at.Unix())
	case cellInt:
		if n.kind == 't' {
			return boolCell(n.text == "true")
		}
		return intCell(castID(n.text))
	case cellMoney:
		var f float64
		if json.Unmarshal([]byte(n.text), &f) != nil {
			return cell{}
		}
		return moneyCell(int64(math.Round(f * 100)))
	}
	return stringCell(n.string())
}
