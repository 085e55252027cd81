package alert

import (
	"slices"
	"strconv"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// The rules about shows, for the organiser.
const (
	RuleWillMiss      = "will_miss"
	RuleNearlySoldOut = "nearly_sold_out"
	RuleSoldOut       = "sold_out"
	RuleSaleStopped   = "sale_stopped"
	RuleRefundWave    = "refund_wave"
	RuleShowChanged   = "show_changed"
)

// ShowRules are those rules, in the order they are printed.
var ShowRules = []string{RuleWillMiss, RuleNearlySoldOut, RuleSoldOut, RuleSaleStopped, RuleRefundWave, RuleShowChanged}

// watchedDays are the days whose moves the rules need: of sale_stopped, a sale's first ones, those that say what is
// usual, and a silence twice as long as the part of it that is looked at.
const watchedDays = max(usualDays+2, firstDays+forecastDays+longestLook+2*longestLook+2)

// show is what the rules know of a show to come.
type show struct {
	*figures.ShowLine
	sales, refunds []time.Time // a moment per order, by time
}

// coming are the shows that are neither over nor cancelled, by id.
func coming(w figures.Watch) map[uint64]*show {
	shows := map[uint64]*show{}
	for i := range w.Shows {
		if l := &w.Shows[i]; !l.Over && !l.Cancelled {
			shows[l.ShowID] = &show{ShowLine: l}
		}
	}
	for _, m := range w.Moves {
		if s := shows[m.Show]; s != nil {
			s.sales = repeat(s.sales, m.At, m.Sales)
			s.refunds = repeat(s.refunds, m.At, m.Refunds)
		}
	}
	return shows
}

// places that can be or were sold; 0: unknown.
func (s *show) places() int64 {
	if s.Capacity == nil || s.Closed == nil {
		return 0
	}
	return *s.Capacity - *s.Closed
}

func repeat(list []time.Time, at time.Time, times int64) []time.Time {
	for range times {
		list = append(list, at)
	}
	return list
}

// showFindings are those of every rule about every show to come, and about every change since the last look.
func showFindings(w figures.Watch, before map[uint64]seenShow) []Finding {
	shows := coming(w)
	all := boxOfficeOf(w.Moves)
	var findings []Finding
	for i := range w.Shows { // in their order, not that of a map
		s := shows[w.Shows[i].ShowID]
		if s == nil || s.ShowLine != &w.Shows[i] {
			continue
		}
		for _, f := range []Finding{
			willMiss(s), nearlySoldOut(s), soldOut(s), saleStopped(s, all, w.AsOf), refundWave(s, w.AsOf),
		} {
			f.Subject = subjectOf(s.ShowID)
			if f.Facts == nil {
				f.Facts = map[string]string{}
			}
			f.Facts["show"] = nameOf(s.ShowLine)
			findings = append(findings, f)
		}
	}
	return append(findings, showChanges(before, w.Shows)...)
}

func subjectOf(show uint64) string { return "#" + strconv.FormatUint(show, 10) }

// nameRunes are enough to know an event by, and leave room in a title.
const nameRunes = 40

// nameOf a show as messages have it: "Гамлет, 12.12 19:00".
func nameOf(l *figures.ShowLine) string {
	return cut(inert(l.Event), nameRunes) + dateOf(l)
}

func dateOf(l *figures.ShowLine) string {
	if l.LocalDate == nil {
		return ""
	}
	return ", " + l.LocalDate.Format("02.01") + " " + l.LocalTime
}

// Of will_miss. Of the shows that pass a chance of 70 % for the first time three in ten end well: that is what it
// means. It is told from 80 % on, and not many weeks ahead, when forecasts still change.
const (
	missFrom   = 0.8
	missWithin = 21 // days
)

// willMiss goes by the chance that a show ends below its plan, or where it has none below usual; below 30 % it is over.
func willMiss(s *show) Finding {
	f := Finding{Rule: RuleWillMiss, Verdict: Between}
	switch {
	case s.Reason == figures.ShowSoldOut:
		f.Verdict = Clear
	case s.Outlook == nil || *s.DaysLeft > missWithin: // nothing is known, or little
	case s.Outlook.State == forecast.OnCourse:
		f.Verdict = Clear
	case s.Outlook.State == forecast.WillMiss && s.Outlook.Chance >= missFrom:
		band := s.Outlook.Forecast.Band
		f.Verdict = Firing
		f.Facts = map[string]string{
			"sold": number(s.Sold), "tenths": strconv.Itoa(s.Outlook.Tenths()), "low": number(band.Low),
			"high": number(band.High), "days": strconv.Itoa(*s.DaysLeft),
		}
		if s.Outlook.Planned {
			f.Facts["plan"] = number(s.Outlook.Plan)
		} else {
			f.Facts["usual"] = number(s.Outlook.Plan)
		}
	}
	return f
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Per cent of the places, of the two rules about a full hall.
const (
	nearlyFrom  = 95 // sold
	nearlyUntil = 90
	fullUntil   = 5 // to be bought again
)

// nearlySoldOut fires while there are seats left; where there are none it has been said.
func nearlySoldOut(s *show) Finding {
	f := Finding{Rule: RuleNearlySoldOut, Verdict: Between}
	places := s.places()
	switch {
	case places <= 0 || s.Left == nil:
	case 100*s.Sold < nearlyUntil*places:
		f.Verdict = Clear
	case 100*s.Sold >= nearlyFrom*places && *s.Left > 0:
		f.Verdict = Firing
		f.Facts = hall(s)
	}
	return f
}

// soldOut fires when nothing can be bought. A seat or two that come back, of refunds or of reservations that lapsed, do
// not end it: they are gone again within the hour.
func soldOut(s *show) Finding {
	f := Finding{Rule: RuleSoldOut, Verdict: Between}
	places := s.places()
	switch {
	case places <= 0 || s.Left == nil:
	case *s.Left == 0:
		f.Verdict = Firing
		f.Facts = hall(s)
	case 100**s.Left > fullUntil*places:
		f.Verdict = Clear
	}
	return f
}

func hall(s *show) map[string]string {
	return map[string]string{
		"sold": number(s.Sold), "places": number(s.places()), "left": number(*s.Left), "held": number(s.Held()),
	}
}

// seenShow is what is remembered of a show to come between two looks.
type seenShow struct {
	Date      string `json:"date,omitempty"` // at the venue, "04.12.2026 19:00"; "": none is set
	Cancelled bool   `json:"cancelled,omitempty"`
}

// see are the shows that are not over, by id.
func see(lines []figures.ShowLine) map[uint64]seenShow {
	seen := map[uint64]seenShow{}
	for i := range lines {
		l := &lines[i]
		if l.Over {
			continue
		}
		one := seenShow{Cancelled: l.Cancelled}
		if l.LocalDate != nil {
			one.Date = l.LocalDate.Format("02.01.2006") + " " + l.LocalTime
		}
		seen[l.ShowID] = one
	}
	return seen
}

// showChanges are the shows that were cancelled or moved since the last look; before is nil at the first one.
func showChanges(before map[uint64]seenShow, lines []figures.ShowLine) []Finding {
	now := see(lines)
	var found []Finding
	for i := range lines {
		l := &lines[i]
		old, known := before[l.ShowID]
		is, live := now[l.ShowID]
		if !known || !live || old.Cancelled {
			continue
		}
		f := Finding{Rule: RuleShowChanged, Verdict: Once, Subject: subjectOf(l.ShowID), Facts: map[string]string{
			"show": cut(inert(l.Event), nameRunes), "from": orDash(old.Date), "to": orDash(is.Date), "sold": number(l.Sold),
		}}
		switch {
		case is.Cancelled:
			f.Facts["to"] = "✗"
		case is.Date == old.Date:
			continue
		}
		found = append(found, f)
	}
	return found
}

func orDash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

// applyShows opens and ends the organiser's incidents, and remembers what the shows look like. What was so already at
// the first look ever is not told: it is no news, and there may be much of it. Nor is the end of an incident whose show
// is over.
func (s *Incidents) applyShows(w figures.Watch, now time.Time) []Finding {
	first := s.Shows == nil
	findings := showFindings(w, s.Shows)
	live := coming(w)
	subjects := map[string]bool{}
	for id := range live {
		subjects[subjectOf(id)] = true
	}
	for _, i := range s.open() {
		if audienceOf(i.Rule) == Organiser && !subjects[i.Subject] {
			findings = append(findings, Finding{Rule: i.Rule, Subject: i.Subject, Verdict: Past})
		}
	}
	s.Apply(findings, now)
	for _, i := range s.List {
		if first && audienceOf(i.Rule) == Organiser {
			i.Silent = true
		}
	}
	s.Shows = see(w.Shows)
	return brief(findings)
}

// brief are the findings that say something, and one for each rule without any.
func brief(findings []Finding) []Finding {
	var said []Finding
	for _, rule := range ShowRules {
		n := len(said)
		for _, f := range findings {
			if f.Rule == rule && (f.Verdict == Firing || f.Verdict == Once) {
				said = append(said, f)
			}
		}
		if len(said) == n {
			said = append(said, Finding{Rule: rule, Verdict: Clear})
		}
	}
	return said
}

// Audience is who hears of an incident.
type Audience int

// The audiences: who runs the program, and who sells the tickets.
const (
	Operator Audience = iota
	Organiser
)

func audienceOf(rule string) Audience {
	if slices.Contains(ShowRules, rule) {
		return Organiser
	}
	return Operator
}
