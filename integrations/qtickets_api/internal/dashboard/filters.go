package dashboard

import (
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// filters are the form above a screen: it works as a plain GET form.
type filters struct {
	format.Locale
	Action  string
	Hidden  []hidden
	Periods []block.Link
	Dates   string // what opens the fields of own dates: those that are chosen; "": there are none
	From    string
	To      string
	First   string // the first day there is
	Last    string
	Selects []choice
	Active  bool // something is chosen; Reset leads back
	Reset   string
}

// hidden is a field that goes along.
type hidden struct{ Name, Value string }

// choice is a list to choose from.
type choice struct {
	Name, Label string
	Options     []option
	Past        []option // under a heading of their own
	On          bool     // something is chosen of what may be left open
}

type option struct {
	Value, Text string
	Selected    bool
}

// newFilters are the filters of a screen; nil: it has none, or what they offer is unknown.
func newFilters(b block.Builder, a *results) *filters {
	choices, known := a.choices()
	if !known || b.Params.Scope.Event != 0 { // there is nothing to choose
		return nil
	}
	params, q := b.Params, b.Params.Query()
	f := &filters{Locale: b.Locale, Action: params.Path()}
	f.keep(q, "lang", "wall", "by")
	if params.Screen == address.Event {
		f.Action = "/events"
		f.Selects = []choice{eventChoice(b, a, choices.Events)}
		return f
	}
	f.keep(q, "period")
	f.Reset = params.With(func(next *address.Params) {
		next.Filter, next.Money = figures.Filter{Period: address.DefaultPeriod}, false
	})
	f.Active = len(q) > len(params.KeptQuery())
	f.Selects = append(f.Selects, cityChoice(b, choices.Cities), eventChoice(b, a, choices.Events))
	if params.Screen == address.Today { // today is today; the cities have their own period
		f.keep(q, "from", "to", "compare")
		return f
	}
	f.Periods, f.Dates = b.PeriodLinks(), b.T("filter.dates")
	if f.From, f.To = q.Get("from"), q.Get("to"); params.Filter.Period == figures.PeriodRange {
		f.Dates = b.DayRange(params.Filter.From, params.Filter.To, b.Now)
	}
	if choices.FirstDay != nil {
		f.First = choices.FirstDay.Format(time.DateOnly)
	}
	f.Last = b.Now.In(sales.Moscow).Format(time.DateOnly)
	f.Selects = append(f.Selects, compareChoice(b))
	return f
}

// keep parameters of the address that the form does not change.
func (f *filters) keep(q map[string][]string, names ...string) {
	for _, name := range names {
		if values := q[name]; len(values) > 0 {
			f.Hidden = append(f.Hidden, hidden{name, values[0]})
		}
	}
}

func cityChoice(b block.Builder, cities []string) choice {
	chosen := b.Params.Filter.City
	c := choice{Name: "city", Label: b.T("filter.city"), On: chosen != "",
		Options: []option{{Text: b.T("filter.all_cities"), Selected: chosen == ""}}}
	for _, city := range cities {
		c.Options = append(c.Options, option{city, format.Sanitize(city), city == chosen})
	}
	if chosen != "" && !slices.Contains(cities, chosen) { // an old address: what was asked for stays said
		c.Options = append(c.Options, option{chosen, format.Sanitize(chosen), true})
	}
	return c
}

// eventChoice has the events to come with their next date, then those that are over; no "all" on the screen of one
// event.
func eventChoice(b block.Builder, a *results, events []figures.EventChoice) choice {
	chosen := b.Params.Filter.Event
	c := choice{Name: "event", Label: b.T("filter.event")}
	if b.Params.Screen != address.Event {
		c.On = chosen != 0
		c.Options = append(c.Options, option{Text: b.T("filter.all_events"), Selected: chosen == 0})
	}
	found := chosen == 0
	for _, e := range events {
		name := shorter(block.Joined(", ", format.Sanitize(e.Name), format.Sanitize(e.City)), 60)
		found = found || e.EventID == chosen
		if e.Next != nil {
			name += " · " + b.Day(*e.Next)
		}
		one := option{address.ID(e.EventID), name, e.EventID == chosen}
		if e.Upcoming == 0 {
			c.Past = append(c.Past, one)
			continue
		}
		c.Options = append(c.Options, one)
	}
	if !found {
		name := address.ID(chosen)
		if event, _ := a.event(); event.Name != "" {
			name = format.Sanitize(event.Name)
		}
		c.Options = append(c.Options, option{address.ID(chosen), name, true})
	}
	return c
}

// shorter cuts a text that would make a list too wide.
func shorter(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func compareChoice(b block.Builder) choice {
	c := choice{Name: "compare", Label: b.T("filter.compare"), On: b.Params.Filter.Compare != figures.CompareNone}
	for _, compare := range []figures.Compare{figures.CompareNone, figures.ComparePrevious, figures.CompareYear} {
		key := "compare." + string(compare)
		if compare == figures.CompareNone {
			key = "compare.none"
		}
		c.Options = append(c.Options, option{string(compare), b.T(key), compare == b.Params.Filter.Compare})
	}
	return c
}
