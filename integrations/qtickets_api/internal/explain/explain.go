package explain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Slice names the published numbers to explain: those of a Moscow day, for one event and one show where
// these are not 0.
type Slice struct {
	Day     string `json:"day"` // 2006-01-02
	EventID uint64 `json:"event_id,omitempty"`
	ShowID  uint64 `json:"show_id,omitempty"`
}

// Explanation is all that stands behind the numbers of a slice. It holds no personal data.
type Explanation struct {
	Slice
	Ties        bool                   `json:"ties"`        // in every row of both facts
	Publication *warehouse.Publication `json:"publication"` // nil: nothing is published yet
	Sales       Account[SalesTotals]   `json:"sales"`       // fact_qtickets_sales_daily, by sales day
	Refunds     Account[RefundTotals]  `json:"refunds"`     // fact_qtickets_refunds_daily, by refund day
	NotCounted  []Ticket               `json:"not_counted"` // tickets of paid orders of the sales day
	Runs        []Run                  `json:"runs"`        // that wrote the orders, and that published; by start
	// Changed are the orders written since the publication, known to have to do with the slice, and
	// ChangedOther the rest: one of these may have left the slice. Only looked for when it does not tie.
	Changed      []uint64 `json:"changed,omitempty"`
	ChangedOther []uint64 `json:"changed_other,omitempty"`
}

// Empty tells whether the slice has no ticket and no published row.
func (e *Explanation) Empty() bool {
	return len(e.Sales.Rows) == 0 && len(e.Refunds.Rows) == 0 && len(e.NotCounted) == 0
}

// ParseDay reads a Moscow day: a date, "today" or "yesterday".
func ParseDay(text string, now time.Time) (string, error) {
	switch text {
	case "today":
		return sales.Day(now), nil
	case "yesterday":
		return now.In(sales.Moscow).AddDate(0, 0, -1).Format(time.DateOnly), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 2005 || day.Year() > 2100 { // what QTickets can have sold and a Date can hold
		return "", fmt.Errorf("day %q: write it as %s, or today or yesterday", text, sales.Day(now))
	}
	return text, nil
}

// Read lists what the published numbers of a slice are made of and compares. Orders that change, or are
// published, while it reads show as not tying to the publication it names.
func Read(ctx context.Context, db *warehouse.DB, s Slice) (*Explanation, error) {
	e := &Explanation{Slice: s, NotCounted: []Ticket{}}
	e.Sales.Tickets, e.Refunds.Tickets = []Ticket{}, []Ticket{}
	if err := (reader{db, e}).read(ctx); err != nil {
		return nil, fmt.Errorf("explain %s: %w", s.Day, err)
	}
	return e, nil
}

// reader fills an explanation.
type reader struct {
	db *warehouse.DB
	*Explanation
}

func (r reader) read(ctx context.Context) (err error) {
	if r.Publication, err = r.db.LastPublication(ctx); err != nil {
		return err
	}
	tickets, err := r.tickets(ctx)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		r.sort(t)
	}
	if err := errors.Join(r.sales(ctx), r.refunds(ctx)); err != nil {
		return err
	}
	if r.Ties = r.Sales.ties() && r.Refunds.ties(); !r.Ties {
		// After the tickets: a change in between is then named too.
		if err := r.changed(ctx); err != nil {
			return err
		}
	}
	return r.runs(ctx)
}

// sort puts a ticket where it counts. One that was sold and refunded on the same day is in both facts.
func (e *Explanation) sort(t Ticket) {
	sold := sales.Day(t.SoldAt) == e.Day
	switch {
	case t.Counting.Counts() && sold:
		e.Sales.Tickets = append(e.Sales.Tickets, t)
	case sold:
		e.NotCounted = append(e.NotCounted, t)
	}
	if t.Counting.Counts() && t.RefundedAt != nil && sales.Day(*t.RefundedAt) == e.Day {
		e.Refunds.Tickets = append(e.Refunds.Tickets, t)
	}
}
