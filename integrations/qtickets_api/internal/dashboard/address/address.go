// Package address reads and writes the addresses of the page. All state of the page is in its address: whoever has the
// link sees the same.
package address

import (
	"net/url"
	"strconv"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// Params are what an address asks for.
type Params struct {
	Screen Screen
	Filter figures.Filter
	Money  bool // charts show money, not tickets
	Seats  Seats
	Wall   bool // large type, for a screen on a wall
	Locale format.Locale
	Chosen bool // the language is in the address
	Scope  Scope
	Writer bool // who asks may change what people plan: the one thing that no address says
}

// Screen is one of the pages.
type Screen string

// The screens in the order of the menu, and what is shown instead of one.
const (
	Today    Screen = "today"
	Event    Screen = "event"
	Channels Screen = "channels"
	Data     Screen = "data"
	Explain  Screen = "explain" // what a number is made of: it is in no menu
	Problem  Screen = "problem"
)

// Seats is what the map of a hall shows of each place; "": their state, and on a phone a link to it instead.
type Seats string

// What a map may show.
const (
	SeatsByState Seats = "state"
	SeatsByPrice Seats = "price"
	SeatsByWhen  Seats = "when"
)

// Screens are those of the menu.
func Screens() []Screen { return []Screen{Today, Event, Channels, Data} }

// DefaultPeriod is the one without ?period=.
const DefaultPeriod = figures.Period28

// Periods are those the page offers; the address may also have a range.
func Periods() []figures.Period {
	return []figures.Period{figures.PeriodToday, figures.Period7, figures.Period28, figures.Period90, figures.PeriodAll}
}

// Path of the screen.
func (p Params) Path() string {
	if p.Scope.Shared {
		return "./"
	}
	switch p.Screen {
	case Event:
		return "/events/" + strconv.FormatUint(p.Filter.Event, 10)
	case Channels:
		return "/channels"
	case Data:
		return "/data"
	case Explain:
		return "/explain"
	default:
		return "/"
	}
}

// Query is the canonical one: equal params have equal queries.
func (p Params) Query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if p.Chosen {
		set("lang", string(p.Locale))
	}
	if p.Wall {
		set("wall", "1")
	}
	if p.Screen == Data {
		return q
	}
	if p.Money {
		set("by", "money")
	}
	if p.Screen == Event {
		set("show", ID(p.Filter.Show))
		set("seats", string(p.Seats))
		return q
	}
	set("event", ID(p.Filter.Event))
	set("city", p.Filter.City)
	if p.Screen == Explain {
		set("show", ID(p.Filter.Show))
		numberQuery(q, p.Filter.Number)
		return q
	}
	set("compare", string(p.Filter.Compare))
	switch p.Filter.Period {
	case figures.PeriodRange:
		set("from", p.Filter.From.Format(time.DateOnly))
		set("to", p.Filter.To.Format(time.DateOnly))
	case DefaultPeriod, "":
	default:
		set("period", string(p.Filter.Period))
	}
	return q
}

// KeptQuery is what goes along to any other page: language and type size.
func (p Params) KeptQuery() url.Values {
	return Params{Screen: Data, Locale: p.Locale, Chosen: p.Chosen, Wall: p.Wall}.Query()
}

// ID is an id as an address has it; 0 is "".
func ID(id uint64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatUint(id, 10)
}

// URL is the address of these params.
func (p Params) URL() string { return WithQuery(p.Path(), p.Query()) }

// With is the address after a change.
func (p Params) With(change func(*Params)) string {
	change(&p)
	return p.URL()
}

// File is the address of a block's table with the same filters, as a file of a kind: "csv" or "xlsx".
func (p Params) File(kind, block string) string {
	q := p.Query()
	q.Del("wall")
	q.Del("by")
	q.Del("seats")
	q.Set("lang", string(p.Locale))
	if p.Screen == Event {
		q.Set("event", ID(p.Filter.Event))
	}
	return WithQuery("/"+kind+"/"+block, q)
}

// WithQuery joins a path and a query that may be empty.
func WithQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// To is another screen, with what of the filters goes along.
func (p Params) To(s Screen) string {
	return p.With(func(next *Params) {
		next.Screen = s
		if s == Data || p.Screen == Event {
			next.Filter = figures.Filter{Period: DefaultPeriod}
		}
	})
}

// ToEvent is one level deeper: an event, or one of its shows.
func (p Params) ToEvent(event, show uint64) string {
	return p.With(func(next *Params) {
		next.Screen, next.Filter = Event, figures.Filter{Event: event, Show: show}
	})
}

// ToExplain is what a number is made of, of the movements that the filter leaves; "" where no address can name it.
func (p Params) ToExplain(f figures.Filter, n figures.Number) string {
	p.Screen, p.Money = Explain, false
	p.Filter = figures.Filter{Event: f.Event, Show: f.Show, City: f.City, Number: n, Period: DefaultPeriod}
	q := p.Query()
	if _, err := parseNumber(q); err != nil || len(q.Encode()) > longestQuery {
		return ""
	}
	return WithQuery(p.Path(), q)
}

// PlanAction is where the form of a show's plan is sent to.
func (p Params) PlanAction(event, show uint64) string {
	q := p.Query()
	q.Set("event", ID(event))
	q.Set("show", ID(show))
	return WithQuery("/plan", q)
}

// FormAction is where a form of this page is sent to, at a path of its own.
func (p Params) FormAction(path string) string {
	q := p.Query()
	if p.Screen == Event {
		q.Set("event", ID(p.Filter.Event))
	}
	return WithQuery(path, q)
}

// DataKey names what must be queried: neither language nor looks.
func (p Params) DataKey() string {
	p.Chosen, p.Wall, p.Money, p.Seats, p.Scope = false, false, false, "", Scope{}
	return p.URL()
}
