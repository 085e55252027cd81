package cli

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/plan"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// planLocale is the set of texts of "plan" in one language.
type planLocale struct {
	none, columns, changes, summary string
	kinds                           map[plan.Kind]string
}

var planTexts = map[string]planLocale{
	"en": {
		none: "No plans.", columns: "event\tname\tshow\tdate\tmonth\ttickets\trevenue\tcurrency\n",
		changes: "\tevent\tname\tshow\tdate\tmonth\tcurrency\ttickets\trevenue\n",
		summary: "Plans in the file: %d. New: %d, changed: %d, taken back: %d, the same as before: %d\n",
		kinds:   map[plan.Kind]string{plan.New: "new", plan.Changed: "changed", plan.TakenBack: "taken back"},
	},
	"ru": {
		none: "Планов нет.", columns: "мероприятие\tназвание\tпоказ\tдата\tмесяц\tбилетов\tвыручка\tвалюта\n",
		changes: "\tмероприятие\tназвание\tпоказ\tдата\tмесяц\tвалюта\tбилетов\tвыручка\n",
		summary: "Планов в файле: %d. Новых: %d, изменено: %d, снято: %d, без изменений: %d\n",
		kinds:   map[plan.Kind]string{plan.New: "новый", plan.Changed: "изменён", plan.TakenBack: "снят"},
	},
}

// planNames are events by id.
type planNames map[uint64]warehouse.PlanEvent

func namesOf(events []warehouse.PlanEvent) planNames {
	names := planNames{}
	for _, e := range events {
		names[e.ID] = e
	}
	return names
}

// planLine is a plan as --json prints it.
type planLine struct {
	EventID  uint64          `json:"event_id"`
	Event    string          `json:"event_name"`
	ShowID   *uint64         `json:"show_id"` // null: the whole event
	Date     string          `json:"show_date"`
	Month    string          `json:"month"` // "": all sales
	Tickets  *int64          `json:"tickets"`
	Revenue  *qtickets.Money `json:"revenue"` // "1200000.50"
	Currency string          `json:"currency"`
}

func planLines(targets []warehouse.PlanTarget, names planNames) []planLine {
	lines := make([]planLine, len(targets))
	for i, t := range targets {
		of := names[t.Event]
		l := planLine{EventID: t.Event, Event: of.Name, Tickets: t.Tickets, Revenue: t.Revenue, Currency: t.Currency}
		if t.Month != 0 {
			l.Month = fmt.Sprintf("%d-%02d", t.Month/100, t.Month%100)
		}
		if t.Show != 0 {
			l.ShowID = &t.Show
			for _, s := range of.Shows {
				if s.ID == t.Show {
					l.Date = s.Date
				}
			}
		}
		lines[i] = l
	}
	return lines
}

func (l planLine) show() string {
	if l.ShowID == nil {
		return ""
	}
	return strconv.FormatUint(*l.ShowID, 10)
}

func printPlans(w io.Writer, t planLocale, lines []planLine) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(w, t.none)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, t.columns)
	for _, l := range lines {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.EventID, oneLine(l.Event), l.show(), l.Date, l.Month,
			known(l.Tickets), known(l.Revenue), l.Currency)
	}
	return table.Flush()
}

// known is a value, or nothing.
func known[V any](v *V) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

// printPlanChanges prints what an import of so many plans changes.
func printPlanChanges(w io.Writer, t planLocale, names planNames, changes []plan.Change, plans int) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	counts := map[plan.Kind]int{}
	for i, c := range changes {
		if i == 0 {
			fmt.Fprint(table, t.changes)
		}
		counts[c.Kind]++
		l := planLines([]warehouse.PlanTarget{c.Now}, names)[0]
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.kinds[c.Kind], l.EventID, oneLine(l.Event), l.show(),
			l.Date, l.Month, l.Currency, fromTo(c.Before.Tickets, c.Now.Tickets), fromTo(c.Before.Revenue, c.Now.Revenue))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, t.summary, plans, counts[plan.New], counts[plan.Changed], counts[plan.TakenBack],
		plans-len(changes))
	return err
}

// fromTo is what became of a value.
func fromTo[V comparable](before, now *V) string {
	switch {
	case before == nil || now != nil && *before == *now:
		return known(now)
	case now == nil:
		return known(before) + " → —"
	}
	return known(before) + " → " + known(now)
}

// planTable is what "plan export" writes: columns that "plan import" reads, and two for people.
func planTable(lines []planLine) format.Table {
	var t format.Table
	for _, name := range []string{"event_id", "show_id", "month", "tickets", "revenue", "currency", "event_name",
		"show_date"} {
		t.Columns = append(t.Columns, format.Column{Name: name})
	}
	for _, l := range lines {
		revenue := format.Cell{}
		if l.Revenue != nil {
			revenue = format.Money(decimal.New(int64(*l.Revenue), -2), l.Currency)
		}
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{
			format.Text(strconv.FormatUint(l.EventID, 10)), format.Text(l.show()), format.Text(l.Month),
			format.MaybeCount(l.Tickets), revenue, format.Text(l.Currency), format.Name(l.Event), format.Text(l.Date),
		}})
	}
	return t
}
