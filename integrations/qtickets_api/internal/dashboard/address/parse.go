package address

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// Bounds of an address: a text, all of what follows the question mark, and its parts.
const (
	longestText  = 300
	longestQuery = 2000
	mostParts    = 30
)

// Parse reads the address of a screen. The error names the parameter that cannot be read; params with the language are
// there even so. Unknown parameters are left alone.
func Parse(r *http.Request, s Screen) (Params, error) {
	q, err := boundedQuery(r.URL.RawQuery)
	p := Params{Screen: s, Locale: format.Locale(q.Get("lang")), Money: q.Get("by") == "money", Wall: q.Get("wall") == "1"}
	p.Chosen = slices.Contains(format.Locales(), p.Locale)
	if !p.Chosen {
		p.Locale = acceptedLanguage(r.Header.Get("Accept-Language"))
	}
	p.Scope = scopeOf(r)
	if err != nil {
		return p, err
	}
	if err := p.parseFilter(q); err != nil {
		return p, err
	}
	if s == Explain {
		number, err := parseNumber(q)
		if err != nil {
			return p, err
		}
		p.Filter = figures.Filter{Event: p.Filter.Event, Show: p.Filter.Show, City: p.Filter.City, Number: number,
			Period: DefaultPeriod}
	}
	if s != Event {
		return p, p.bind(p.Scope)
	}
	switch p.Seats = Seats(q.Get("seats")); p.Seats {
	case "", SeatsByState, SeatsByPrice, SeatsByWhen:
	default:
		p.Seats = ""
		return p, errors.New("seats")
	}
	// An event has no filters but its shows. The page has its id in the path, a CSV in the query.
	p.Filter = figures.Filter{Event: p.Filter.Event, Show: p.Filter.Show, Period: DefaultPeriod}
	if id := r.PathValue("id"); id != "" {
		event, err := strconv.ParseUint(id, 10, 64)
		if err != nil {
			return p, errors.New("event")
		}
		p.Filter.Event = event
	}
	return p, p.bind(p.Scope)
}

// boundedQuery is empty where there is more than any address of ours has.
func boundedQuery(raw string) (url.Values, error) {
	if len(raw) > longestQuery || strings.Count(raw, "&") >= mostParts {
		return url.Values{}, errors.New("query")
	}
	q, _ := url.ParseQuery(raw) // what cannot be read is left alone
	return q, nil
}

func (p *Params) parseFilter(q url.Values) error {
	if p.Filter.City = q.Get("city"); len(p.Filter.City) > longestText || !utf8.ValidString(p.Filter.City) {
		return errors.New("city")
	}
	var err error
	if p.Filter.Event, err = parseID(q, "event"); err != nil {
		return err
	}
	if p.Filter.Show, err = parseID(q, "show"); err != nil {
		return err
	}
	switch compare := figures.Compare(q.Get("compare")); compare {
	case figures.CompareNone, figures.ComparePrevious, figures.CompareYear:
		p.Filter.Compare = compare
	default:
		return errors.New("compare")
	}
	return p.parsePeriod(q)
}

func parseID(q url.Values, name string) (uint64, error) {
	if q.Get(name) == "" {
		return 0, nil
	}
	id, err := strconv.ParseUint(q.Get(name), 10, 64)
	if err != nil {
		return 0, errors.New(name)
	}
	return id, nil
}

// parsePeriod: dates mean a range whatever else is said, so a form needs no script to switch to it.
func (p *Params) parsePeriod(q url.Values) error {
	from, to := q.Get("from"), q.Get("to")
	if from == "" && to == "" {
		p.Filter.Period = figures.Period(q.Get("period"))
		if p.Filter.Period == "" || p.Filter.Period == figures.PeriodRange {
			p.Filter.Period = DefaultPeriod
		}
		if !slices.Contains(Periods(), p.Filter.Period) {
			return errors.New("period")
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
	if p.Filter.From, err = time.Parse(time.DateOnly, from); err != nil {
		return errors.New("from")
	}
	if p.Filter.To, err = time.Parse(time.DateOnly, to); err != nil {
		return errors.New("to")
	}
	if p.Filter.To.Before(p.Filter.From) {
		p.Filter.From, p.Filter.To = p.Filter.To, p.Filter.From
	}
	p.Filter.Period = figures.PeriodRange
	if y := p.Filter.From.Year(); y < 2000 || p.Filter.To.Year() > 2100 {
		return errors.New("from")
	}
	return nil
}

// matcher prefers Russian where a browser asks for neither language.
var matcher = language.NewMatcher([]language.Tag{language.Russian, language.English})

// acceptedLanguage is the one of ours that a browser likes best.
func acceptedLanguage(header string) format.Locale {
	_, index := language.MatchStrings(matcher, header)
	return []format.Locale{format.Russian, format.English}[index]
}
