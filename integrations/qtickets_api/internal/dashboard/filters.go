package dashboard

import (
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

import "time"

// filtersView is the form above a screen: it works as a plain GET form.
type filtersView struct {
	Action  string
	Hidden  []Pair
	Periods []Link
	Dates   bool
	From    string
	To      string
	First   string // the first day there is
	Last    string
	Selects []selectView
	Active  bool // something is chosen; Reset leads back
	Reset   string
}

// Pair is a hidden field.
type Pair struct{ Name, Value string }

type selectView struct {
	Name, Label string
	Options     []optionView
}

type optionView struct {
	Value, Text string
	Selected    bool
}

func (b builder) filters() *filtersView {
	a := b.ask
	if a.screen == screenData || b.d.choices.err != nil {
		return nil
	}
	v := &filtersView{Action: a.path()}
	keep := func(name, value string) {
		if value != "" {
			v.Hidden = append(v.Hidden, Pair{name, value})
		}
	}
	q := a.query()
	for _, name := range []string{"lang", "wall", "by"} {
		keep(name, q.Get(name))
	}
	if a.screen == screenEvent {
		v.Action = "/events"
		v.Selects = []selectView{b.eventSelect(a.filter.Event, false)}
		return v
	}
	if a.filter.Period != figures.PeriodRange {
		keep("period", q.Get("period"))
	}
	v.Reset = a.url(func(next *ask) { next.filter, next.money = figures.Filter{Period: defaultPeriod}, false })
	v.Active = len(a.query()) > len(a.keptQuery())
	v.Selects = append(v.Selects, b.citySelect(), b.eventSelect(a.filter.Event, true))
	if a.screen == screenToday { // today is today; the cities have their own period
		keep("from", q.Get("from"))
		keep("to", q.Get("to"))
		keep("compare", q.Get("compare"))
		return v
	}
	v.Periods, v.Dates = b.periodLinks(), true
	v.From, v.To = q.Get("from"), q.Get("to")
	if first := b.d.choices.value.FirstDay; first != nil {
		v.First = first.Format(time.DateOnly)
	}
	v.Last = b.now.In(sales.Moscow).Format(time.DateOnly)
	v.Selects = append(v.Selects, b.compareSelect())
	return v
}

// periodLinks change the period with one click.
func (b builder) periodLinks() []Link {
	var list []Link
	for _, p := range periods {
		list = append(list, Link{Text: b.T("period." + string(p)), Current: b.ask.filter.Period == p, Href: b.ask.url(func(next *ask) {
			next.filter.Period, next.filter.From, next.filter.To = p, time.Time{}, time.Time{}
		})})
	}
	return list
}

func (b builder) citySelect() selectView {
	s := selectView{Name: "city", Label: b.T("filter.city"), Options: []optionView{{Text: b.T("filter.all_cities"), Selected: b.ask.filter.City == ""}}}
	found := b.ask.filter.City == ""
	for _, city := range b.d.choices.value.Cities {
		s.Options = append(s.Options, optionView{city, foreign(city), city == b.ask.filter.City})
		found = found || city == b.ask.filter.City
	}
	if !found { // an old address: what was asked for stays said
		s.Options = append(s.Options, optionView{b.ask.filter.City, foreign(b.ask.filter.City), true})
	}
	return s
}

func (b builder) eventSelect(chosen uint64, all bool) selectView {
	s := selectView{Name: "event", Label: b.T("filter.event")}
	if all {
		s.Options = append(s.Options, optionView{Text: b.T("filter.all_events"), Selected: chosen == 0})
	}
	found := chosen == 0
	for _, e := range b.d.choices.value.Events {
		s.Options = append(s.Options, optionView{idText(e.EventID), shorter(joined(", ", foreign(e.Name), foreign(e.City)), 60), e.EventID == chosen})
		found = found || e.EventID == chosen
	}
	if !found {
		name := idText(chosen)
		if b.d.event.err == nil && b.d.event.value.Name != "" {
			name = foreign(b.d.event.value.Name)
		}
		s.Options = append(s.Options, optionView{idText(chosen), name, true})
	}
	return s
}

// shorter cuts a text that would make a list too wide.
func shorter(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func (b builder) compareSelect() selectView {
	s := selectView{Name: "compare", Label: b.T("filter.compare")}
	for _, c := range []figures.Compare{figures.CompareNone, figures.ComparePrevious, figures.CompareYear} {
		key := "compare." + string(c)
		if c == figures.CompareNone {
			key = "compare.none"
		}
		s.Options = append(s.Options, optionView{string(c), b.T(key), c == b.ask.filter.Compare})
	}
	return s
}
