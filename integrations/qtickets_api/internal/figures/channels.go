package figures

import (
	"context"
	"slices"
)

// Channels are the figures of the period by UTM source, then medium, then campaign.
type Channels struct {
	Span    Span
	Sources []Channel // most tickets first; the one without a mark is always there
	Total   Channel
}

// Channel is a source, a medium of a source, or a campaign of a medium.
type Channel struct {
	Mark string // "": without a mark
	Figures
	Before *Figures // nil: no comparison
	Parts  []Channel
}

// Channels are the figures of the period by UTM marks.
func (s *Store) Channels(ctx context.Context, f Filter) (Channels, error) {
	span, parts, err := s.parts(ctx, f, "")
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
		for _, mark := range p.keys {
			at = at.part(mark)
			at.plusPart(p)
		}
	}
	if len(root.Parts) == 0 || root.Parts[0].Mark != "" { // without a mark: always there
		root.Parts = append(root.Parts, Channel{})
	}
	if span.BeforeFrom != nil {
		root.compare()
	}
	root.settle(currencies)
	c.Sources, root.Parts = root.Parts, nil
	return c, err
}

// part is the part of a mark. Marks come in order, so it is the last one or new.
func (c *Channel) part(mark string) *Channel {
	if n := len(c.Parts); n == 0 || c.Parts[n-1].Mark != mark {
		c.Parts = append(c.Parts, Channel{Mark: mark})
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
		c.Before = &Figures{}
	}
	for i := range c.Parts {
		c.Parts[i].compare()
	}
}

// settle orders the parts by tickets and the money by currency.
func (c *Channel) settle(currencies []string) {
	c.order(currencies)
	if c.Before != nil {
		c.Before.order(currencies)
	}
	for i := range c.Parts {
		c.Parts[i].settle(currencies)
	}
	slices.SortFunc(c.Parts, func(a, b Channel) int { return byTickets(a.Figures, b.Figures, []string{a.Mark}, []string{b.Mark}) })
}
