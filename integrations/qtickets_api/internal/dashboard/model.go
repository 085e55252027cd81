// Package dashboard is the organiser's page: what the four screens show (model*.go), where the figures come from
// (query*.go, sql), and the page itself.
package dashboard

import (
	"time"

	"github.com/shopspring/decimal"
)

// Version is one publication: what a page shows as a whole. The loader keeps the last three, so it is asked about at once: of a
// dropped one nothing is found.
type Version struct {
	Batch       uint64
	PublishedAt time.Time
	AsOf        time.Time // sales are complete up to this moment
}

// Period is a stretch of Moscow days that ends with the day of Version.AsOf.
type Period string

// The periods a page offers.
const (
	PeriodToday  Period = "today"
	Period7      Period = "7"
	Period28     Period = "28"
	Period90     Period = "90"
	PeriodSeason Period = "season" // everything there is
	PeriodRange  Period = "range"  // Filter.From to Filter.To
)

// Compare says what a period is compared with.
type Compare string

// The comparisons a page offers. Both end at the same time of day as the data.
const (
	CompareNone     Compare = ""
	ComparePrevious Compare = "previous" // as many days before; a day is compared with the same weekday of last week
	CompareYear     Compare = "year"     // 52 weeks earlier, so that weekdays match
)

// Filter says which figures are asked for. The zero value of a field leaves it out.
type Filter struct {
	Version  Version   // of Store.Version; all blocks of a page must have the same
	Now      time.Time // the clock of the page: tells days without data from days without sales
	Period   Period    // "" is Period28
	From, To time.Time // Moscow days, inclusive; of PeriodRange only
	City     string
	Event    uint64
	Show     uint64 // of the event screen only
	Compare  Compare
}

// Figures are what moved in some stretch of time: sales by the moment of payment, refunds by the moment of the refund. What
// happened on a day stays on it.
type Figures struct {
	Tickets  int64     // paid, those refunded later included, cancelled ones not
	Free     int64     // of Tickets, those that cost nothing
	Orders   int64     // paid orders; one with tickets for several shows counts once
	Refunded int64     // tickets refunded
	Money    []Amounts // by currency, the main one first; empty: no money at all
}

// Amounts are the money of Figures in one currency. Amounts of different currencies are never added.
type Amounts struct {
	Currency string
	Gross    decimal.Decimal // paid
	Refunds  decimal.Decimal // given back
	Paid     int64           // tickets in Gross with a price above zero
}

// Net is what came in and stayed.
func (a Amounts) Net() decimal.Decimal { return a.Gross.Sub(a.Refunds) }

// Average is the price of a ticket that costs anything; nil: there was none.
func (a Amounts) Average() *decimal.Decimal {
	if a.Paid == 0 {
		return nil
	}
	average := a.Gross.DivRound(decimal.NewFromInt(a.Paid), 2)
	return &average
}

// In are the amounts in a currency, zero if there are none.
func (f Figures) In(currency string) Amounts {
	for _, a := range f.Money {
		if a.Currency == currency {
			return a
		}
	}
	return Amounts{Currency: currency}
}

// Choices are what the filters offer.
type Choices struct {
	Cities     []string
	Events     []EventChoice // those with shows to come first
	Currencies []string      // the main one first: what brought most orders
	FirstDay   *time.Time    // of the first sale; nil: nothing was sold
}

// EventChoice is an event in the list of the filter.
type EventChoice struct {
	EventID  uint64
	Name     string
	City     string
	Upcoming int // shows to come
}
