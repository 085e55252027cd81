package figures

import (
	"cmp"
	"context"
	"slices"

	"github.com/shopspring/decimal"
)

// Discounts are what was taken off the list price in the period, from the list price to the revenue.
type Discounts struct {
	Span  Span
	Steps []Waterfall `money:"yes"` // by currency, the main one first; empty: nothing was sold
	// Tickets were paid, and of Unpriced, free ones without a discount, QTickets does not tell the list price.
	Tickets, Unpriced int64
	// Unknown: the publication was made by a loader that did not know discounts.
	Unknown bool
}

// Waterfall leads from the list price of the tickets paid in a period to the revenue, in one currency:
// List − Codes − Free − Other = Gross, Gross − Refunds = revenue.
type Waterfall struct {
	Currency string
	List     decimal.Decimal `money:"yes"` // as far as it is known
	Codes    decimal.Decimal `money:"yes"` // taken off by promo codes where something was left to pay
	Free     decimal.Decimal `money:"yes"` // list price of the free tickets, whoever gave them
	Other    decimal.Decimal `money:"yes"` // other discounts
	Gross    decimal.Decimal `money:"yes"`
	Refunds  decimal.Decimal `money:"yes"` // made in the period, whenever the ticket was paid
}

// IsMoney tells that all of it is.
func (w Waterfall) IsMoney() bool { return true }

// Given is all that was taken off the list price.
func (w Waterfall) Given() decimal.Decimal { return w.Codes.Add(w.Free).Add(w.Other) }

// FreeShows are the shows of the period with free tickets, the most free ones first.
type FreeShows struct {
	Span  Span
	Shows []FreeShow
	Free  int64 // of all shows
}

// FreeShow is a show with what of its tickets was free.
type FreeShow struct {
	Show          ShowLine
	Free, Tickets int64
	Share         decimal.Decimal `money:"no"` // Free ÷ Tickets
	TooMuch       bool            // see muchOfFree
}

// CodeDiscount is what a promo code took off.
type CodeDiscount struct {
	Money    []DiscountIn     `money:"yes"` // by currency, the main one first
	Late     *int64           // tickets in orders made after the end of the code; nil: it has none
	Share    *decimal.Decimal `money:"no"` // of the tickets of the show where the code has the largest part; nil: no show sold enough to tell
	Show     *ShowLine        // that show
	TooMuch  bool             // see muchOfCode
	SoldOuts []ShowLine       // sold out shows where it was used
}

// DiscountIn is a discount in one currency.
type DiscountIn struct {
	Currency string
	Amount   decimal.Decimal `money:"yes"`
	Tickets  int64           // with the code in this currency
}

// Above these shares of a show's tickets a code, or free tickets, are too much; of fewer than leastOfShow tickets in
// the period no share is told.
var (
	muchOfCode  = decimal.New(30, -2)
	muchOfFree  = decimal.New(25, -2)
	leastOfShow = int64(10)
)

// given is a row of discounts.sql: what was taken off with a code at a show, in one currency.
type given struct {
	code, currency                      string
	show                                uint64
	tickets, free, unpriced, late       int64
	gross, discount, freeOnes, refunded decimal.Decimal
	ends                                uint64
	unknown                             uint64
}

// readGiven reads the discounts of the period once for all that ask.
func (s *Store) readGiven(ctx context.Context, f Filter) (Span, []given, error) {
	span, p, err := s.stretch(ctx, f)
	if err != nil {
		return span, nil, err
	}
	rows, err := s.given.get(ctx, f.key(p["from"]+" "+p["to"]), func(ctx context.Context) ([]given, error) {
		var all []given
		err := s.read(ctx, "discounts", p, func(scan func(...any) error) error {
			var g given
			err := scan(&g.code, &g.show, &g.currency, &g.tickets, &g.free, &g.unpriced, &g.gross, &g.discount,
				&g.freeOnes, &g.refunded, &g.late, &g.ends, &g.unknown)
			all = append(all, g)
			return err
		})
		return all, err
	})
	return span, rows, err
}

// Discounts are those of the period.
func (s *Store) Discounts(ctx context.Context, f Filter) (Discounts, error) {
	span, rows, err := s.readGiven(ctx, f)
	d := Discounts{Span: span}
	if err != nil {
		return d, err
	}
	currencies, err := s.currencies(ctx, f.Version)
	steps := map[string]*Waterfall{}
	for _, g := range rows {
		d.Tickets, d.Unpriced, d.Unknown = d.Tickets+g.tickets, d.Unpriced+g.unpriced, d.Unknown || g.unknown > 0
		w := steps[g.currency]
		if w == nil {
			w = &Waterfall{Currency: g.currency}
			steps[g.currency] = w
		}
		rest := &w.Other
		if g.code != "" {
			rest = &w.Codes
		}
		*rest = rest.Add(g.discount).Sub(g.freeOnes)
		w.Free, w.Gross, w.Refunds = w.Free.Add(g.freeOnes), w.Gross.Add(g.gross), w.Refunds.Add(g.refunded)
		w.List = w.List.Add(g.gross).Add(g.discount)
	}
	for _, c := range currencies {
		if w := steps[c]; w != nil && (!w.List.IsZero() || !w.Refunds.IsZero()) {
			d.Steps = append(d.Steps, *w)
		}
	}
	return d, err
}

// FreeShows are the shows of the period with free tickets.
func (s *Store) FreeShows(ctx context.Context, f Filter) (FreeShows, error) {
	span, rows, err := s.readGiven(ctx, f)
	free := FreeShows{Span: span}
	if err != nil {
		return free, err
	}
	lines, err := s.linesByShow(ctx, f)
	tickets, freeOf := map[uint64]int64{}, map[uint64]int64{}
	for _, g := range rows {
		tickets[g.show] += g.tickets
		freeOf[g.show] += g.free
		free.Free += g.free
	}
	for show, n := range freeOf {
		if n > 0 {
			part := share(n, tickets[show])
			free.Shows = append(free.Shows, FreeShow{Show: lines[show], Free: n, Tickets: tickets[show], Share: *part,
				TooMuch: tickets[show] >= leastOfShow && part.GreaterThan(muchOfFree)})
		}
	}
	slices.SortFunc(free.Shows, func(a, b FreeShow) int {
		return cmp.Or(cmp.Compare(b.Free, a.Free), cmp.Compare(a.Show.ShowID, b.Show.ShowID))
	})
	return free, err
}

// linesByShow are the shows of the filter by their number.
func (s *Store) linesByShow(ctx context.Context, f Filter) (map[uint64]ShowLine, error) {
	lines, err := s.lines(ctx, f, false)
	byShow := make(map[uint64]ShowLine, len(lines))
	for _, l := range lines {
		byShow[l.ShowID] = l
	}
	return byShow, err
}

// codeDiscounts are what each promo code took off in the period; "" is what was taken off without one.
func (s *Store) codeDiscounts(ctx context.Context, f Filter) (map[string]CodeDiscount, error) {
	_, rows, err := s.readGiven(ctx, f)
	if err != nil {
		return nil, err
	}
	lines, err := s.linesByShow(ctx, f)
	if err != nil {
		return nil, err
	}
	currencies, err := s.currencies(ctx, f.Version)
	ofShow := map[uint64]int64{}
	type use struct {
		code string
		show uint64
	}
	uses := map[use]int64{} // of a show in several currencies together
	for _, g := range rows {
		ofShow[g.show] += g.tickets
		uses[use{g.code, g.show}] += g.tickets
	}
	codes := map[string]CodeDiscount{}
	for _, g := range rows {
		c := codes[g.code]
		c.add(g)
		codes[g.code] = c
	}
	for u, tickets := range uses {
		if u.code == "" || tickets == 0 {
			continue
		}
		c, line := codes[u.code], lines[u.show]
		if line.SoldOut() {
			c.SoldOuts = append(c.SoldOuts, line)
		}
		if n := ofShow[u.show]; n >= leastOfShow {
			part := share(tickets, n)
			if c.Share == nil || part.GreaterThan(*c.Share) || part.Equal(*c.Share) && u.show < c.Show.ShowID {
				c.Share, c.Show, c.TooMuch = part, &line, part.GreaterThan(muchOfCode)
			}
		}
		codes[u.code] = c
	}
	for code, c := range codes {
		slices.SortFunc(c.Money, func(a, b DiscountIn) int {
			return slices.Index(currencies, a.Currency) - slices.Index(currencies, b.Currency)
		})
		slices.SortFunc(c.SoldOuts, func(a, b ShowLine) int { return cmp.Compare(a.ShowID, b.ShowID) })
		codes[code] = c
	}
	return codes, err
}

// add adds what a code took off at one show in one currency.
func (c *CodeDiscount) add(g given) {
	if g.ends > 0 {
		late := g.late
		if c.Late != nil {
			late += *c.Late
		}
		c.Late = &late
	}
	if g.tickets == 0 {
		return
	}
	at := slices.IndexFunc(c.Money, func(d DiscountIn) bool { return d.Currency == g.currency })
	if at < 0 {
		at = len(c.Money)
		c.Money = append(c.Money, DiscountIn{Currency: g.currency})
	}
	c.Money[at].Amount = c.Money[at].Amount.Add(g.discount)
	c.Money[at].Tickets += g.tickets
}

// In is the discount in a currency, zero if there is none.
func (c CodeDiscount) In(currency string) DiscountIn {
	for _, d := range c.Money {
		if d.Currency == currency {
			return d
		}
	}
	return DiscountIn{Currency: currency}
}

// Each is the discount per ticket; nil: there was none.
func (d DiscountIn) Each() *decimal.Decimal {
	if d.Tickets == 0 {
		return nil
	}
	each := d.Amount.DivRound(decimal.NewFromInt(d.Tickets), 2)
	return &each
}

// SoldOut tells that every seat that is not closed is sold.
func (l ShowLine) SoldOut() bool {
	return l.Fill != nil && l.Fill.GreaterThanOrEqual(decimal.NewFromInt(1))
}
