package dashboard

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

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

// PromoCodes are the figures of the period by promo code.
func (s *Store) PromoCodes(ctx context.Context, f Filter) (PromoCodes, error) {
	span, parts, err := s.parts(ctx, f, "promo_code")
	c := PromoCodes{Span: span}
	for _, p := range parts {
		c.Codes = append(c.Codes, PromoCode{Code: p.keys[0], Figures: p.now, Before: p.before})
	}
	return c, err
}

// PaymentTypes are the figures of the period by the way of paying.
func (s *Store) PaymentTypes(ctx context.Context, f Filter) (PaymentTypes, error) {
	span, parts, err := s.parts(ctx, f, "payment_type_id")
	c := PaymentTypes{Span: span}
	for _, p := range parts {
		c.Types = append(c.Types, PaymentType{Type: p.keys[0], Figures: p.now, Before: p.before})
	}
	return c, err
}

// Heat is when tickets of the period were bought.
func (s *Store) Heat(ctx context.Context, f Filter) (Heat, error) {
	span, p, err := s.stretch(ctx, f)
	h := Heat{Span: span}
	if err != nil {
		return h, err
	}
	first, err := s.firstSale(ctx, Filter{Version: f.Version})
	if err != nil || first.IsZero() {
		return h, err
	}
	for day := later(span.From, first); !day.After(earlier(span.To, dayOf(f.Version.AsOf))); day = day.AddDate(0, 0, 1) {
		h.Days[(day.Weekday()+6)%7]++
	}
	err = s.read(ctx, "heat", p, func(scan func(...any) error) error {
		var weekday, hour uint8
		var tickets int64
		if err := scan(&weekday, &hour, &tickets); err != nil {
			return err
		}
		h.Cells[weekday-1][hour].Tickets = tickets
		return nil
	})
	for weekday, days := range h.Days {
		for hour := range h.Cells[weekday] {
			if cell := &h.Cells[weekday][hour]; days > 0 {
				each := decimal.NewFromInt(cell.Tickets).DivRound(decimal.NewFromInt(int64(days)), 4)
				cell.PerDay = &each
			}
		}
	}
	return h, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// leadSteps are the first days of the steps before a show.
var leadSteps = []int{0, 1, 2, 4, 8, 15, 31, 61, 91}

// Lead is how long before the show tickets of the period were bought.
func (s *Store) Lead(ctx context.Context, f Filter) (Lead, error) {
	span, p, err := s.stretch(ctx, f)
	l := Lead{Span: span}
	if err != nil {
		return l, err
	}
	for i, from := range leadSteps {
		step := LeadStep{From: from}
		if i+1 < len(leadSteps) {
			to := leadSteps[i+1] - 1
			step.To = &to
		}
		l.Steps = append(l.Steps, step)
	}
	unknown := LeadStep{Unknown: true}
	err = s.read(ctx, "lead", p, func(scan func(...any) error) error {
		var days int64
		var tickets int64
		if err := scan(&days, &tickets); err != nil {
			return err
		}
		l.Total += tickets
		if days < 0 {
			unknown.Tickets += tickets
			return nil
		}
		at, _ := slices.BinarySearch(leadSteps, int(days)+1)
		l.Steps[at-1].Tickets += tickets
		return nil
	})
	if unknown.Tickets > 0 {
		l.Steps = append(l.Steps, unknown)
	}
	for i := range l.Steps {
		l.Steps[i].Share = share(l.Steps[i].Tickets, l.Total)
	}
	return l, err
}

// share is nil of nothing.
func share(part, whole int64) *decimal.Decimal {
	if whole == 0 {
		return nil
	}
	d := decimal.NewFromInt(part).DivRound(decimal.NewFromInt(whole), ratioDigits)
	return &d
}

// OrderSizes are the orders of the period by the number of their tickets.
func (s *Store) OrderSizes(ctx context.Context, f Filter) (OrderSizes, error) {
	span, p, err := s.stretch(ctx, f)
	o := OrderSizes{Span: span}
	if err != nil {
		return o, err
	}
	p["most"] = unsigned(MaxOrderSize)
	for n := range MaxOrderSize {
		o.Sizes = append(o.Sizes, OrderSize{Tickets: n + 1})
	}
	var all int64
	err = s.read(ctx, "order_sizes", p, func(scan func(...any) error) error {
		var size uint32
		var orders, tickets uint64
		if err := scan(&size, &orders, &tickets); err != nil {
			return err
		}
		o.Sizes[size-1].Orders = int64(orders)
		o.Orders += int64(orders)
		all += int64(tickets)
		return nil
	})
	for i := range o.Sizes {
		o.Sizes[i].Share = share(o.Sizes[i].Orders, o.Orders)
	}
	if o.Orders > 0 {
		average := decimal.NewFromInt(all).DivRound(decimal.NewFromInt(o.Orders), 2)
		o.Average = &average
	}
	return o, err
}
