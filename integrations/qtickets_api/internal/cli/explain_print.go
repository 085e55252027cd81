package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// explainTickets is how many tickets of each kind are listed unless all are asked for.
const explainTickets = 200

const moment = "2006-01-02 15:04:05"

// explainer prints an explanation.
type explainer struct {
	io.Writer
	*warehouse.Explanation
	all  bool
	runs map[string]string // number in the list of runs, by id
}

func printExplanation(w io.Writer, e *warehouse.Explanation, all bool) {
	p := explainer{w, e, all, map[string]string{}}
	for i, run := range e.Runs {
		p.runs[run.ID] = fmt.Sprintf("#%d", i+1)
	}
	of := p.subject()
	if e.Empty() {
		fmt.Fprintf(w, "Nothing was sold or refunded on %s.\n", of)
		return
	}
	if at := e.Publication; at == nil {
		fmt.Fprint(w, "Published: nothing. Times are Moscow's.\n")
	} else {
		fmt.Fprintf(w, "Published: batch %d, as of %s, at %s by run %s. Times are Moscow's.\n",
			at.Batch, at.AsOf.Format(moment), at.PublishedAt.Format(moment), p.runs[at.RunID])
	}
	fmt.Fprintf(w, "\nSold on %s (fact_qtickets_sales_daily)\n", of)
	printAccount(p, e.Sales, salesText)
	p.notCounted()
	fmt.Fprintf(w, "\nRefunded on %s (fact_qtickets_refunds_daily)\n", of)
	printAccount(p, e.Refunds, refundsText)
	p.runList()
	p.verdict()
}

// subject is what is explained: "2026-11-22, event 70001".
func (p explainer) subject() string {
	text := p.Day
	if p.EventID > 0 {
		text += fmt.Sprintf(", event %d", p.EventID)
	}
	if p.ShowID > 0 {
		text += fmt.Sprintf(", show %d", p.ShowID)
	}
	return text
}

// printAccount prints the rows of a fact, each with its tickets, and the totals by currency.
func printAccount[F warehouse.Figures[F]](p explainer, a warehouse.Account[F], text func(f F, currency string) string) {
	if len(a.Rows) == 0 {
		fmt.Fprintln(p, "  nothing")
	}
	from := 0
	for _, row := range a.Rows {
		to := from
		for to < len(a.Tickets) && a.Tickets[to].Key() == row.RowKey {
			to++
		}
		fmt.Fprintf(p, "\n  Event %d, show %d, %s\n", row.EventID, row.ShowID, row.Currency)
		p.tickets(a.Tickets[from:p.shown(from, to)])
		printRow(p, row, text)
		from = to
	}
	p.more(len(a.Tickets))
	if len(a.Rows) > 1 {
		fmt.Fprint(p, "\n  All of these\n")
		for _, total := range a.Totals {
			printRow(p, total, text)
		}
	}
}

// printRow puts the sum of the tickets beside what is published: one line where they are the same.
func printRow[F warehouse.Figures[F]](p explainer, row warehouse.Row[F], text func(f F, currency string) string) {
	if row.Ties() {
		fmt.Fprintf(p, "  ✓ %s, as published\n", text(row.Tickets, row.Currency))
		return
	}
	fmt.Fprintf(p, "  ✗ tickets:   %s\n    published: %s\n", text(row.Tickets, row.Currency), text(row.Published, row.Currency))
}

// shown is the end of a part of a list, cut where the list gets too long.
func (p explainer) shown(from, to int) int {
	if p.all {
		return to
	}
	return max(from, min(to, explainTickets))
}

func (p explainer) more(n int) {
	if left := n - p.shown(0, n); left > 0 {
		fmt.Fprintf(p, "\n  %d more tickets: --all lists them.\n", left)
	}
}

// tickets is a table of tickets that count.
func (p explainer) tickets(list []warehouse.TicketLine) {
	if len(list) == 0 {
		return
	}
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  order\tticket\tstate\t%s\t%s\t%s\t%s\tsold\trefunded at\trun\tread\n", amount("price"), amount("gross"), amount("refunded"), amount("kept"))
	for _, t := range list {
		fmt.Fprintf(table, "  %d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.OrderID, t.TicketID, state(t),
			amount(money(t.Price, t.Currency)), amount(money(t.Gross, t.Currency)), amount(money(t.Refunded, t.Currency)), amount(money(t.Revenue, t.Currency)),
			t.SoldAt.Format(moment), optMoment(t.RefundedAt), p.runs[t.RunID], t.ObservedAt.Format(moment))
	}
	_ = table.Flush()
}

// notCounted is a table of tickets that do not: where they would, and why they do not.
func (p explainer) notCounted() {
	if len(p.NotCounted) == 0 {
		return
	}
	fmt.Fprintf(p, "\nDo not count, though their orders were paid on %s\n", p.subject())
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  order\tticket\tevent\tshow\tstate\t%s\tsold\tdeleted\trun\tread\twhy\n", amount("price"))
	for _, t := range p.NotCounted[:p.shown(0, len(p.NotCounted))] {
		fmt.Fprintf(table, "  %d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.OrderID, t.TicketID, t.EventID, t.ShowID, state(t),
			amount(money(t.Price, t.Currency)), t.SoldAt.Format(moment), optMoment(t.DeletedAt), p.runs[t.RunID], t.ObservedAt.Format(moment), t.Why)
	}
	_ = table.Flush()
	p.more(len(p.NotCounted))
}

func state(t warehouse.TicketLine) string {
	if t.Quantity == 1 {
		return string(t.State)
	}
	return fmt.Sprintf("%s ×%d", t.State, t.Quantity)
}

// amount lines up the cells of a column of money.
func amount(text string) string { return fmt.Sprintf("%12s", text) }

func (p explainer) runList() {
	fmt.Fprint(p, "\nRuns\n")
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, run := range p.Runs {
		if run.Status == "" {
			fmt.Fprintf(table, "  %s\t%s\tnot in the run ledger\n", p.runs[run.ID], run.ID)
			continue
		}
		fmt.Fprintf(table, "  %s\t%s\tstarted %s\t%s\t%s\n", p.runs[run.ID], run.ID, run.StartedAt.Format(moment), run.Mode, run.Status)
	}
	_ = table.Flush()
}

// verdict says whether all of it ties, and otherwise what may be behind it and what to do.
func (p explainer) verdict() {
	if p.Ties {
		fmt.Fprint(p, "\n✓ The tickets add up to the published numbers.\n")
		return
	}
	fmt.Fprint(p, "\n✗ The tickets do not add up to the published numbers.\n")
	if p.Publication == nil {
		fmt.Fprint(p, "Nothing is published yet: run \"qtickets_api sync\".\n")
		return
	}
	if len(p.Changed)+len(p.ChangedOther) == 0 {
		fmt.Fprint(p, "No order has changed since the publication, so the facts are wrong: run \"qtickets_api check\" to see which,\nand \"qtickets_api sync\" to publish them anew.\n")
		return
	}
	if len(p.Changed) > 0 {
		fmt.Fprintf(p, "Orders of this day changed since the publication: %s\n", p.ids(p.Changed))
	}
	if len(p.ChangedOther) > 0 {
		fmt.Fprintf(p, "Orders changed since the publication, not of this day as they stand now: %s\n", p.ids(p.ChangedOther))
	}
	fmt.Fprint(p, "If a run is going on, wait for it; otherwise run \"qtickets_api sync\" to publish them. Then explain again.\n")
}

func (p explainer) ids(list []uint64) string {
	shown := list[:p.shown(0, len(list))]
	text := strings.Trim(fmt.Sprint(shown), "[]")
	if left := len(list) - len(shown); left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}

func salesText(f warehouse.SalesFigures, currency string) string {
	return fmt.Sprintf("tickets sold %d (free %d), orders %d, refunded since %d; gross %s − refunded %s = kept %s; discount %s",
		f.TicketsSold, f.TicketsFree, f.Orders, f.RefundedTickets,
		money(f.Gross, currency), money(f.Refunded, currency), money(f.Revenue, currency), money(f.Discount, currency))
}

func refundsText(f warehouse.RefundFigures, currency string) string {
	return fmt.Sprintf("tickets refunded %d; gross %s − refunded %s = kept %s", f.Tickets, money(f.Gross, currency), money(f.Refunded, currency), money(f.Kept, currency))
}

func money(m qtickets.Money, currency string) string { return m.String() + " " + currency }

func optMoment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(moment)
}
