package alert

import (
	"context"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/statefile"
)

// forgetAfter is how long an ended incident waits for a channel that does not work.
const forgetAfter = 7 * 24 * time.Hour

// Incidents are the open ones, and those that ended and are not sent to every channel or stored yet.
type Incidents struct {
	List       []*Incident `json:"incidents"`
	Recipients Recipients  `json:"recipients,omitempty"`
	// Shows are those to come at the last look, to tell what changed; nil: nobody has looked yet.
	Shows map[uint64]seenShow `json:"shows,omitzero"`
}

// Open reads the incidents of a folder. Close it.
func Open(ctx context.Context, dir string) (*statefile.File[Incidents], error) {
	return statefile.Open[Incidents](ctx, dir, "alerts")
}

// Apply opens and ends incidents by what was found. A rule without a finding was not asked: its incidents stay
// as they are.
func (s *Incidents) Apply(findings []Finding, now time.Time) {
	asked := map[string]bool{}
	stays := map[*Incident]bool{}
	for _, f := range findings {
		asked[f.Rule] = true
		i := s.find(f.Rule, f.Subject)
		switch {
		case (f.Verdict == Firing || f.Verdict == Once) && i == nil:
			i = newIncident(f, now)
			s.List = append(s.List, i)
		case f.Verdict == Firing && f.Level > i.Level:
			i.Level, i.Facts = f.Level, f.Facts
		case f.Verdict == Past && i != nil:
			i.Silent = true
		}
		if i != nil && (f.Verdict == Firing || f.Verdict == Between) {
			stays[i] = true
		}
	}
	for _, i := range s.List {
		if i.EndedAt == nil && asked[i.Rule] && !stays[i] {
			i.EndedAt = &now
		}
	}
}

func newIncident(f Finding, now time.Time) *Incident {
	i := &Incident{
		ID: fmt.Sprintf("%s-%s", now.UTC().Format("20060102T150405.000000000"), f.Rule), Rule: f.Rule, Subject: f.Subject,
		OpenedAt: now, Since: now, Level: f.Level, Facts: f.Facts,
	}
	if f.Subject != "" { // several may open in the same moment
		i.ID += "-" + fingerprint(f.Subject)
	}
	if f.Since != nil && f.Since.Before(now) {
		i.Since = *f.Since
	}
	return i
}

func (s *Incidents) open() []*Incident {
	var open []*Incident
	for _, i := range s.List {
		if i.EndedAt == nil {
			open = append(open, i)
		}
	}
	return open
}

// find is the open incident of a rule and subject; nil when there is none.
func (s *Incidents) find(rule, subject string) *Incident {
	for _, i := range s.List {
		if i.EndedAt == nil && i.Rule == rule && i.Subject == subject {
			return i
		}
	}
	return nil
}

// Forget drops ended incidents that are in the history and were sent to every channel.
func (s *Incidents) Forget(channels []Channel, now time.Time) {
	var kept []*Incident
	for _, i := range s.List {
		if i.EndedAt == nil || (now.Sub(*i.EndedAt) < forgetAfter && (i.Stored != i.Version() || !i.notified(channels))) {
			kept = append(kept, i)
		}
	}
	s.List = kept
}

func (i *Incident) notified(channels []Channel) bool {
	for _, c := range channels {
		if i.due(c) != nothing {
			return false
		}
	}
	return true
}
