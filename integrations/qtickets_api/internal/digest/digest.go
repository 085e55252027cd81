// Package digest is the morning message: once a day, at its time, to every recipient, with the figures of the page.
// When the figures cannot be read, or are old, it comes all the same and says so.
package digest

import (
	"context"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/statefile"
)

// lateAfter is how much later than it was due the message says so.
const lateAfter = 10 * time.Minute

// readTimeout is for reading all figures: what takes longer cannot be read.
const readTimeout = time.Minute

// Digest says to whom the message goes, when and how.
type Digest struct {
	Channels []alert.Channel
	At       time.Duration // since midnight in Moscow
	Weekly   bool          // with the week, on whatever day it is
	Lang     format.Locale
	Org      string
	PageURL  string // "": the message names none
	StateDir string
	// Open connects to ClickHouse as a reader of the page; close ends what was started.
	Open func(ctx context.Context) (store *figures.Store, close func(), err error)
}

// Outcome of a run.
type Outcome struct {
	Message alert.Message `json:"message"`
	// NotBefore is when the message of today is due; nil: it was due.
	NotBefore *time.Time    `json:"not_before,omitempty"`
	Sending   alert.Outcome `json:"sending"`
	// Problem is why the message has no figures; nil: it has.
	Problem error `json:"-"`
}

// memory is what a run leaves to the next one.
type memory struct {
	Day        string           `json:"day"` // Moscow date of the letter
	Letter     alert.Letter     `json:"letter"`
	Recipients alert.Recipients `json:"recipients,omitempty"`
	// Shows are those to come when a message was written last, to tell what changed since.
	Shows map[uint64]seenShow `json:"shows,omitempty"`
	// Last are the figures of the last message that had any.
	Last string `json:"last,omitempty"`
}

// Send sends the message of the day to those who have not got it, if its time has come. A process that is killed
// between sending and remembering sends the message once more; it is never left out.
func (d Digest) Send(ctx context.Context, now time.Time) (Outcome, error) {
	due := midnight(now).Add(d.At)
	switch {
	case len(d.Channels) == 0:
		return Outcome{}, nil
	case now.Before(due):
		return Outcome{NotBefore: &due}, nil
	}
	file, err := statefile.Open[memory](ctx, d.StateDir, "digest")
	if err != nil {
		return Outcome{}, err
	}
	defer file.Close()
	m := &file.Value
	var o Outcome
	if day := now.In(sales.Moscow).Format(time.DateOnly); m.Day != day {
		o.Problem = d.write(ctx, now, m)
		if ctx.Err() != nil {
			return o, fmt.Errorf("interrupted: %w", ctx.Err())
		}
		m.Day = day
		if err := file.Save(); err != nil {
			return o, err
		}
	}
	letter := m.Letter
	if now.Sub(due) > lateAfter {
		letter.Message.Body += "\n" + d.Lang.T("digest.late", d.Lang.Clock(now), d.Lang.Clock(due))
	}
	o.Message = letter.Message
	o.Sending = letter.Deliver(ctx, d.Channels, &m.Recipients, now, func() error {
		m.Letter.Sent = letter.Sent
		return file.Save()
	})
	if o.Sending.Failed > 0 { // what the recipients answered
		err = file.Save()
	}
	return o, err
}

// Preview is the message as it would be written now. It is not sent, and nothing is remembered.
func (d Digest) Preview(ctx context.Context, now time.Time) (Outcome, error) {
	file, err := statefile.Open[memory](ctx, d.StateDir, "digest")
	if err != nil {
		return Outcome{}, err
	}
	m := file.Value
	file.Close()
	problem := d.write(ctx, now, &m)
	return Outcome{Message: m.Letter.Message, Problem: problem}, nil
}

// write writes the letter of the day and remembers what the next one compares with. The error says why the letter has
// no figures.
func (d Digest) write(ctx context.Context, now time.Time, m *memory) error {
	w := writer{Locale: d.Lang, org: d.Org, page: d.PageURL, now: now}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	morning, err := d.read(ctx, now)
	if err != nil {
		m.Letter = alert.Letter{Message: w.without(m.Last)}
		return fmt.Errorf("read the figures of the morning message: %w", err)
	}
	w.week = d.Weekly || now.In(sales.Moscow).Weekday() == time.Monday
	seen := see(morning.All)
	message := w.message(morning, changes(m.Shows, seen))
	m.Letter, m.Shows, m.Last = alert.Letter{Message: message}, seen, w.last(morning)
	return nil
}

func (d Digest) read(ctx context.Context, now time.Time) (figures.Morning, error) {
	store, done, err := d.Open(ctx)
	if err != nil {
		return figures.Morning{}, err
	}
	defer done()
	v, err := store.Version(ctx)
	if err != nil {
		return figures.Morning{}, err
	}
	return store.Morning(ctx, figures.Filter{Version: v, Now: now})
}

func midnight(at time.Time) time.Time {
	at = at.In(sales.Moscow)
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, sales.Moscow)
}
