package alert

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/russian"
)

// Message is what a channel sends: plain text.
type Message struct{ Title, Body string }

// notice is why a message about an incident is sent.
type notice int

const (
	nothing notice = iota
	opened
	grown // doubled since the last message
	ended
)

// due is what a channel was not sent about an incident yet.
func (i *Incident) due(c Channel) notice {
	sent, known := i.Notified[c.Key]
	switch {
	case i.Silent || c.Audience != audienceOf(i.Rule):
		return nothing
	case i.momentary() && !known:
		return opened
	case i.momentary():
		return nothing
	case i.EndedAt != nil && !sent.Ended:
		return ended // also when the beginning could not be sent: one message says both
	case i.EndedAt != nil:
		return nothing
	case !known:
		return opened
	case sent.Level > 0 && i.Level >= 2*sent.Level:
		return grown
	}
	return nothing
}

// Describe says in a line what a rule found.
func (f Finding) Describe(lang string) string {
	t := rule(lang, f.Rule, f.Facts)
	if f.Verdict == Clear {
		return fill(lang, t.fine, f.Facts)
	}
	return fill(lang, t.title+": "+t.found, f.Facts)
}

// Found is what was found when the incident was opened or had doubled, as one line.
func (i *Incident) Found(lang string) string {
	return fill(lang, rule(lang, i.Rule, i.Facts).found, i.Facts)
}

func (i *Incident) message(n notice, lang, org string) Message {
	t, w := rule(lang, i.Rule, i.Facts), frames[known(lang)]
	var body strings.Builder
	line := func(format string, arguments ...any) { fmt.Fprintf(&body, format+"\n", arguments...) }
	line("%s", i.Found(lang))
	switch n {
	case ended:
		line(w.over, moment(i.Since), moment(*i.EndedAt), span(i.EndedAt.Sub(i.Since)))
	default:
		if !i.momentary() {
			line(w.since, moment(i.Since))
		}
		line("%s", fill(lang, t.todo, i.Facts))
	}
	kinds := w.kinds
	if audienceOf(i.Rule) == Organiser {
		kinds = w.showKinds
	} else {
		line(w.incident, i.ID)
	}
	return Message{Title: fmt.Sprintf("%s: %s%s", from(org), kinds[n], fill(lang, t.title, i.Facts)),
		Body: strings.TrimSuffix(body.String(), "\n")}
}

// TestMessage is for trying the channels.
func TestMessage(lang, org string) Message {
	w := frames[known(lang)]
	return Message{Title: from(org) + ": " + w.test, Body: w.testBody}
}

// from is who speaks, at the beginning of every title.
func from(org string) string { return strings.TrimSpace("QTickets " + cut(inert(org), factRunes)) }

// factRunes keeps every line below the 998 bytes of a line of mail.
const factRunes = 300

func moment(t time.Time) string { return t.In(moscow).Format("02.01.2006 15:04") }

func span(d time.Duration) string {
	m := int(max(d, 0).Minutes())
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}

// said are the facts that are messages of the program.
var said = []string{"change", "feeds", "last", "problems"}

// fill puts facts into a text in place of their {name}.
func fill(lang, text string, facts map[string]string) string {
	var replacements []string
	for name, value := range facts {
		if slices.Contains(said, name) {
			value = russian.In(lang, value)
		}
		replacements = append(replacements, "{"+name+"}", cut(inert(value), factRunes))
	}
	return strings.NewReplacer(replacements...).Replace(text)
}
