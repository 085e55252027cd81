package digest

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Limits of the message: it is read on a telephone, and some channels cut what is longer.
const (
	mostRunes     = 1000
	nameRunes     = 28
	mostDecisions = 3
	mostChanges   = 5
)

// writer writes the message: plain text, paragraphs with an empty line between. Names come from outside: they are
// sanitized and short, and no channel takes plain text for anything else.
type writer struct {
	format.Locale
	org, page string
	now       time.Time
	week      bool
}

// message has five parts; the third is always there, so that silence is never taken for calm. What is too long loses
// the fourth, never a figure.
func (w writer) message(m figures.Morning, changed []change) alert.Message {
	parts := []string{w.past(m), w.today(m), w.decisions(m.Shows), w.changed(changed), w.trust(m)}
	body := join(parts)
	if utf8.RuneCountInString(body) > mostRunes {
		parts[3] = ""
		body = join(parts)
	}
	return alert.Message{Title: w.title(m), Body: body}
}

func join(parts []string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "\n\n")
}

// title is the answer: what the last day brought.
func (w writer) title(m figures.Morning) string {
	if m.Freshness.State == figures.Stale {
		return w.from(w.T("digest.title_old", w.Moment(m.Freshness.AsOf, w.now)))
	}
	text := format.Capital(w.DayOfWeek(m.Past.Day)) + ": " + w.T("digest.tickets", m.Past.Today.Tickets)
	if len(m.Past.Today.Money) > 0 {
		first := m.Past.Today.Money[0]
		text += ", " + w.MoneyShort(first.Gross, first.Currency)
	}
	if card := cardOf(m.Past, figures.CardTickets); card != nil && card.Baseline != nil {
		text += " — " + w.T("digest.side."+sides[card.Side])
	}
	return w.from(text)
}

// from puts the organiser's name before a title: an agency hears of several.
func (w writer) from(text string) string {
	if w.org == "" {
		return text
	}
	return short(w.org) + ": " + text
}

var sides = map[figures.Side]string{figures.Below: "below", figures.Usual: "usual", figures.Above: "above"}

func cardOf(c figures.Cards, name figures.CardName) *figures.Card {
	for i := range c.Cards {
		if c.Cards[i].Name == name {
			return &c.Cards[i]
		}
	}
	return nil
}

// past is the last day, whole unless the data ends before it does.
func (w writer) past(m figures.Morning) string {
	head := w.T("digest.past", w.DayOfWeek(m.Past.Day))
	if yesterday := midnight(w.now).AddDate(0, 0, -1); m.Past.Day.Equal(yesterday) && m.Today != nil {
		head = w.T("digest.yesterday")
	}
	if m.Today == nil {
		head = w.T("digest.past_until", w.DayOfWeek(m.Past.Day), w.Clock(m.Freshness.AsOf))
	}
	text := format.Capital(head) + " " + w.cards(m.Past)
	if w.week && m.Today != nil { // else the week has days without data
		text += "\n" + w.weekly(m)
	}
	return text
}

// weekly are the last seven whole days beside the seven before them.
func (w writer) weekly(m figures.Morning) string {
	said := []string{w.T("digest.tickets", m.Week.Tickets)}
	for _, a := range m.Week.Money {
		said = append(said, w.MoneyShort(a.Gross, a.Currency))
	}
	text := w.T("digest.week", strings.Join(said, ", "))
	if m.Before.Tickets > 0 {
		ratio := decimal.NewFromInt(m.Week.Tickets-m.Before.Tickets).DivRound(decimal.NewFromInt(m.Before.Tickets), 4)
		text += ", " + w.T("digest.week_before", w.Change(ratio))
	}
	return text + "."
}

func (w writer) today(m figures.Morning) string {
	if m.Today == nil {
		return w.T("digest.today_unknown")
	}
	return w.T("digest.today", w.Clock(m.Freshness.AsOf)) + " " + w.cards(*m.Today)
}

// cards are the figures of a day as the page has them, each with what is usual.
func (w writer) cards(c figures.Cards) string {
	var said []string
	for _, card := range c.Cards {
		if card.Value == nil || card.Name == figures.CardRefunded ||
			card.Name != figures.CardTickets && card.Value.IsZero() && !usual(card) {
			continue
		}
		label := strings.ToLower(w.T("card." + string(card.Name)))
		text := label + " " + w.value(card, *card.Value)
		if card.Name == figures.CardTickets {
			text = w.T("digest.tickets", c.Today.Tickets)
		}
		if card.Name == figures.CardRefunds {
			text += " (" + w.T("digest.tickets", c.Today.Refunded) + ")"
		}
		if card.Baseline != nil && (card.Name == figures.CardTickets || card.Name == figures.CardRevenue) {
			text += " (" + w.T("card.usually", w.value(card, *card.Baseline)) + ")"
		}
		said = append(said, text)
	}
	return strings.Join(said, ", ") + "."
}

// usual: money came in on such days, so that none of it is news.
func usual(c figures.Card) bool {
	return c.Name == figures.CardRevenue && c.Baseline != nil && !c.Baseline.IsZero()
}

func (w writer) value(c figures.Card, d decimal.Decimal) string {
	if c.Currency == "" {
		return w.Number(d, 1)
	}
	return w.MoneyRounded(d, c.Currency)
}

func (w writer) changed(all []change) string {
	if len(all) == 0 {
		return ""
	}
	lines := []string{w.T("digest.changed")}
	for _, c := range all[:min(len(all), mostChanges)] {
		lines = append(lines, w.T("digest.change."+string(c.kind), short(c.name), w.day(c.from), w.day(c.to)))
	}
	if more := len(all) - mostChanges; more > 0 {
		lines = append(lines, w.T("digest.more_changes", more))
	}
	return strings.Join(lines, "\n")
}

func (w writer) day(d *time.Time) string {
	if d == nil {
		return w.T("digest.no_date")
	}
	return w.Day(*d)
}

// trust says until when the numbers are complete, and what stands against them.
func (w writer) trust(m figures.Morning) string {
	var lines []string
	fresh := m.Freshness
	switch {
	case fresh.State == figures.Stale && fresh.Reason == figures.ReasonFailed:
		lines = append(lines, w.T("digest.failed", w.Moment(fresh.AsOf, w.now)))
	case fresh.State == figures.Stale:
		lines = append(lines, w.T("digest.no_load", w.Moment(fresh.AsOf, w.now)))
	default:
		lines = append(lines, w.T("digest.complete", w.Moment(fresh.AsOf, w.now)))
	}
	if fresh.Reason == figures.ReasonPartial {
		lines = append(lines, w.T("fresh.why.partial"))
	}
	if fresh.Unreadable > 0 {
		lines = append(lines, w.T("fresh.why.unreadable", fresh.Unreadable))
	}
	return w.end(lines)
}

// end adds to the last part what every message ends with.
func (w writer) end(lines []string) string {
	if w.page != "" {
		lines = append(lines, w.page)
	}
	return strings.Join(lines, "\n")
}

// without is the message when no figures can be read; last are those of the message before, "": there are none.
func (w writer) without(last string) alert.Message {
	parts := []string{w.T("digest.unreadable")}
	if last != "" {
		parts = append(parts, w.T("digest.last", last))
	}
	parts = append(parts, w.T("digest.decisions_unknown"), w.end(nil))
	return alert.Message{Title: w.from(w.T("digest.title_unreadable")), Body: join(parts)}
}

// last are the figures that a message without any repeats.
func (w writer) last(m figures.Morning) string {
	return w.DayOfWeek(m.Past.Day) + ": " + w.cards(m.Past) + " " +
		w.T("digest.as_of", w.MomentFull(m.Freshness.AsOf.In(sales.Moscow)))
}

// short is a name on one line, cut where it is long.
func short(name string) string {
	r := []rune(strings.Join(strings.Fields(format.Sanitize(name)), " "))
	if len(r) > nameRunes {
		return strings.TrimSpace(string(r[:nameRunes-1])) + "…"
	}
	return string(r)
}
