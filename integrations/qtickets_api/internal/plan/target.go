package plan

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// subjects are what may be planned for.
type subjects struct {
	byID   map[uint64]*warehouse.PlanEvent
	byName map[string][]*warehouse.PlanEvent // those that are not gone
}

func subjectsOf(events []warehouse.PlanEvent) subjects {
	s := subjects{map[uint64]*warehouse.PlanEvent{}, map[string][]*warehouse.PlanEvent{}}
	for i := range events {
		e := &events[i]
		s.byID[e.ID] = e
		if name := strings.TrimSpace(e.Name); !e.Gone && name != "" {
			s.byName[name] = append(s.byName[name], e)
		}
	}
	return s
}

// target is the plan of a line, or everything that is wrong with it.
func (s subjects) target(cells map[string]string) (warehouse.PlanTarget, Refusals) {
	var t target
	of, err := s.event(cells[event])
	t.note(event, err)
	if err == nil {
		t.of(of, cells[show], cells[currency])
	}
	t.Month, err = parseMonth(cells[month])
	t.note(month, err)
	t.amounts(cells[tickets], cells[revenue])
	if cells[tickets] == "" && cells[revenue] == "" {
		t.refused = append(t.refused, Refusal{text: "neither tickets nor revenue; 0 takes a plan back"})
	}
	return t.PlanTarget, t.refused
}

// target is a plan that is being read.
type target struct {
	warehouse.PlanTarget
	refused Refusals
}

// note what is wrong with a cell.
func (t *target) note(column string, err error) {
	if err == nil {
		return
	}
	r := Refusal{text: err.Error()}
	_ = errors.As(err, &r)
	r.Column = column
	t.refused = append(t.refused, r)
}

// of reads what the plan is for: an event, or one of its shows.
func (t *target) of(of *warehouse.PlanEvent, date, money string) {
	var err error
	t.Event = of.ID
	t.Show, err = showOf(of, date)
	t.note(show, err)
	t.Currency, err = currencyOf(of, money)
	t.note(currency, err)
}

// amounts reads how much is planned. Where it is nothing of either, there is no plan.
func (t *target) amounts(sold, money string) {
	var err error
	t.Tickets, err = parseTickets(sold)
	t.note(tickets, err)
	t.Revenue, err = parseRevenue(money)
	t.note(revenue, err)
	if len(t.refused) == 0 && (t.Tickets == nil || *t.Tickets == 0) && (t.Revenue == nil || *t.Revenue == 0) {
		t.Tickets, t.Revenue = nil, nil
	}
}

func (s subjects) event(text string) (*warehouse.PlanEvent, error) {
	if text == "" {
		return nil, errors.New("empty")
	}
	found := slices.Clone(s.byName[text])
	if id, err := strconv.ParseUint(text, 10, 64); err == nil && s.byID[id] != nil && !slices.Contains(found, s.byID[id]) {
		found = append(found, s.byID[id])
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("there is no event %s: give its id (event_id) or its exact name", quoted(text))
	case 1:
		return found[0], nil
	}
	ids := make([]string, len(found))
	for i, e := range found {
		ids[i] = strconv.FormatUint(e.ID, 10)
	}
	return nil, fmt.Errorf("%d events are %s: %s; give the id", len(found), quoted(text), few(ids))
}

// showOf an event; 0: the whole event.
func showOf(of *warehouse.PlanEvent, text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	if id, err := strconv.ParseUint(text, 10, 64); err == nil {
		if slices.ContainsFunc(of.Shows, func(s warehouse.PlanShow) bool { return s.ID == id }) {
			return id, nil
		}
		return 0, refusal(NoShow, nil, "event %d has no show %d", of.ID, id)
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return 0, fmt.Errorf("%s is neither the id of a show nor a day such as 2026-12-04", quoted(text))
	}
	var ids []string
	var found uint64
	for _, s := range of.Shows {
		if s.Date == text && !s.Gone {
			found = s.ID
			ids = append(ids, strconv.FormatUint(s.ID, 10))
		}
	}
	switch len(ids) {
	case 0:
		return 0, fmt.Errorf("event %d has no show on %s", of.ID, text)
	case 1:
		return found, nil
	}
	return 0, fmt.Errorf("event %d has %d shows on %s: %s; give the id", of.ID, len(ids), text, few(ids))
}

// few of many, for a message.
func few(ids []string) string {
	const most = 5
	if len(ids) > most {
		return strings.Join(ids[:most], ", ") + ", …"
	}
	return strings.Join(ids, ", ")
}

func currencyOf(of *warehouse.PlanEvent, text string) (string, error) {
	if text == "" {
		if of.Currency == "" {
			return "", refusal(NoCurrency, nil, "the currency of event %d is not known: give it", of.ID)
		}
		return of.Currency, nil
	}
	code := strings.ToUpper(text)
	if code == of.Currency || slices.Contains(of.Currencies, code) {
		return code, nil
	}
	sells := or(of.Currency, strings.Join(of.Currencies, ", "))
	return "", refusal(OtherCurrency, []any{sells, text}, "event %d sells in %s, not in %s", of.ID, sells, quoted(text))
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// parseMonth reads "2026-12" as 202612; "" as 0.
func parseMonth(text string) (uint32, error) {
	if text == "" {
		return 0, nil
	}
	at, err := time.Parse("2006-01", text)
	if err != nil || at.Year() < 2000 || at.Year() > 2100 {
		return 0, refusal(NoMonth, []any{short(text)}, "%s is no month such as 2026-12", quoted(text))
	}
	return uint32(at.Year()*100 + int(at.Month())), nil
}

// number is digits, in groups of three where there are blanks, and at most two digits behind a comma or a point.
var number = regexp.MustCompile(`^(-?)(\d+|\d{1,3}(?:[ \x{a0}\x{2009}\x{202f}]\d{3})+)(?:[.,](\d{1,2}))?$`)

// digits of a number without its blanks, and those behind the point.
func digits(text string) (whole, fraction string, err error) {
	parts := number.FindStringSubmatch(text)
	switch {
	case parts == nil:
		return "", "", refusal(NoNumber, []any{short(text)}, "%s is no number such as 1200 or 1 200,50", quoted(text))
	case parts[1] != "":
		return "", "", refusal(Negative, []any{short(text)}, "%s is negative", quoted(text))
	}
	whole = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, parts[2])
	return whole, parts[3], nil
}

func parseTickets(text string) (*int64, error) {
	if text == "" {
		return nil, nil
	}
	whole, fraction, err := digits(text)
	if err != nil {
		return nil, err
	}
	if strings.Trim(fraction, "0") != "" {
		return nil, refusal(NotWhole, []any{short(text)}, "%s is no whole number", quoted(text))
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > mostTickets {
		return nil, refusal(TooMuch, []any{short(text), mostTickets}, "%s is more than %d", quoted(text), mostTickets)
	}
	return &n, nil
}

func parseRevenue(text string) (*qtickets.Money, error) {
	if text == "" {
		return nil, nil
	}
	whole, fraction, err := digits(text)
	if err != nil {
		return nil, err
	}
	kopecks, err := strconv.ParseInt(whole+(fraction + "00")[:2], 10, 64)
	if err != nil || kopecks > mostRevenue {
		return nil, refusal(TooMuch, []any{short(text), mostRevenue / 100}, "%s is more than %s", quoted(text),
			qtickets.Money(mostRevenue))
	}
	return new(qtickets.Money(kopecks)), nil
}

// quoted is a text of the file in a message.
func quoted(text string) string { return strconv.Quote(short(text)) }

func short(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
