package dashboard

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// ask is what an address asks for. All state of the page is in it.
type ask struct {
	screen screen
	filter figures.Filter
	money  bool   // charts show money, not tickets
	wall   bool   // large type, for a screen on a wall
	lang   string // ru or en
	chosen bool   // the language is in the address
}

// screen is one of the pages.
type screen string

const (
	screenToday    screen = "today"
	screenEvent    screen = "event"
	screenChannels screen = "channels"
	screenData     screen = "data"
)

// defaultPeriod is the one without ?period=.
const defaultPeriod = figures.Period28

var periods = []figures.Period{figures.PeriodToday, figures.Period7, figures.Period28, figures.Period90, figures.PeriodAll}

// longestText bounds a text in an address.
const longestText = 300

// parseAsk reads an address. Its error is for the reader; unknown parameters are left alone.
func parseAsk(r *http.Request, s screen) (ask, error) {
	q := r.URL.Query()
	a := ask{screen: s, lang: q.Get("lang"), money: q.Get("by") == "money", wall: q.Get("wall") == "1"}
	a.chosen = a.lang == "ru" || a.lang == "en"
	if !a.chosen {
		a.lang = acceptedLanguage(r.Header.Get("Accept-Language"))
	}
	if a.filter.City = q.Get("city"); len(a.filter.City) > longestText || !utf8.ValidString(a.filter.City) {
		return a, fmt.Errorf("city")
	}
	var err error
	if a.filter.Event, err = parseID(q, "event"); err != nil {
		return a, err
	}
	if a.filter.Show, err = parseID(q, "show"); err != nil {
		return a, err
	}
	switch compare := figures.Compare(q.Get("compare")); compare {
	case figures.CompareNone, figures.ComparePrevious, figures.CompareYear:
		a.filter.Compare = compare
	default:
		return a, fmt.Errorf("compare")
	}
	return a, a.parsePeriod(q)
}

func parseID(q url.Values, name string) (uint64, error) {
	if q.Get(name) == "" {
		return 0, nil
	}
	id, err := strconv.ParseUint(q.Get(name), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s", name)
	}
	return id, nil
}

// parsePeriod: dates mean a range whatever else is said, so a form needs no script to switch to it.
func (a *ask) parsePeriod(q url.Values) error {
	from, to := q.Get("from"), q.Get("to")
	if from == "" && to == "" {
		a.filter.Period = figures.Period(q.Get("period"))
		if a.filter.Period == "" || a.filter.Period == figures.PeriodRange {
			a.filter.Period = defaultPeriod
		}
		if !slices.Contains(periods, a.filter.Period) {
			return fmt.Errorf("period")
		}
		return nil
	}
	if from == "" {
		from = to
	}
	if to == "" {
		to = from
	}
	var err error
	if a.filter.From, err = time.Parse(time.DateOnly, from); err != nil {
		return fmt.Errorf("from")
	}
	if a.filter.To, err = time.Parse(time.DateOnly, to); err != nil {
		return fmt.Errorf("to")
	}
	if a.filter.To.Before(a.filter.From) {
		a.filter.From, a.filter.To = a.filter.To, a.filter.From
	}
	a.filter.Period = figures.PeriodRange
	if y := a.filter.From.Year(); y < 2000 || a.filter.To.Year() > 2100 {
		return fmt.Errorf("from")
	}
	return nil
}

// acceptedLanguage is the first of ours a browser asks for, else Russian.
func acceptedLanguage(header string) string {
	best, weight := "ru", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, q, _ := strings.Cut(part, ";")
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		w := 1.0
		if value, found := strings.CutPrefix(strings.ReplaceAll(q, " ", ""), "q="); found {
			w, _ = strconv.ParseFloat(value, 64)
		}
		if (tag == "ru" || tag == "en") && w > weight {
			best, weight = tag, w
		}
	}
	return best
}

// path of the screen.
func (a ask) path() string {
	switch a.screen {
	case screenEvent:
		return "/events/" + strconv.FormatUint(a.filter.Event, 10)
	case screenChannels:
		return "/channels"
	case screenData:
		return "/data"
	default:
		return "/"
	}
}

// query is the canonical one: equal asks have equal queries.
func (a ask) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if a.chosen {
		set("lang", a.lang)
	}
	if a.wall {
		set("wall", "1")
	}
	if a.screen == screenData {
		return q
	}
	if a.money {
		set("by", "money")
	}
	if a.screen == screenEvent {
		set("show", idText(a.filter.Show))
		return q
	}
	set("event", idText(a.filter.Event))
	set("city", a.filter.City)
	set("compare", string(a.filter.Compare))
	switch a.filter.Period {
	case figures.PeriodRange:
		set("from", a.filter.From.Format(time.DateOnly))
		set("to", a.filter.To.Format(time.DateOnly))
	case defaultPeriod, "":
	default:
		set("period", string(a.filter.Period))
	}
	return q
}

func idText(id uint64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatUint(id, 10)
}

// url is the address of this ask after a change.
func (a ask) url(change func(*ask)) string {
	if change != nil {
		change(&a)
	}
	return withQuery(a.path(), a.query())
}

// csvURL is the address of a table with the same filters.
func (a ask) csvURL(table string) string {
	q := a.query()
	q.Del("wall")
	q.Del("by")
	q.Set("lang", a.lang)
	if a.screen == screenEvent {
		q.Set("event", idText(a.filter.Event))
	}
	return withQuery("/csv/"+table, q)
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// to is another screen, with what of the filters goes along.
func (a ask) to(s screen) string {
	return a.url(func(next *ask) {
		next.screen = s
		if s == screenData || a.screen == screenEvent {
			next.filter = figures.Filter{Period: defaultPeriod}
		}
	})
}

// toEvent is one level deeper.
func (a ask) toEvent(event, show uint64) string {
	return a.url(func(next *ask) {
		next.screen, next.filter = screenEvent, figures.Filter{Event: event, Show: show}
	})
}

// dataKey names what must be queried for the ask: neither language nor looks.
func (a ask) dataKey() string {
	a.chosen, a.wall, a.money = false, false, false
	return a.url(nil)
}
