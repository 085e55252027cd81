package figures

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Figure is what a number of the page counts.
type Figure string

// The figures, each a sum over movements. Those of money are in one currency.
const (
	FigureTickets  Figure = "tickets"  // Totals.Tickets
	FigureRefunded Figure = "refunded" // Totals.Refunded
	FigureSold     Figure = "sold"     // tickets that were not refunded
	FigureOrders   Figure = "orders"   // Totals.Orders
	FigureGross    Figure = "gross"
	FigureRefunds  Figure = "refunds"
	FigureRevenue  Figure = "revenue" // gross − refunds
	FigureFree     Figure = "free"    // tickets that cost nothing
	FigureList     Figure = "list"    // Waterfall.List
	FigureCodes    Figure = "codes"   // Waterfall.Codes
	FigureGifts    Figure = "gifts"   // Waterfall.Free
	FigureOther    Figure = "other"   // Waterfall.Other
)

// Figures are all of them.
func Figures() []Figure {
	return []Figure{FigureTickets, FigureRefunded, FigureSold, FigureOrders, FigureGross, FigureRefunds, FigureRevenue,
		FigureFree, FigureList, FigureCodes, FigureGifts, FigureOther}
}

// IsMoney tells whether the number is an amount.
func (f Figure) IsMoney() bool {
	return !slices.Contains([]Figure{FigureTickets, FigureRefunded, FigureSold, FigureOrders, FigureFree}, f)
}

// Number names one number of the page: a figure of the movements that the filter and this leave.
type Number struct {
	Figure      Figure
	Currency    string    // "": all, of numbers that are not money
	Since, Upto time.Time // Moscow minutes, the second one excluded; zero: without a bound
	Of          By        // "": whatever they are of
	Keys        [3]string // of Of; "" is a value too
	Depth       int       // how many Keys count: of UTM parameters 1 to 3, else 1
	Page        int       // of its movements, from 0
}

// MadeOf are the movements of a number, in the order of time.
type MadeOf struct {
	Movements []Movement
	Count     int64           // of the movements of all pages
	Total     decimal.Decimal `money:"no"` // of all pages: the number. One of money is asked for by who may see it
}

// Movement is what an order bought or gave back of a show in a minute.
type Movement struct {
	At              time.Time
	Refund          bool
	Order           uint64 // 0: published by an older loader, which did not tell
	TicketIDs       []uint64
	EventID, ShowID uint64
	Event           string
	ShowDate        *time.Time // the venue's calendar day, as midnight UTC
	Currency        string     `money:"yes"`
	Tickets         int64
	Amount          decimal.Decimal `money:"yes"` // paid, or given back
	Part            decimal.Decimal `money:"no"`  // of Total
}

// MadeOfPage is how many movements a page has at most.
const MadeOfPage = 1000

// MadeOf are the movements of Filter.Number.
func (s *Store) MadeOf(ctx context.Context, f Filter) (MadeOf, error) {
	n, p := f.Number, f.parameters()
	p["from"], p["to"] = "0", unixSeconds(time.Unix(1<<32-1, 0))
	if !n.Since.IsZero() {
		p["from"] = unixSeconds(n.Since)
	}
	if !n.Upto.IsZero() {
		p["to"] = unixSeconds(n.Upto)
	}
	p["figure"], p["currency"], p["of"] = string(n.Figure), text(n.Currency), string(n.Of)
	p["depth"], p["key"], p["medium"], p["campaign"] = strconv.Itoa(n.Depth), text(n.Keys[0]), text(n.Keys[1]),
		text(n.Keys[2])
	p["largest"] = unsigned(MaxOrderSize)
	p["most"], p["skipped"] = strconv.Itoa(MadeOfPage), strconv.Itoa(n.Page*MadeOfPage)
	var m MadeOf
	err := s.read(ctx, "made_of", p, func(scan func(...any) error) error {
		var one Movement
		var refund uint8
		var count uint64
		err := scan(&one.At, &refund, &one.Order, &one.TicketIDs, &one.EventID, &one.Event, &one.ShowID, &one.ShowDate,
			&one.Currency, &one.Tickets, &one.Amount, &one.Part, &count, &m.Total)
		one.At, one.Refund = one.At.In(sales.Moscow), refund == 1
		if one.ShowDate != nil {
			one.ShowDate = new(withoutZone(*one.ShowDate))
		}
		m.Movements, m.Count = append(m.Movements, one), int64(count) //nolint:gosec // rows of a table
		return err
	})
	return m, err
}
