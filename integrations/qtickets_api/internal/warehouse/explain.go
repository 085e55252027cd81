package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
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
	Publication *Publication           `json:"publication"` // nil: nothing is published yet
	Sales       Account[SalesFigures]  `json:"sales"`       // fact_qtickets_sales_daily, by sales day
	Refunds     Account[RefundFigures] `json:"refunds"`     // fact_qtickets_refunds_daily, by refund day
	NotCounted  []TicketLine           `json:"not_counted"` // tickets of paid orders of the sales day
	Runs        []RunLine              `json:"runs"`        // that wrote the orders, and that published
	// Changed are the orders read anew since the publication, known to have to do with the slice, and
	// ChangedOther the rest: one of these may have left the slice. Only looked for when it does not tie.
	Changed      []uint64 `json:"changed,omitempty"`
	ChangedOther []uint64 `json:"changed_other,omitempty"`
}

// Empty tells whether the slice has no ticket and no published row.
func (e *Explanation) Empty() bool {
	return len(e.Sales.Rows) == 0 && len(e.Refunds.Rows) == 0 && len(e.NotCounted) == 0
}

// Publication is a row of publish.
type Publication struct {
	Batch       uint64    `json:"batch"`
	AsOf        time.Time `json:"as_of"`
	PublishedAt time.Time `json:"published_at"`
	RunID       string    `json:"run_id"`
}

// RunLine is what the ledger says of a run.
type RunLine struct {
	ID        string    `json:"run_id"`
	StartedAt time.Time `json:"started_at,omitzero"`
	Mode      string    `json:"mode"`
	Status    Status    `json:"status"`
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

// Explain lists what the published numbers of a slice are made of and compares. Orders that change, or are
// published, while it reads show as not tying to the publication it names.
func (db *DB) Explain(ctx context.Context, s Slice) (*Explanation, error) {
	e := &Explanation{Slice: s, NotCounted: []TicketLine{}}
	e.Sales.Tickets, e.Refunds.Tickets = []TicketLine{}, []TicketLine{}
	if err := db.explain(ctx, e); err != nil {
		return nil, fmt.Errorf("explain %s: %w", s.Day, err)
	}
	return e, nil
}

func (db *DB) explain(ctx context.Context, e *Explanation) (err error) {
	if e.Publication, err = db.LastPublication(ctx); err != nil {
		return err
	}
	tickets, err := db.explainTickets(ctx, e)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		e.place(t)
	}
	if err := errors.Join(db.explainSales(ctx, e), db.explainRefunds(ctx, e)); err != nil {
		return err
	}
	if e.Ties = e.Sales.ties() && e.Refunds.ties(); !e.Ties {
		// After the tickets: a change in between is then named too.
		if err := db.explainChanged(ctx, e); err != nil {
			return err
		}
	}
	return db.explainRuns(ctx, e)
}

// place puts a ticket where it counts. One that was sold and refunded on the same day has two places.
func (e *Explanation) place(t TicketLine) {
	sold := sales.Day(t.SoldAt) == e.Day
	switch {
	case t.Why == "" && sold:
		e.Sales.Tickets = append(e.Sales.Tickets, t)
	case sold:
		e.NotCounted = append(e.NotCounted, t)
	}
	if t.Why == "" && t.RefundedAt != nil && sales.Day(*t.RefundedAt) == e.Day {
		e.Refunds.Tickets = append(e.Refunds.Tickets, t)
	}
}

// LastPublication is the one readers see; nil when there is none.
func (db *DB) LastPublication(ctx context.Context) (*Publication, error) {
	var found *Publication
	err := db.query(ctx, "SELECT batch, as_of, published_at, run_id FROM publish ORDER BY seq DESC LIMIT 1", nil, func(r driver.Rows) error {
		found = &Publication{}
		return r.Scan(&found.Batch, &found.AsOf, &found.PublishedAt, &found.RunID)
	})
	return found, err
}

func (e *Explanation) parameters() clickhouse.Parameters {
	var batch uint64 // no batch has the number 0
	if e.Publication != nil {
		batch = e.Publication.Batch
	}
	return clickhouse.Parameters{
		"day":   e.Day,
		"event": strconv.FormatUint(e.EventID, 10),
		"show":  strconv.FormatUint(e.ShowID, 10),
		"batch": strconv.FormatUint(batch, 10),
	}
}

func (db *DB) explainChanged(ctx context.Context, e *Explanation) error {
	return db.query(ctx, SQL("explain_changed"), e.parameters(), func(r driver.Rows) error {
		var id uint64
		var here bool
		if err := r.Scan(&id, &here); err != nil {
			return err
		}
		if here {
			e.Changed = append(e.Changed, id)
		} else {
			e.ChangedOther = append(e.ChangedOther, id)
		}
		return nil
	})
}

// explainRuns adds the runs in the order of their start. One the ledger does not know (a row made by hand) has
// neither mode nor status.
func (db *DB) explainRuns(ctx context.Context, e *Explanation) error {
	var ids []string
	if e.Publication != nil {
		ids = append(ids, e.Publication.RunID)
	}
	for _, t := range slices.Concat(e.Sales.Tickets, e.NotCounted, e.Refunds.Tickets) {
		ids = append(ids, t.RunID)
	}
	slices.Sort(ids) // by start, as ids do
	ids = slices.Compact(ids)
	e.Runs = []RunLine{}
	for _, id := range ids {
		e.Runs = append(e.Runs, RunLine{ID: id})
	}
	const statement = `SELECT run_id, started_at, toString(mode), toString(status) FROM meta_job_runs
		WHERE job = {job:String} AND has(splitByChar(',', {runs:String}), run_id)`
	parameters := clickhouse.Parameters{"job": Job, "runs": strings.Join(ids, ",")}
	return db.query(ctx, statement, parameters, func(r driver.Rows) error {
		var line RunLine
		var status string
		err := r.Scan(&line.ID, &line.StartedAt, &line.Mode, &status)
		line.Status = Status(status)
		if at := slices.IndexFunc(e.Runs, func(known RunLine) bool { return known.ID == line.ID }); at >= 0 {
			e.Runs[at] = line
		}
		return err
	})
}
