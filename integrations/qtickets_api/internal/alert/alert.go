// Package alert evaluates the rules of the warehouse, turns their answers into incidents and notifies people: one
// message when an incident begins, one when it ends, another only when it has doubled. A state file remembers what is
// open and who was notified, through restarts and while ClickHouse is unavailable. A message is sent at least once: if
// the process is killed between sending and saving, the next evaluation sends it again.
package alert

import (
	"fmt"
	"strings"
	"time"
)

// Verdict is the state of a rule.
type Verdict string

// The verdicts. Between ends no incident and opens none.
const (
	Firing  Verdict = "firing"
	Clear   Verdict = "quiet"
	Between Verdict = "between"
	Once    Verdict = "once" // it has happened: an incident that ends as it begins
	Past    Verdict = "past" // nothing about the subject matters any more: the incident ends, and nobody is told
)

// RuleCannotCheck is the rule about the rules: that all of them could be evaluated.
const RuleCannotCheck = "cannot_check"

// Finding is the result of a rule.
type Finding struct {
	Rule    string            `json:"rule"`
	Subject string            `json:"subject,omitempty"` // where a rule may be broken in several ways at once
	Verdict Verdict           `json:"verdict"`
	Level   uint64            `json:"level,omitempty"` // how many; an incident that has doubled is sent again
	Since   *time.Time        `json:"since,omitempty"` // nil: since it was noticed
	Facts   map[string]string `json:"facts,omitempty"` // figures for the text
}

// CannotCheck is the finding about what could not be evaluated, one text per problem. Without problems it is clear.
func CannotCheck(problems []string) Finding {
	f := Finding{Rule: RuleCannotCheck, Verdict: Clear, Level: uint64(len(problems))}
	if len(problems) > 0 {
		f.Verdict = Firing
		f.Facts = map[string]string{"problems": cut(strings.Join(problems, "; "), factRunes)}
	}
	return f
}

// critical rules notify in quiet hours too: the numbers are stale, or nobody checks them.
func critical(rule string) bool { return rule == "no_data" || rule == RuleCannotCheck }

// Incident is a finding from its beginning to its end.
type Incident struct {
	ID       string              `json:"id"`
	Rule     string              `json:"rule"`
	Subject  string              `json:"subject,omitempty"`
	OpenedAt time.Time           `json:"opened_at"`
	Since    time.Time           `json:"since"`
	EndedAt  *time.Time          `json:"ended_at,omitempty"` // nil: it is open
	Level    uint64              `json:"level,omitempty"`    // the highest so far
	Facts    map[string]string   `json:"facts,omitempty"`    // when it was opened or doubled
	Notified map[string]Notified `json:"told,omitempty"`     // by Channel.Key
	Stored   string              `json:"stored,omitempty"`   // what the history holds of it, see Version
	Silent   bool                `json:"silent,omitempty"`   // nobody is told of it any more
}

// Notified is what a channel was sent about an incident.
type Notified struct {
	At    time.Time `json:"at"`    // of the first message
	Level uint64    `json:"level"` // in the last message
	Ended bool      `json:"ended"`
}

// NotifiedAt is when the first channel was notified; nil when none was.
func (i *Incident) NotifiedAt() *time.Time {
	var first *time.Time
	for _, t := range i.Notified {
		if first == nil || t.At.Before(*first) {
			first = &t.At
		}
	}
	return first
}

// Version changes with everything that the history shows.
func (i *Incident) Version() string {
	return fmt.Sprint(i.EndedAt != nil, i.Level, len(i.Notified) > 0)
}

// momentary reports whether the incident was a moment and not a state.
func (i *Incident) momentary() bool { return i.EndedAt != nil && i.EndedAt.Equal(i.OpenedAt) }

func cut(text string, runes int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return string(r)
}
