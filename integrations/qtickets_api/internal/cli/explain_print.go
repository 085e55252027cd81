package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/explain"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/russian"
)

// explainTickets is how many tickets of each kind are listed unless all are asked for.
const explainTickets = 200

const moment = "2006-01-02 15:04:05"

// explainer prints an explanation.
type explainer struct {
	io.Writer
	*explain.Explanation
	locale explainLocale
	all    bool
	runs   map[string]string // number in the list of runs, by id
}

func printExplanation(w io.Writer, e *explain.Explanation, locale explainLocale, all bool) {
	p := explainer{w, e, locale, all, map[string]string{}}
	for i, run := range e.Runs {
		p.runs[run.ID] = fmt.Sprintf("#%d", i+1)
	}
	of := p.subject()
	if e.Empty() {
		fmt.Fprintf(w, locale.empty, of)
		return
	}
	if at := e.Publication; at == nil {
		fmt.Fprint(w, locale.unpublished)
	} else {
		fmt.Fprintf(w, locale.published, at.Batch, at.AsOf.Format(moment), at.PublishedAt.Format(moment), p.runs[at.RunID])
	}
	fmt.Fprintf(w, locale.sold, of)
	printAccount(p, e.Sales, locale.sales)
	p.notCounted()
	fmt.Fprintf(w, locale.refunded, of)
	printAccount(p, e.Refunds, locale.refunds)
	p.runList()
	p.verdict()
}

// subject is what is explained: "2026-11-22, event 70001".
func (p explainer) subject() string {
	text := p.Day
	if p.EventID > 0 {
		text += fmt.Sprintf(p.locale.event, p.EventID)
	}
	if p.ShowID > 0 {
		text += fmt.Sprintf(p.locale.show, p.ShowID)
	}
	return text
}

// printAccount prints the rows of a fact, each with its tickets, and the totals by currency.
func printAccount[T explain.Totals[T]](p explainer, a explain.Account[T], text func(totals T, currency string) string) {
	if len(a.Rows) == 0 {
		fmt.Fprint(p, p.locale.nothing)
	}
	from := 0
	for _, row := range a.Rows {
		to := from
		for to < len(a.Tickets) && a.Tickets[to].Key() == row.RowKey {
			to++
		}
		fmt.Fprintf(p, p.locale.row, row.EventID, row.ShowID, row.Currency)
		p.tickets(a.Tickets[from:p.shown(from, to)])
		printRow(p, row, text)
		from = to
	}
	p.more(len(a.Tickets))
	if len(a.Rows) > 1 {
		fmt.Fprint(p, p.locale.all)
		for _, total := range a.Totals {
			printRow(p, total, text)
		}
	}
}

// printRow puts the sum of the tickets beside what is published: one line where they are the same.
func printRow[T explain.Totals[T]](p explainer, row explain.Row[T], text func(totals T, currency string) string) {
	if row.Ties() {
		fmt.Fprintf(p, p.locale.asPublished, text(row.Tickets, row.Currency))
		return
	}
	fmt.Fprintf(p, p.locale.tickets, text(row.Tickets, row.Currency))
	fmt.Fprintf(p, p.locale.publishedRow, text(row.Published, row.Currency))
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
		fmt.Fprintf(p, p.locale.more, left)
	}
}

// tickets is a table of tickets that count.
func (p explainer) tickets(list []explain.Ticket) {
	if len(list) == 0 {
		return
	}
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, p.locale.columns, amount(p.locale.price), amount(p.locale.gross), amount(p.locale.back),
		amount(p.locale.kept))
	for _, t := range list {
		fmt.Fprintf(table, "  %d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.OrderID, t.TicketID, p.state(t),
			amount(money(t.Price, t.Currency)), amount(money(t.Gross, t.Currency)), amount(money(t.Refunded, t.Currency)),
			amount(money(t.Revenue, t.Currency)),
			t.SoldAt.Format(moment), optMoment(t.RefundedAt), p.runs[t.RunID], t.ObservedAt.Format(moment))
	}
	_ = table.Flush()
}

// notCounted is a table of tickets that do not: where they would, and why they do not.
func (p explainer) notCounted() {
	if len(p.NotCounted) == 0 {
		return
	}
	fmt.Fprintf(p, p.locale.notCounted, p.subject())
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, p.locale.notCountedColumns, amount(p.locale.price))
	for _, t := range p.NotCounted[:p.shown(0, len(p.NotCounted))] {
		fmt.Fprintf(table, "  %d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.OrderID, t.TicketID, t.EventID, t.ShowID,
			p.state(t),
			amount(money(t.Price, t.Currency)), t.SoldAt.Format(moment), optMoment(t.DeletedAt), p.runs[t.RunID],
			t.ObservedAt.Format(moment), explain.Reason(t.Counting, p.locale.lang))
	}
	_ = table.Flush()
	p.more(len(p.NotCounted))
}

func (p explainer) state(t explain.Ticket) string {
	if t.Quantity == 1 {
		return p.locale.states[string(t.State)]
	}
	return fmt.Sprintf("%s ×%d", p.locale.states[string(t.State)], t.Quantity)
}

// amount lines up the cells of a column of money.
func amount(text string) string { return fmt.Sprintf("%12s", text) }

func (p explainer) runList() {
	fmt.Fprint(p, p.locale.runs)
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, run := range p.Runs {
		if run.Status == "" {
			fmt.Fprintf(table, "  %s\t%s\t%s\n", p.runs[run.ID], run.ID, p.locale.unknownRun)
			continue
		}
		fmt.Fprintf(table, "  %s\t%s\t%s %s\t%s\t%s\n", p.runs[run.ID], run.ID, p.locale.started,
			run.StartedAt.Format(moment), russian.In(p.locale.lang, run.Mode), russian.In(p.locale.lang, run.Status))
	}
	_ = table.Flush()
}

// verdict says whether all of it ties; if not, what may be the cause and what to do.
func (p explainer) verdict() {
	if p.Ties {
		fmt.Fprint(p, p.locale.ties)
		return
	}
	fmt.Fprint(p, p.locale.differs)
	if p.Publication == nil {
		fmt.Fprint(p, p.locale.noPublication)
		return
	}
	if len(p.Changed)+len(p.ChangedOther) == 0 {
		fmt.Fprint(p, p.locale.factsAreWrong)
		return
	}
	if len(p.Changed) > 0 {
		fmt.Fprintf(p, p.locale.changed, p.ids(p.Changed))
	}
	if len(p.ChangedOther) > 0 {
		fmt.Fprintf(p, p.locale.other, p.ids(p.ChangedOther))
	}
	fmt.Fprint(p, p.locale.publish)
}

func (p explainer) ids(list []uint64) string {
	shown := list[:p.shown(0, len(list))]
	text := strings.Trim(fmt.Sprint(shown), "[]")
	if left := len(list) - len(shown); left > 0 {
		text += fmt.Sprintf(p.locale.andMore, left)
	}
	return text
}

func money(m qtickets.Money, currency string) string { return m.String() + " " + currency }

func optMoment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(moment)
}
