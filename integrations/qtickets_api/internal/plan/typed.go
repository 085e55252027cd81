package plan

import (
	"fmt"
	"strconv"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Typed is a plan of a show or of a whole event (0), as somebody typed it.
type Typed struct {
	Event, Show uint64
	Month       string // 2026-12; "": for all sales
	Currency    string // "": the event's
	Tickets     string
	Revenue     string
}

// ReadTyped reads a plan by the rules of a file. With neither tickets nor revenue it takes the plan back, as 0 does.
// The error is Refusals; then nothing of it is to be used.
func ReadTyped(typed Typed, events []warehouse.PlanEvent) (warehouse.PlanTarget, error) {
	var t target
	if of := subjectsOf(events).byID[typed.Event]; of == nil {
		t.note(event, refusal(NoShow, nil, "there is no event %d", typed.Event))
	} else {
		id := ""
		if typed.Show != 0 {
			id = strconv.FormatUint(typed.Show, 10)
		}
		t.of(of, id, typed.Currency)
	}
	var err error
	t.Month, err = parseMonth(typed.Month)
	t.note(month, err)
	t.amounts(trimmed(typed.Tickets), trimmed(typed.Revenue))
	if len(t.refused) > 0 {
		return warehouse.PlanTarget{}, t.refused
	}
	return t.PlanTarget, nil
}

func trimmed(cell string) string { return strings.Trim(cell, " \t\u00a0") }

// Why a value is refused.
type Why string

// The reasons that somebody who types may meet.
const (
	NoShow        Why = "no_show"
	NoMonth       Why = "no_month" // the text
	NoCurrency    Why = "no_currency"
	OtherCurrency Why = "other_currency" // the currencies it sells in, the one that was given
	NoNumber      Why = "no_number"      // the text
	Negative      Why = "negative"       // the text
	NotWhole      Why = "not_whole"      // the text
	TooMuch       Why = "too_much"       // the text, the limit
)

// Refusal is why a value is not taken.
type Refusal struct {
	Column string // event, show, month, tickets, revenue or currency; "": the whole line
	Why    Why    // "": only a file can have it
	Values []any  // of the reason

	text string
}

func refusal(why Why, values []any, format string, args ...any) Refusal {
	return Refusal{Why: why, Values: values, text: fmt.Sprintf(format, args...)}
}

// Error tells it in English, as the lines of a file are told.
func (r Refusal) Error() string {
	if r.Column == "" {
		return r.text
	}
	return r.Column + ": " + r.text
}

// Refusals are all that is wrong with a plan.
type Refusals []Refusal

func (r Refusals) Error() string {
	lines := make([]string, len(r))
	for i := range r {
		lines[i] = r[i].Error()
	}
	return strings.Join(lines, "; ")
}
