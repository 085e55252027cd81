package alert

import (
	"context"
	"errors"
	"time"
)

// Letter is a message that every channel gets once.
type Letter struct {
	Message Message              `json:"message"`
	Sent    map[string]time.Time `json:"sent,omitempty"` // by Channel.Key
}

// Deliver sends the letter to the channels that have not got it. One that fails is left for the next time. save is
// called after every message that was sent: if the process is killed in between, that channel gets the letter twice.
func (l *Letter) Deliver(ctx context.Context, channels []Channel, known *Recipients, now time.Time,
	save func() error) Outcome {
	var o Outcome
	for _, c := range channels {
		if _, sent := l.Sent[c.Key]; sent {
			continue
		}
		note, err := known.send(ctx, c, l.Message, now)
		if note != "" {
			o.Notes = append(o.Notes, note)
		}
		if err != nil {
			o.Failed++
			o.Err = errors.Join(o.Err, err)
			continue
		}
		if l.Sent == nil {
			l.Sent = map[string]time.Time{}
		}
		l.Sent[c.Key] = now
		if to := (*known)[c.Key].MovedTo; to != "" && c.movedKey != nil { // that id may stand in the address from now on
			l.Sent[c.movedKey(to)] = now
		}
		o.Sent++
		if err := save(); err != nil { // the next time would send everything again
			o.Err = errors.Join(o.Err, err)
			return o
		}
	}
	return o
}
