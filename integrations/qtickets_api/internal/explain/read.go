package explain

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// each runs sql/NAME.sql for the slice and hands each row to row.
func (r reader) each(ctx context.Context, name string, row func(scan func(...any) error) error) error {
	var batch uint64 // no batch has the number 0
	if r.Publication != nil {
		batch = r.Publication.Batch
	}
	parameters := map[string]string{
		"day":   r.Day,
		"event": strconv.FormatUint(r.EventID, 10),
		"show":  strconv.FormatUint(r.ShowID, 10),
		"batch": strconv.FormatUint(batch, 10),
	}
	return r.db.Read(ctx, statement(name), parameters, row)
}

func (r reader) tickets(ctx context.Context) ([]Ticket, error) {
	decided, err := r.countings(ctx)
	if err != nil {
		return nil, err
	}
	var found []Ticket
	err = r.each(ctx, "tickets", func(scan func(...any) error) error {
		var t Ticket
		var state string
		var counted uint8
		var version uint64
		err := scan(&t.OrderID, &t.TicketID, &t.EventID, &t.ShowID, &t.Currency, &state, &counted, &t.Quantity,
			warehouse.ScanMoney(&t.Price), warehouse.ScanMoney(&t.Discount), warehouse.ScanMoney(&t.Gross),
			warehouse.ScanMoney(&t.Refunded), warehouse.ScanMoney(&t.Revenue), &t.SoldAt, &t.RefundedAt, &t.DeletedAt, &t.RunID,
			&version)
		t.State, t.ObservedAt = sales.State(state), time.Unix(0, int64(version)).In(sales.Moscow)
		t.Counting = decided.of(&t, counted)
		t.WhyNot = Reason(t.Counting, "en")
		found = append(found, t)
		return err
	})
	return found, err
}

// sales adds up the sales of the day beside what is published of them.
func (r reader) sales(ctx context.Context) error {
	rows, totals := tally[SalesTotals]{}, tally[SalesTotals]{}
	err := r.each(ctx, "sales", func(scan func(...any) error) error {
		var key RowKey
		var s SalesTotals
		err := scan(&key.EventID, &key.ShowID, &key.Currency, &s.Orders, &s.TicketsSold, &s.TicketsFree, &s.GrossTickets,
			&s.RefundedTickets,
			warehouse.ScanMoney(&s.Gross), warehouse.ScanMoney(&s.Refunded), warehouse.ScanMoney(&s.Revenue),
			warehouse.ScanMoney(&s.Discount))
		rows.add(totals, key, SalesTotals{}, s)
		return err
	})
	type orderOfRow struct {
		RowKey
		order uint64
	}
	met := map[orderOfRow]bool{}
	r.Sales.addUp(rows, totals, func(t *Ticket) SalesTotals {
		one := orderOfRow{t.Key(), t.OrderID}
		first := t.State == sales.Sold && !met[one]
		met[one] = met[one] || first
		return saleOf(t, first)
	})
	return err
}

// refunds does the same for the refunds of the day.
func (r reader) refunds(ctx context.Context) error {
	rows, totals := tally[RefundTotals]{}, tally[RefundTotals]{}
	err := r.each(ctx, "refunds", func(scan func(...any) error) error {
		var key RowKey
		var s RefundTotals
		err := scan(&key.EventID, &key.ShowID, &key.Currency, &s.Tickets,
			warehouse.ScanMoney(&s.Gross), warehouse.ScanMoney(&s.Refunded), warehouse.ScanMoney(&s.Kept))
		rows.add(totals, key, RefundTotals{}, s)
		return err
	})
	r.Refunds.addUp(rows, totals, func(t *Ticket) RefundTotals {
		return RefundTotals{Tickets: t.Quantity, Gross: t.Gross, Refunded: t.Refunded, Kept: t.Revenue}
	})
	return err
}

// changed names the orders written since the publication.
func (r reader) changed(ctx context.Context) error {
	return r.each(ctx, "changed", func(scan func(...any) error) error {
		var id uint64
		var here bool
		if err := scan(&id, &here); err != nil {
			return err
		}
		if here {
			r.Changed = append(r.Changed, id)
		} else {
			r.ChangedOther = append(r.ChangedOther, id)
		}
		return nil
	})
}

// Run is what the ledger says of a run.
type Run struct {
	ID        string    `json:"run_id"`
	StartedAt time.Time `json:"started_at,omitzero"`
	Mode      string    `json:"mode"`
	Status    string    `json:"status"` // as in meta_job_runs
}

// runs adds the runs in the order of their start. One the ledger does not know (a row made by hand) has
// neither mode nor status.
func (r reader) runs(ctx context.Context) error {
	var ids []string
	if r.Publication != nil {
		ids = append(ids, r.Publication.RunID)
	}
	for _, t := range slices.Concat(r.Sales.Tickets, r.NotCounted, r.Refunds.Tickets) {
		ids = append(ids, t.RunID)
	}
	slices.Sort(ids) // by start, as ids do
	ids = slices.Compact(ids)
	r.Runs = []Run{}
	for _, id := range ids {
		r.Runs = append(r.Runs, Run{ID: id})
	}
	parameters := map[string]string{"job": warehouse.Job, "runs": strings.Join(ids, ",")}
	return r.db.Read(ctx, statement("runs"), parameters, func(scan func(...any) error) error {
		var run Run
		err := scan(&run.ID, &run.StartedAt, &run.Mode, &run.Status)
		if at := slices.IndexFunc(r.Runs, func(known Run) bool { return known.ID == run.ID }); at >= 0 {
			r.Runs[at] = run
		}
		return err
	})
}
