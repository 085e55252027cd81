package cli

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

const (
	reportDays     = 14
	reportShows    = 12
	reportCurrency = "RUB"
	barWidth       = 32
)

// report prints what the published marts say: sales by day as bars, shows with their fill, the checks. It
// is an error when a check failed.
func (a *app) report(db *warehouse.DB) error {
	asOf, err := db.AsOf(a.ctx)
	if err != nil {
		return err
	}
	days, err := db.SalesByDay(a.ctx, reportCurrency, reportDays)
	if err != nil {
		return err
	}
	shows, err := db.Shows(a.ctx, reportShows)
	if err != nil {
		return err
	}
	t := texts[a.lang]
	fmt.Fprintf(a.Stdout, "\n%s, %s, %s %s\n", t.salesByDay, reportCurrency, t.loaded, asOf.Format("2006-01-02 15:04:05"))
	a.printDays(days)
	fmt.Fprintf(a.Stdout, "\n%s\n", t.shows)
	a.printShows(shows)
	fmt.Fprintf(a.Stdout, "\n%s\n", t.checks)
	verdicts := db.SmokeChecks(a.ctx)
	a.printVerdicts(verdicts)
	return failedChecks(verdicts)
}

func (a *app) printDays(days []warehouse.DaySales) {
	t := texts[a.lang]
	fmt.Fprintf(a.Stdout, "  %s %s %s\n", left(t.day, 6+barWidth), right(t.revenue, 14), right(t.tickets, 8))
	most := qtickets.Money(1)
	for _, d := range days {
		most = max(most, d.Revenue)
	}
	for _, d := range days {
		width := int(d.Revenue) * barWidth / int(most)
		fmt.Fprintf(a.Stdout, "  %s  %s%s %14s %8d\n", d.Day.Format("02.01"),
			strings.Repeat("█", width), strings.Repeat("·", barWidth-width), grouped(d.Revenue.String()), d.TicketsSold)
	}
}

func (a *app) printShows(shows []warehouse.ShowSales) {
	t := texts[a.lang]
	fmt.Fprintf(a.Stdout, "  %s %s %s %s %s %s %s\n", left(t.show, 34), left("", 16), right(t.sold, 9), right(t.today, 8),
		right(t.left, 9), right(t.revenue, 16), t.fill)
	for _, s := range shows {
		free, fill := "—", "—"
		if s.Left != nil {
			free = fmt.Sprint(*s.Left)
		}
		if s.Fill != nil {
			full := min(max(int(*s.Fill*10), 0), 10)
			fill = fmt.Sprintf("%s%s %3.0f%%", strings.Repeat("█", full), strings.Repeat("·", 10-full), *s.Fill*100)
		}
		fmt.Fprintf(a.Stdout, "  %s %s %s %s %s %s %s\n", left(oneLine(s.Event+", "+s.City), 34), left(s.ShowTime, 16),
			right(fmt.Sprint(s.TicketsSold), 9), right(fmt.Sprint(s.TicketsToday), 8), right(free, 9),
			right(grouped(fmt.Sprintf("%.2f", s.Revenue))+" "+s.Currency, 16), fill)
	}
}

// grouped puts thin spaces between thousands: 1234567.80 becomes 1 234 567.80.
func grouped(amount string) string {
	integer, rest, _ := strings.Cut(amount, ".")
	var b strings.Builder
	for i, digit := range integer {
		if i > 0 && (len(integer)-i)%3 == 0 && integer[i-1] != '-' {
			b.WriteByte(' ')
		}
		b.WriteRune(digit)
	}
	return b.String() + "." + rest
}

// left and right fit a text into a column, counting letters, not bytes.
func left(s string, width int) string {
	if n := utf8.RuneCountInString(s); n > width {
		return string([]rune(s)[:width-1]) + "…"
	}
	return s + strings.Repeat(" ", width-utf8.RuneCountInString(s))
}

func right(s string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(s), 0)) + s
}
