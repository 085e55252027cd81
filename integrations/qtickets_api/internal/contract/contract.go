// Package contract is the ledger of assumptions: what the loader takes for granted about the API of QTickets and nobody
// has proven (API notes, section 18, and the last list of section 8). Each assumption is marked confirmed, refuted or
// not seen by what loads meet. The evidence is counts, never values.
package contract

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// State is how an assumption stands.
type State string

// The states of an assumption.
const (
	NotSeen   State = "not_seen" // nothing that was read can tell
	Confirmed State = "confirmed"
	Refuted   State = "refuted"
)

// Counts are observations for an assumption and against it. An order that several loads read counts in each.
type Counts struct{ For, Against uint64 }

// Words are a text in the languages of the program.
type Words struct{ RU, EN string }

// In is the text in a language: "ru" or "en".
func (w Words) In(language string) string {
	if language == "ru" {
		return w.RU
	}
	return w.EN
}

// Question is an open question about the API, put as the assumption that would be the easiest to live with.
type Question struct {
	ID   ID
	Code string // its name in tables
	// Assumes is the assumption; Affects what depends on it, and what the loader does where it does not hold.
	Assumes, Affects Words
	// For and Against say what the counts count. Both are empty where reading cannot tell.
	For, Against Words
	// Unseen says why reading cannot tell.
	Unseen Words
	// Alerts: people are told when it turns out not to hold. Not where nothing depends on it, and not where another
	// rule of the alerts says so: probe_change, quarantine, reconcile, failed_runs.
	Alerts bool

	enough      uint64        // observations that settle it, of the side that does not settle it alone; 0: one
	settledByIt bool          // one observation for it settles it; else one against it does
	newest      bool          // only the newest load that looked counts: what the API can do today
	lasts       time.Duration // the settling observation is believed so long after it was last made; 0: a week
}

// Visible tells whether reading can tell at all.
func (q *Question) Visible() bool { return q.For != (Words{}) }

// State is what so many observations say.
func (q *Question) State(c Counts) State {
	settling, settled, other, others := c.Against, Refuted, c.For, Confirmed
	if q.settledByIt {
		settling, settled, other, others = c.For, Confirmed, c.Against, Refuted
	}
	switch {
	case settling > 0:
		return settled
	case other >= max(q.enough, 1):
		return others
	default:
		return NotSeen
	}
}

// Standing is what is known of an assumption.
type Standing struct {
	ID ID
	Counts
	State     State
	Since     time.Time  // it stands so
	FirstSeen *time.Time // first observation; nil: none
	ForAt     *time.Time // newest observation for it
	AgainstAt *time.Time // newest observation against it
	Run       string     // of the newest observation
}

// Stand is what is known after a load observed seen at a moment. Where what can be observed is what the API can do
// today, the newest load replaces what was known; elsewhere it is added, and what settled the question is forgotten
// when it was not observed again for long.
func (s Standing) Stand(seen Counts, now time.Time, run string) Standing {
	q := Of(s.ID)
	before := s.State
	if seen != (Counts{}) {
		s.Run = run
		if s.FirstSeen == nil {
			s.FirstSeen = &now
		}
	}
	if q.newest && seen != (Counts{}) {
		s.Counts = Counts{}
	}
	s.Counts = q.forget(s, now)
	s.For += seen.For
	s.Against += seen.Against
	if seen.For > 0 {
		s.ForAt = &now
	}
	if seen.Against > 0 {
		s.AgainstAt = &now
	}
	if s.State = q.State(s.Counts); s.State != before || s.Since.IsZero() {
		s.Since = now
	}
	return s
}

// forget gives the counts without a settling observation that is too old.
func (q *Question) forget(s Standing, now time.Time) Counts {
	lasts := q.lasts
	if lasts == 0 {
		lasts = 7 * 24 * time.Hour
	}
	old := func(at *time.Time) bool { return at != nil && now.Sub(*at) > lasts }
	c := s.Counts
	switch {
	case q.newest:
	case q.settledByIt && old(s.ForAt):
		c.For = 0
	case !q.settledByIt && old(s.AgainstAt):
		c.Against = 0
	}
	return c
}

// FromRow is a standing as it is stored.
func FromRow(a warehouse.Assumption) Standing {
	return Standing{
		ID: ID(a.ID), Counts: Counts{For: a.For, Against: a.Against}, State: State(a.State), Since: a.Since,
		FirstSeen: a.FirstSeen, ForAt: a.ForAt, AgainstAt: a.AgainstAt, Run: a.Run,
	}
}

// Row is how a standing is stored.
func (s Standing) Row() warehouse.Assumption {
	q := Of(s.ID)
	return warehouse.Assumption{
		ID: uint32(s.ID), Code: q.Code, Assumes: q.Assumes.RU, AssumesEN: q.Assumes.EN, Affects: q.Affects.RU,
		AffectsEN: q.Affects.EN, Alerts: q.Alerts, State: string(s.State), For: s.For, Against: s.Against,
		Since: s.Since, FirstSeen: s.FirstSeen, ForAt: s.ForAt, AgainstAt: s.AgainstAt, Run: s.Run,
	}
}

// Standings are all assumptions by id, as they are stored; not seen where nothing is.
func Standings(stored []warehouse.Assumption) []Standing {
	known := make(map[uint32]warehouse.Assumption, len(stored))
	for _, a := range stored {
		known[a.ID] = a
	}
	all := make([]Standing, 0, len(questions))
	for i := range questions {
		s := Standing{ID: questions[i].ID, State: NotSeen}
		if a, ok := known[uint32(s.ID)]; ok {
			s = FromRow(a)
		}
		all = append(all, s)
	}
	return all
}
