package alert

import (
	"context"
	"errors"
	"time"
)

// Delivery says how and when to tell.
type Delivery struct {
	Channels []Channel
	Quiet    QuietHours
	Lang     string
	Org      string
	Now      time.Time
	Save     func() error // called after every message that was sent
}

// Outcome counts messages.
type Outcome struct {
	Sent   int   `json:"sent"`
	Held   int   `json:"held"`   // until the end of the quiet hours
	Failed int   `json:"failed"` // the next evaluation tries again
	Err    error `json:"-"`
}

// Deliver tells every channel what it does not know yet. A channel that fails is left alone until the next
// evaluation; the others hear everything.
func (s *Incidents) Deliver(ctx context.Context, d Delivery) Outcome {
	var o Outcome
	for _, c := range d.Channels {
		failed := false
		for _, i := range s.List {
			n := i.due(c.Key)
			switch {
			case n == nothing:
			case d.Quiet.at(d.Now) && !critical(i.Rule):
				o.Held++
			case failed:
				o.Failed++
			default:
				err := d.tell(ctx, c, i, n)
				if failed = err != nil; failed {
					o.Failed++
					o.Err = errors.Join(o.Err, err)
					continue
				}
				o.Sent++
				if err := d.Save(); err != nil { // sending on would tell it all again at the next evaluation
					o.Err = errors.Join(o.Err, err)
					return o
				}
			}
		}
	}
	return o
}

func (d Delivery) tell(ctx context.Context, c Channel, i *Incident, n notice) error {
	if err := c.Send(ctx, i.message(n, d.Lang, d.Org)); err != nil {
		return err
	}
	at := i.Told[c.Key].At
	if at.IsZero() {
		at = d.Now
	}
	if i.Told == nil {
		i.Told = map[string]Told{}
	}
	i.Told[c.Key] = Told{At: at, Level: i.Level, Ended: n == ended}
	return nil
}
