package alert

import (
	"context"
	"errors"
	"time"
)

// Delivery says whom to notify, how and when.
type Delivery struct {
	Channels   []Channel
	QuietHours QuietHours
	Lang       string
	Org        string
	Now        time.Time
	Save       func() error // called after every message that was sent
}

// Outcome counts messages.
type Outcome struct {
	Sent     int      `json:"sent"`
	Deferred int      `json:"held"`            // until the end of the quiet hours
	Failed   int      `json:"failed"`          // a later evaluation tries again
	Notes    []string `json:"notes,omitempty"` // what a person is to change, said once
	Err      error    `json:"-"`
}

// Deliver sends every channel what it was not sent yet. A channel that fails is left alone until the next
// evaluation, one that refused for longer; the others hear everything.
func (s *Incidents) Deliver(ctx context.Context, d Delivery) Outcome {
	var o Outcome
	for _, c := range d.Channels {
		failed := false
		for _, i := range s.List {
			n := i.due(c)
			switch {
			case n == nothing:
			case d.QuietHours.at(d.Now) && !critical(i.Rule):
				o.Deferred++
			case failed:
				o.Failed++
			default:
				note, err := s.notify(ctx, d, c, i, n)
				if note != "" {
					o.Notes = append(o.Notes, note)
				}
				if failed = err != nil; failed {
					o.Failed++
					o.Err = errors.Join(o.Err, err)
					continue
				}
				o.Sent++
				if err := d.Save(); err != nil { // the next evaluation would send everything again
					o.Err = errors.Join(o.Err, err)
					return o
				}
			}
		}
	}
	return o
}

// notify sends a message and remembers that, and what the channel answered. The note is for a person; "": none.
func (s *Incidents) notify(ctx context.Context, d Delivery, c Channel, i *Incident, n notice) (note string, err error) {
	note, err = s.Recipients.send(ctx, c, i.message(n, d.Lang, d.Org), d.Now)
	if err != nil {
		return note, err
	}
	at := i.Notified[c.Key].At
	if at.IsZero() {
		at = d.Now
	}
	if i.Notified == nil {
		i.Notified = map[string]Notified{}
	}
	i.Notified[c.Key] = Notified{At: at, Level: i.Level, Ended: n == ended}
	s.notifiedAsMoved(c)
	return note, nil
}
