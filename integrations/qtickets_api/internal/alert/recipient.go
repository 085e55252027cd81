package alert

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// refusedPause is how long a channel is left alone that refused a message for good. It is not forgotten: a person may
// have let the bot in again.
const refusedPause = time.Hour

// Recipient is what a channel has answered and what stays true after an evaluation.
type Recipient struct {
	MovedTo string    `json:"moved_to,omitempty"` // the id that the group has now; "": that of the address
	Refused string    `json:"refused,omitempty"`  // why it takes no messages; "": it does
	RetryAt time.Time `json:"retry_at,omitzero"`  // of a channel that refused
}

// Recipients are known by Channel.Key.
type Recipients map[string]Recipient

// send sends a message to a channel and keeps what it answered; nothing is not kept. The note is for a person, or "".
func (all *Recipients) send(ctx context.Context, c Channel, m Message, now time.Time) (note string, err error) {
	known := (*all)[c.Key]
	if err := known.pause(now); err != nil {
		return "", err
	}
	moved, err := c.Send(ctx, m, known.MovedTo)
	if next := known.answered(moved, err, now); next != (Recipient{}) {
		if *all == nil {
			*all = Recipients{}
		}
		(*all)[c.Key] = next
	} else {
		delete(*all, c.Key)
	}
	if moved != "" {
		note = c.Moved(moved)
	}
	return note, err
}

// notifiedAsMoved keeps a channel from hearing everything again once the new id of its group stands in the address.
func (s *Incidents) notifiedAsMoved(c Channel) {
	to := s.Recipients[c.Key].MovedTo
	if to == "" || c.movedKey == nil {
		return
	}
	for _, i := range s.List {
		if sent, known := i.Notified[c.Key]; known {
			i.Notified[c.movedKey(to)] = sent
		}
	}
}

// pause is the error of a channel that is not tried yet; nil: it may be tried.
func (r Recipient) pause(now time.Time) error {
	if !now.Before(r.RetryAt) {
		return nil
	}
	return fmt.Errorf("%s (not tried again before %s)", r.Refused, moment(r.RetryAt))
}

// answered is what is known of the channel after its answer.
func (r Recipient) answered(moved string, err error, now time.Time) Recipient {
	next := Recipient{MovedTo: r.MovedTo}
	if moved != "" {
		next.MovedTo = moved
	}
	if refused := (*RefusedError)(nil); errors.As(err, &refused) {
		next.Refused, next.RetryAt = refused.Error(), now.Add(refusedPause)
	}
	return next
}

// Moved says what a person is to do about a group that has another id.
func (c Channel) Moved(to string) string {
	setting := "ALERT_URLS"
	if c.Audience == Organiser {
		setting = "ORGANISER_ALERT_URLS or DIGEST_URLS"
	}
	return fmt.Sprintf("%s: the group became a supergroup, its id is %s now, and messages go there: put it into %s in "+
		"the place of the old one", c.Name, to, setting)
}
