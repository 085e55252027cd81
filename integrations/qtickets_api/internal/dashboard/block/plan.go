package block

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/plan"
)

var _ = define(Block{ID: "plan", Screen: address.Event, Order: 15, OneShow: true}, (*figures.Store).Plan, Builder.plan)

// plan is what the show is to sell, and the form by which who may write changes it.
func (b Builder) plan(v *View, p figures.ShowPlan) {
	v.hidden = len(p.Targets) == 0 && !b.Params.Writer
	v.Title, v.Note = b.planTitle(p), b.planNote(p)
	if len(p.Targets) > 0 {
		v.Table = b.planTable(p)
	}
	if !b.Params.Writer {
		return
	}
	for _, currency := range planCurrencies(p) {
		v.Forms = append(v.Forms, b.planForm(p, currency))
	}
}

// planCurrencies are those that a plan may be typed in.
func planCurrencies(p figures.ShowPlan) []string {
	list := []string{p.Currency}
	for _, t := range p.Targets {
		if t.Currency != p.Currency {
			list = append(list, t.Currency)
		}
	}
	return list
}

func (b Builder) planTitle(p figures.ShowPlan) string {
	if tickets := p.Tickets(); tickets > 0 {
		return b.T("plan.heading_tickets", tickets, p.Show.Sold, b.doneOf(decimal.NewFromInt(p.Show.Sold),
			decimal.NewFromInt(tickets)))
	}
	for _, t := range p.Targets {
		if t.Revenue != nil && t.Revenue.IsPositive() {
			net := netIn(p.Show, t.Currency)
			return b.T("plan.heading_money", b.MoneyRounded(*t.Revenue, t.Currency), b.MoneyRounded(net, t.Currency),
				b.doneOf(net, *t.Revenue))
		}
	}
	return b.T("plan.heading_none")
}

func (b Builder) doneOf(fact, planned decimal.Decimal) string {
	return b.Percent(fact.DivRound(planned, 4))
}

func netIn(s figures.ShowLine, currency string) decimal.Decimal {
	return figures.Totals{Money: s.Money}.In(currency).Net()
}

// planNote says when the plan was changed last.
func (b Builder) planNote(p figures.ShowPlan) string {
	if len(p.Targets) == 0 {
		return ""
	}
	last := slices.MaxFunc(p.Targets, func(x, y figures.Target) int { return x.At.Compare(y.At) })
	if last.By == "" || b.Params.Scope.Shared { // names of the house are not for everybody
		return b.T("plan.changed", b.Date(last.At))
	}
	return b.T("plan.changed_by", b.Date(last.At), format.Isolate(format.Sanitize(last.By)))
}

// planTable has a row for the tickets, and one for the revenue in each currency.
func (b Builder) planTable(p figures.ShowPlan) *format.Table {
	n := b.numbers().ofShow(p.Show.EventID, p.Show.ShowID)
	t := &format.Table{Columns: append(b.columns("column.figure", "column.plan", "column.fact", "column.done"),
		format.Column{Name: b.T("column.currency"), Plain: true, Extra: true})}
	add := func(name string, planned, fact format.Cell, done *decimal.Decimal, currency string) {
		t.Rows = append(t.Rows, format.Row{Cells: []format.Cell{format.Text(name), planned, fact, format.Percent(done),
			format.Text(currency)}})
	}
	if tickets := p.Tickets(); tickets > 0 {
		done := decimal.NewFromInt(p.Show.Sold).DivRound(decimal.NewFromInt(tickets), 4)
		add(b.T("plan.tickets"), format.Count(tickets), n.link(format.Count(p.Show.Sold), figures.FigureSold, ""),
			&done, "")
	}
	for _, target := range p.Targets {
		if target.Revenue == nil || !target.Revenue.IsPositive() {
			continue
		}
		net := netIn(p.Show, target.Currency)
		done := net.DivRound(*target.Revenue, 4)
		add(b.T("plan.revenue"), format.Money(*target.Revenue, target.Currency),
			n.link(format.Money(net, target.Currency), figures.FigureRevenue, target.Currency), &done, target.Currency)
	}
	return t
}

// PlanForm is where a plan is typed.
type PlanForm struct {
	ID       string
	Action   string
	Summary  string
	Help     string
	Open     bool // it was sent, and refused
	Failed   string
	Currency string
	Month    string   // of a plan of an event; "": all sales
	Whole    bool     // of a whole event, which may have a month
	Periods  []Choice // to choose the month from; nil: it is Month
	Fields   []FormField
}

// FormField is a field with what stands in it.
type FormField struct {
	Name, Label, Value string
	ID, Refused        string // why it was not taken
}

// planForm shows what is planned or, where that was refused, what was typed.
func (b Builder) planForm(p figures.ShowPlan, currency string) PlanForm {
	held := p.In(currency)
	f := PlanForm{ID: "plan-form" + currency, Currency: currency, Summary: b.T("plan.set"), Help: b.T("plan.help"),
		Action: b.Params.PlanAction(p.Show.EventID, p.Show.ShowID)}
	if held.Tickets != nil || held.Revenue != nil {
		f.Summary = b.T("plan.change")
	}
	b.fillPlan(&f, held, b.Typed)
	return f
}

// fillPlan puts what is held into the fields or, where that was refused, what was typed.
func (b Builder) fillPlan(f *PlanForm, held figures.Target, typed *TypedPlan) {
	tickets := FormField{Name: "tickets", Label: b.T("plan.tickets"), ID: "refused-tickets" + f.ID}
	revenue := FormField{Name: "revenue", Label: Joined(", ", b.T("plan.revenue"), f.Currency),
		ID: "refused-revenue" + f.ID}
	if held.Tickets != nil {
		tickets.Value = decimal.NewFromInt(*held.Tickets).String()
	}
	if held.Revenue != nil {
		revenue.Value = b.typedMoney(*held.Revenue)
	}
	if t := typed; t != nil && t.Plan.Currency == f.Currency {
		f.Open, f.Failed = true, t.Failed
		tickets.Value, revenue.Value = t.Plan.Tickets, t.Plan.Revenue
		for _, r := range t.Refused {
			switch text := b.refusal(r); r.Column {
			case tickets.Name:
				tickets.Refused = text
			case revenue.Name:
				revenue.Refused = text
			default:
				f.Failed = Joined(" ", f.Failed, text)
			}
		}
	}
	f.Fields = []FormField{tickets, revenue}
}

// typedMoney is an amount as people type it: kopecks where there are any.
func (b Builder) typedMoney(d decimal.Decimal) string {
	switch {
	case d.IsInteger():
		return d.StringFixed(0)
	case b.Locale == format.Russian:
		return strings.ReplaceAll(d.StringFixed(2), ".", ",")
	default:
		return d.StringFixed(2)
	}
}

func (b Builder) refusal(r plan.Refusal) string {
	values := slices.Clone(r.Values)
	for i, value := range values {
		if text, ok := value.(string); ok {
			values[i] = format.Sanitize(text)
		}
	}
	return b.T("plan.refused."+cmp.Or(string(r.Why), "no_number"), values...)
}

// TypedPlan is a plan that was not saved, and why.
type TypedPlan struct {
	Plan    plan.Typed
	Refused plan.Refusals
	Failed  string // it might be right, and could not be saved
}
