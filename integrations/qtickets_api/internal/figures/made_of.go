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
	FigureRevenue  Figure = "revenue"  // gross − refunds
	FigureFree     Figure = "free"     // tickets that cost nothing
	FigureList     Figure = "list"     // Waterfall.List
	FigureCodes    Figure = "codes"    // Waterfall.Codes
	FigureGifts    Figure = "gifts"    // Waterfall.Free
	FigureOther    Figure = "other"    // Waterfall.Other
	FigureDiscount Figure = "discount" // DiscountIn.Amount
	FigureLate     Figure = "late"     // CodeDiscount.Late
)

// Figures are all of them.
func Figures() []Figure {
	return []Figure{FigureTickets, FigureRefunded, FigureSold, FigureOrders, FigureGross, FigureRefunds, FigureRevenue,
		FigureFree, FigureList, FigureCodes, FigureGifts, FigureOther, FigureDiscount, FigureLate}
}

// IsMoney tells whether the number is an amount.
func (f Figure) IsMoney() bool {
	return !slices.Contains([]Figure{FigureTickets, FigureRefunded, FigureSold, FigureOrders, FigureFree, FigureLate}, f)
}

// Number names one number of the page: a figure of the movements that the filter and this leave.
type Number struct {
	Figure      Figure
	Currency    string    // "": all; of money it is never ""
	Since, Upto time.Time // Moscow minutes, the second one excluded; zero: without a bound
	Of          By        // "": whatever they are of
	Keys        [3]string // of Of; "" is a value too
	Depth       int       // how many Keys count, see By; of UTM parameters 1 to 3
	Page        int       // of its movements, from 0
}

// What a plan of ByPlan is for.
const (
	PlanTickets = "tickets"
	PlanRevenue = "revenue"
)

// IsMoney tells whether it is an amount, or of one currency, or of what has a plan of money.
func (n Number) IsMoney() bool {
	return n.Figure.IsMoney() || n.Currency != "" || n.Of == ByPlan && n.Keys[1] == PlanRevenue
}

// MadeOf are the movements of a number, in the order of time.
type MadeOf struct {
	Movements []Movement
	Count     int64           // of the movements of all pages
	Total     decimal.Decimal `money:"no"` // of all pages: the number. One of money is asked for by who may see it
	Days      int             // of which the page shows the average, of ByHour and ByWeek; else 0
	Tickets   int64           // of all pages: paid, those that cost nothing left out where FigureGross is asked for
}

// Each is the average that the page shows of the number: a day where there are days, else a ticket; nil: it shows none.
func (m MadeOf) Each(n Number) *decimal.Decimal {
	switch {
	case m.Days > 0:
		return new(m.Total.DivRound(decimal.NewFromInt(int64(m.Days)), 4))
	case m.Tickets > 0 && (n.Figure == FigureGross || n.Figure == FigureDiscount):
		return new(m.Total.DivRound(decimal.NewFromInt(m.Tickets), 2))
	}
	return nil
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
	days, err := s.daysOf(ctx, f)
	m := MadeOf{Days: days}
	if err != nil {
		return m, err
	}
	err = s.read(ctx, "made_of", p, func(scan func(...any) error) error {
		var one Movement
		var refund uint8
		var count uint64
		err := scan(&one.At, &refund, &one.Order, &one.TicketIDs, &one.EventID, &one.Event, &one.ShowID, &one.ShowDate,
			&one.Currency, &one.Tickets, &one.Amount, &one.Part, &count, &m.Total, &m.Tickets)
		one.At, one.Refund = one.At.In(sales.Moscow), refund == 1
		if one.ShowDate != nil {
			one.ShowDate = new(withoutZone(*one.ShowDate))
		}
		m.Movements, m.Count = append(m.Movements, one), int64(count) //nolint:gosec // rows of a table
		return err
	})
	return m, err
}

// daysOf are those that the page divides a number by; 0: none.
func (s *Store) daysOf(ctx context.Context, f Filter) (int, error) {
	n := f.Number
	switch n.Of {
	case ByWeek:
		return paceDays, nil
	case ByHour:
		from, to := n.Since, dayOf(f.Version.AsOf)
		if !n.Upto.IsZero() {
			to = dayOf(n.Upto.Add(-time.Minute))
		}
		if from.IsZero() {
			first, err := s.firstSale(ctx, f)
			if from = first; err != nil || first.IsZero() {
				return 0, err
			}
		}
		days, err := s.weekdaysWithin(ctx, f.Version, from, to)
		at, _ := strconv.Atoi(n.Keys[0]) // from 1
		return days[(at+6)%7], err
	default:
		return 0, nil
	}
}
