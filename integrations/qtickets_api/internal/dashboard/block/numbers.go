package block

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// numbers lead from the numbers of a row to the movements they are made of.
type numbers struct {
	builder Builder
	filter  figures.Filter
	number  figures.Number // without its figure
	only    figures.Figure // the one that is a link; "": each
}

// numbers are those of the whole page, of all time.
func (b Builder) numbers() numbers {
	f := b.Params.Filter
	return numbers{builder: b, filter: figures.Filter{Event: f.Event, Show: b.Show, City: f.City}}
}

// ofShow are those of a show; 0: of all of the event.
func (n numbers) ofShow(event, show uint64) numbers {
	n.filter = figures.Filter{Event: event, Show: show}
	return n
}

// between are those of the time from a moment to another.
func (n numbers) between(since, upto time.Time) numbers {
	n.number.Since, n.number.Upto = since, upto
	return n
}

// onDay are those of a Moscow day.
func (n numbers) onDay(day time.Time) numbers {
	return n.between(midnight(day), midnight(day).AddDate(0, 0, 1))
}

// in are those of the days of a span; all time has no bounds.
func (n numbers) in(s figures.Span) numbers {
	if n.builder.Params.Filter.Period == figures.PeriodAll {
		return n
	}
	return n.between(midnight(s.From), midnight(s.To).AddDate(0, 0, 1))
}

// inMonth are those of a Moscow month, named by any day of it.
func (n numbers) inMonth(day time.Time) numbers {
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, sales.Moscow)
	return n.between(first, first.AddDate(0, 1, 0))
}

// before are those of what a span is compared with: its last minute counts wholly.
func (n numbers) before(s figures.Span) numbers {
	if s.BeforeFrom == nil || s.BeforeTo == nil {
		return n
	}
	upto := midnight(*s.BeforeTo).AddDate(0, 0, 1)
	if s.BeforeUntil != nil && s.BeforeUntil.Before(upto) {
		upto = s.BeforeUntil.Truncate(time.Minute).Add(time.Minute)
	}
	return n.between(midnight(*s.BeforeFrom), upto)
}

// of are those of one value of what the movements are taken apart by.
func (n numbers) of(by figures.By, keys ...string) numbers {
	n.number.Of, n.number.Depth = by, copy(n.number.Keys[:], keys)
	return n
}

// address of what a number is made of; "": it is not for who sees the page.
func (n numbers) address(figure figures.Figure, currency string) string {
	scope := n.builder.Params.Scope
	n.number.Figure, n.number.Currency = figure, currency
	if scope.Shared || scope.NoMoney && n.number.IsMoney() {
		return ""
	}
	return n.builder.Params.ToExplain(n.filter, n.number)
}

// link a cell to what its number is made of. Nothing is made of nothing.
func (n numbers) link(cell format.Cell, figure figures.Figure, currency string) format.Cell {
	if cell.Zero() || n.only != "" && n.only != figure {
		return cell
	}
	return cell.WithLink(n.address(figure, currency))
}

// midnight of the Moscow day of a moment.
func midnight(at time.Time) time.Time {
	at = at.In(sales.Moscow)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, sales.Moscow)
}
