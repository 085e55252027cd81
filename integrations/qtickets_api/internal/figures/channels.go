package figures

import (
	"context"
	"slices"
)

// Channels are the figures of the period by UTM source, then medium, then campaign.
type Channels struct {
	Span    Span
	Sources []Channel // most tickets first; the one without UTM parameters is always there
	Total   Channel
}

// Channel is a UTM source, a medium of a source, or a campaign of a medium.
type Channel struct {
	UTM string // the value of the parameter; "": without one
	Totals
	Before *Totals // nil: no comparison
	Parts  []Channel
}

// Channels are the figures of the period by UTM parameters.
func (s *Store) Channels(ctx context.Context, f Filter) (Channels, error) {
	span, parts, err := s.parts(ctx, f, ByUTM)
	if err != nil {
		return Channels{}, err
	}
	currencies, err := s.currencies(ctx, f.Version)
	c := Channels{Span: span}
	root := &c.Total
	slices.SortFunc(parts, func(a, b part) int { return slices.Compare(a.keys[:], b.keys[:]) })
	for _, p := range parts {
		at := root
		at.plusPart(p)
		for _, utm := range p.keys {
			at = at.part(utm)
			at.plusPart(p)
		}
	}
	if len(root.Parts) == 0 || root.Parts[0].UTM != "" { // without UTM parameters: always there
		root.Parts = append(root.Parts, Channel{})
	}
	if span.BeforeFrom != nil {
		root.compare()
	}
	root.sort(currencies)
	c.Sources, root.Parts = root.Parts, nil
	return c, err
}

// part is the part of a UTM value. Values come in order, so it is the last one or new.
func (c *Channel) part(utm string) *Channel {
	if n := len(c.Parts); n == 0 || c.Parts[n-1].UTM != utm {
		c.Parts = append(c.Parts, Channel{UTM: utm})
	}
	return &c.Parts[len(c.Parts)-1]
}

func (c *Channel) plusPart(p part) {
	c.plus(p.now)
	if p.before != nil {
		c.compare()
		c.Before.plus(*p.before)
	}
}

func (c *Channel) compare() {
	if c.Before == nil {
		c.Before = &Totals{}
	}
	for i := range c.Parts {
		c.Parts[i].compare()
	}
}

// sort orders the parts by tickets and the money by currency.
func (c *Channel) sort(currencies []string) {
	c.order(currencies)
	if c.Before != nil {
		c.Before.order(currencies)
	}
	for i := range c.Parts {
		c.Parts[i].sort(currencies)
	}
	slices.SortFunc(c.Parts, func(a, b Channel) int {
		return byTickets(a.Totals, b.Totals, []string{a.UTM},
			[]string{b.UTM})
	})
}
