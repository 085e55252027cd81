package block

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var _ = define(Block{ID: "event-plan", Screen: address.Event, Order: 16}, (*figures.Store).EventPlan, Builder.eventPlan)

// eventPlan is what an event as a whole is to sell, in all and by month, with a form for each plan and one for another.
func (b Builder) eventPlan(v *View, p figures.EventPlan) {
	if v.hidden = b.Params.Filter.Show != 0 || len(p.Periods) == 0 && !b.Params.Writer; v.hidden {
		return
	}
	v.Title = b.eventPlanTitle(p)
	if len(p.Periods) > 0 {
		v.Table = b.eventPlanTable(p)
	}
	if !b.Params.Writer {
		return
	}
	for _, t := range p.Periods {
		f := PlanForm{Currency: t.Currency, Month: monthValue(t.Month), Summary: b.T("event-plan.change", b.period(t.Month))}
		b.addEventForm(v, f, t.Target)
	}
	other := PlanForm{Currency: p.Currency, Summary: b.T("event-plan.set"), Periods: b.freePeriods(p)}
	b.addEventForm(v, other, figures.Target{})
}

// addEventForm adds a form of an event's plan. What was refused stands in the form that it was typed into.
func (b Builder) addEventForm(v *View, f PlanForm, held figures.Target) {
	f.ID, f.Whole, f.Action = "plan-form"+f.Currency+f.Month, true, b.Params.FormAction("/plan")
	f.Help = b.T("event-plan.help")
	if f.Periods != nil {
		f.ID = "plan-form-new"
	}
	typed := b.Typed
	if typed != nil {
		its := func(c Choice) bool { return c.Value == typed.Plan.Month }
		if f.Periods == nil && typed.Plan.Month != f.Month || f.Periods != nil && !slices.ContainsFunc(f.Periods, its) {
			typed = nil
		} else {
			f.Month = typed.Plan.Month
		}
	}
	b.fillPlan(&f, held, typed)
	v.Forms = append(v.Forms, f)
}

// monthsAhead is how many months, with the present one, a plan can be typed for.
const monthsAhead = 13

// freePeriods are those that have no plan in the event's currency yet.
func (b Builder) freePeriods(p figures.EventPlan) []Choice {
	free := []Choice{}
	add := func(month time.Time) {
		planned := func(t figures.PeriodTarget) bool { return t.Month.Equal(month) && t.Currency == p.Currency }
		if !slices.ContainsFunc(p.Periods, planned) {
			free = append(free, Choice{monthValue(month), b.period(month)})
		}
	}
	add(time.Time{})
	now := b.Now.In(sales.Moscow)
	for i := range monthsAhead {
		add(time.Date(now.Year(), now.Month()+time.Month(i), 1, 0, 0, 0, 0, time.UTC))
	}
	return free
}

// monthValue is a month as a form has it.
func monthValue(month time.Time) string {
	if month.IsZero() {
		return ""
	}
	return month.Format("2006-01")
}

func (b Builder) period(month time.Time) string {
	if month.IsZero() {
		return b.T("event-plan.all")
	}
	return b.Month(month)
}

// eventPlanTitle tells of the plan for all sales or, without one, how many months have one.
func (b Builder) eventPlanTitle(p figures.EventPlan) string {
	for _, t := range p.Periods {
		if !t.Month.IsZero() {
			continue
		}
		if t.Tickets != nil && *t.Tickets > 0 {
			return b.T("event-plan.heading_tickets", *t.Tickets, t.Sold, b.doneOf(decimal.NewFromInt(t.Sold),
				decimal.NewFromInt(*t.Tickets)))
		}
		if t.Revenue != nil && t.Revenue.IsPositive() {
			return b.T("event-plan.heading_money", b.MoneyRounded(*t.Revenue, t.Currency),
				b.MoneyRounded(t.Income, t.Currency), b.doneOf(t.Income, *t.Revenue))
		}
	}
	if n := len(p.Periods); n > 0 {
		return b.T("event-plan.heading_months", n)
	}
	return b.T("event-plan.heading_none")
}

// eventPlanTable has a row for the tickets and one for the revenue of each plan.
func (b Builder) eventPlanTable(p figures.EventPlan) *format.Table {
	t := &format.Table{Columns: b.columns("column.period", "column.figure", "column.plan", "column.fact", "column.done")}
	t.Columns[1].Plain = true
	t.Columns = append(t.Columns, format.Column{Name: b.T("column.currency"), Plain: true, Extra: true})
	add := func(of figures.PeriodTarget, name string, cells ...format.Cell) {
		t.Rows = append(t.Rows, format.Row{Cells: append([]format.Cell{format.Text(b.period(of.Month)), format.Text(name)},
			cells...)})
	}
	for _, of := range p.Periods {
		n := b.numbers().ofShow(p.EventID, 0)
		if !of.Month.IsZero() {
			n = n.inMonth(of.Month)
		}
		if of.Tickets != nil && *of.Tickets > 0 {
			done := decimal.NewFromInt(of.Sold).DivRound(decimal.NewFromInt(*of.Tickets), 4)
			add(of, b.T("plan.tickets"), format.Count(*of.Tickets),
				n.link(format.Count(of.Sold), figures.FigureSold, of.Currency), format.Percent(&done), format.Text(""))
		}
		if of.Revenue != nil && of.Revenue.IsPositive() {
			done := of.Income.DivRound(*of.Revenue, 4)
			add(of, b.T("plan.revenue"), format.Money(*of.Revenue, of.Currency),
				n.link(format.Money(of.Income, of.Currency), figures.FigureRevenue, of.Currency), format.Percent(&done),
				format.Text(of.Currency))
		}
	}
	return t
}
