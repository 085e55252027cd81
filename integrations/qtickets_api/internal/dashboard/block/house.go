package block

import (
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
)

// House is who else sees the page, for who may change that. The zero value shows nothing of it.
type House struct {
	Shares bool           // links can be made
	Links  []access.Share // those of the event, or of its show, that hold
	People []access.Known // who signs in here
	Viewer string         // who looks, by name
}

// Key names what is shown: pages of different houses are different pages.
func (h House) Key() string {
	key := fmt.Sprintf("%t %q", h.Shares, h.Viewer)
	for _, l := range h.Links {
		key += fmt.Sprintf(" %s %d", l.ID, l.Views)
	}
	for _, p := range h.People {
		key += fmt.Sprintf(" %q %s %d %t %d %d", p.Name, p.Role, p.Event, p.HasPassword(), p.Invited.Unix(),
			p.SignedIn.Unix())
	}
	return key
}

// Grants are who may see something, a line each, with the button that ends it.
type Grants struct {
	Action  string
	Field   string // of the form: what names a line
	Columns []string
	Rows    []Grant
}

// Grant is a line: a cell for each column.
type Grant struct {
	Cells  []string
	Revoke string // names the line; "": it cannot be ended here
}
