package figures

import (
	"context"

	"github.com/shopspring/decimal"
)

// Sites are the figures of the period by the site on which the order was made.
type Sites struct {
	Span  Span
	Sites []Site // most tickets first
}

// Site is where orders are made: the organiser's page, a widget, the shop of QTickets.
type Site struct {
	Name string // its address; "#7" where only its number is known; "": unknown
	Totals
	Before *Totals          // nil: no comparison
	Share  *decimal.Decimal `money:"no"` // of the tickets; nil: none were sold
}

// Sites are the figures of the period by site.
func (s *Store) Sites(ctx context.Context, f Filter) (Sites, error) {
	span, parts, err := s.parts(ctx, f, BySite)
	sites := Sites{Span: span}
	total := int64(0)
	for _, p := range parts {
		total += p.now.Tickets
	}
	for _, p := range parts {
		sites.Sites = append(sites.Sites, Site{Name: p.keys[0], Totals: p.now, Before: p.before,
			Share: share(p.now.Tickets, total)})
	}
	return sites, err
}
