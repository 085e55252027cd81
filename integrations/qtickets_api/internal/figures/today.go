package figures

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Cards are the figures of the day of Version.AsOf, each beside what is usual by this minute.
type Cards struct {
	Day   time.Time // the Moscow day
	Weeks int       // of the 8 same weekdays before, those on which anything was on sale at all
	Today Totals
	Cards []Card      // tickets, then revenue, refunds, average of each currency, the main one first
	Next  *ShowLine   // the next show to come; nil: none is known
	Month []MonthPlan // of this month, by currency; empty: none
}

// CardName names a card.
type CardName string

// The cards in their order.
const (
	CardTickets  CardName = "tickets"
	CardRevenue  CardName = "revenue"
	CardRefunds  CardName = "refunds" // money given back today, whenever it was paid
	CardRefunded CardName = "refunded_tickets"
	CardAverage  CardName = "average"
)

// Card is one figure of today.
type Card struct {
	Name     CardName
	Currency string           // "" for tickets
	Value    *decimal.Decimal `money:"no"` // nil: unknown, as the average of no tickets
	Baseline *decimal.Decimal `money:"no"` // median of the same weekdays to the same minute; nil: no such day is known
	Side     Side             // of Value among these weekdays
	// Value against Baseline, +12.3; nil where Value is usual, or where fewer than 10 such tickets are
	Percent *decimal.Decimal `money:"no"`
}

// IsMoney tells whether the whole card is left out where no money is shown.
func (c Card) IsMoney() bool {
	return c.Name == CardRevenue || c.Name == CardRefunds || c.Name == CardAverage || c.Currency != ""
}

// UsualTickets are those of the same weekdays by this minute; nil: no such day is known.
func (c Cards) UsualTickets() *decimal.Decimal {
	for _, one := range c.Cards {
		if one.Name == CardTickets {
			return one.Baseline
		}
	}
	return nil
}

// Compares tells whether so many usual tickets are enough to compare with: of fewer a change says nothing.
func Compares(usual *decimal.Decimal) bool { return usual != nil && !usual.LessThan(leastBaseline) }

// Cards are the figures of the day of the data.
func (s *Store) Cards(ctx context.Context, f Filter) (Cards, error) {
	w, err := s.weekdays(ctx, f)
	if err != nil {
		return Cards{}, err
	}
	currencies, err := s.currencies(ctx, f.Version)
	if err != nil {
		return Cards{}, err
	}
	c := Cards{Day: w.day, Weeks: w.weeks, Today: w.until(0)}
	c.Today.order(currencies)
	before := make([]Totals, w.weeks)
	for i := range before {
		before[i] = w.until(i + 1)
	}
	tickets := func(f Totals) *decimal.Decimal { return number(f.Tickets) }
	refunded := func(f Totals) *decimal.Decimal { return number(f.Refunded) }
	// A percentage is told of what is not usual, when enough of what the figure counts is.
	card := func(name CardName, currency string, of, counts func(Totals) *decimal.Decimal) {
		band := bandOf(of(c.Today), before, of)
		one := Card{Name: name, Currency: currency, Value: band.Today, Baseline: band.Median, Side: band.Side(),
			Percent: band.percent(middle(before, counts))}
		c.Cards = append(c.Cards, one)
	}
	card(CardTickets, "", tickets, tickets)
	card(CardRefunded, "", refunded, refunded)
	for _, currency := range c.shown(currencies, before) {
		paid := func(f Totals) *decimal.Decimal { return number(f.In(currency).Paid) }
		card(CardRevenue, currency, func(f Totals) *decimal.Decimal { v := f.In(currency).Gross; return &v }, paid)
		card(CardRefunds, currency, func(f Totals) *decimal.Decimal { v := f.In(currency).Refunds; return &v }, refunded)
		card(CardAverage, currency, func(f Totals) *decimal.Decimal { return f.In(currency).Average() }, paid)
	}
	if c.Month, err = s.monthPlans(ctx, f, currencies); err != nil {
		return Cards{}, err
	}
	lines, err := s.lines(ctx, f, true)
	for i := range lines {
		if start := lines[i].Start; start != nil && start.After(f.Version.AsOf) {
			c.Next = &lines[i]
			break
		}
	}
	return c, err
}

// shown are the currencies that have cards: the main one, and what moved today or usually does.
func (c *Cards) shown(currencies []string, before []Totals) []string {
	var shown []string
	for i, currency := range currencies {
		moves := func(f Totals) bool {
			return slices.ContainsFunc(f.Money, func(a Amounts) bool { return a.Currency == currency })
		}
		if i == 0 || moves(c.Today) || slices.ContainsFunc(before, moves) {
			shown = append(shown, currency)
		}
	}
	return shown
}

// leastBaseline is how many tickets must be usual for a percentage.
var leastBaseline, hundred = decimal.NewFromInt(10), decimal.NewFromInt(100)
