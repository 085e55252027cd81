package alert

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// radio is two channels, of which either may be out of order.
type radio struct {
	said   []string
	tries  int
	broken map[string]bool
}

func (r *radio) channels() []Channel {
	channel := func(key string) Channel {
		return Channel{Key: key, Name: key, send: func(_ context.Context, m Message, _ string) (string, error) {
			r.tries++
			if r.broken[key] {
				return "", errors.New("out of order")
			}
			r.said = append(r.said, key+" "+m.Title)
			return "", nil
		}}
	}
	return []Channel{channel("a"), channel("b")}
}

// story is a succession of evaluations.
type story struct {
	*testing.T
	radio radio
	Incidents
	now        time.Time
	quietHours string
	saves      int
}

func (s *story) evaluate(findings ...Finding) Outcome {
	s.Helper()
	hours, err := ParseQuietHours(s.quietHours)
	if err != nil {
		s.Fatal(err)
	}
	s.now = s.now.Add(5 * time.Minute)
	s.Apply(findings, s.now)
	return s.Deliver(s.Context(), Delivery{
		Channels: s.radio.channels(), QuietHours: hours, Lang: "en", Now: s.now, Save: func() error { s.saves++; return nil },
	})
}

func (s *story) heard(want ...string) {
	s.Helper()
	if diff := cmp.Diff(want, s.radio.said); diff != "" {
		s.Errorf("-want +heard:\n%s", diff)
	}
	s.radio.said = nil
}

func newStory(t *testing.T) *story {
	return &story{T: t, now: noon, radio: radio{broken: map[string]bool{}}}
}

func TestToldOnce(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.evaluate(clearFinding("no_data"))
	s.heard()
	s.evaluate(firing("no_data", 0))
	s.heard("a QTickets: no fresh data", "b QTickets: no fresh data")
	for range 10 {
		if o := s.evaluate(firing("no_data", 0)); o.Sent+o.Failed+o.Deferred != 0 {
			t.Errorf("%+v", o)
		}
	}
	s.heard()
	s.evaluate(clearFinding("no_data"))
	s.heard("a QTickets: over: no fresh data", "b QTickets: over: no fresh data")
	s.evaluate(clearFinding("no_data"))
	s.heard()
	if s.saves != 4 {
		t.Errorf("saved %d times, want once after each message", s.saves)
	}
}

// TestToldAgainWhenDoubled: 1, 2, 3, 4 … 100 rows make a message at 1, 2, 4, 8, 16, 32 and 64.
func TestToldAgainWhenDoubled(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.radio.broken["b"] = true
	for n := range 100 {
		s.evaluate(firing("quarantine", uint64(n+1)))
	}
	s.evaluate(firing("quarantine", 1))
	if want := 7; len(s.radio.said) != want || !strings.Contains(s.radio.said[6], "growing") {
		t.Errorf("%d messages, want %d: %q", len(s.radio.said), want, s.radio.said)
	}
}

// TestChannelOutOfOrder: it is notified later, and the other one is not notified twice.
func TestChannelOutOfOrder(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.radio.broken["b"] = true
	o := s.evaluate(firing("no_data", 0), firing("quarantine", 1))
	s.heard("a QTickets: no fresh data", "a QTickets: rows in quarantine that cannot be parsed")
	if o.Sent != 2 || o.Failed != 2 || o.Err == nil || s.radio.tries != 3 { // one message finds out that it is broken
		t.Errorf("%+v after %d tries", o, s.radio.tries)
	}
	s.evaluate(firing("no_data", 0), firing("quarantine", 1))
	s.heard()
	s.radio.broken["b"] = false
	if o := s.evaluate(firing("no_data", 0), firing("quarantine", 1)); o.Err != nil {
		t.Error(o.Err)
	}
	s.heard("b QTickets: no fresh data", "b QTickets: rows in quarantine that cannot be parsed")
}

// TestEndedBeforeItCouldBeTold: one message says that it was and that it is over.
func TestEndedBeforeItCouldBeTold(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.radio.broken["b"] = true
	s.evaluate(firing("no_data", 0))
	s.radio.broken["b"] = false
	s.radio.said = nil
	s.evaluate(clearFinding("no_data"))
	s.heard("a QTickets: over: no fresh data", "b QTickets: over: no fresh data")
}

func TestQuietHoursHoldBack(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.quietHours = "12-13"
	o := s.evaluate(firing("quarantine", 1), firing("no_data", 0), CannotCheck([]string{"x"}))
	s.heard("a QTickets: no fresh data", "a QTickets: could not check", "b QTickets: no fresh data",
		"b QTickets: could not check")
	if o.Deferred != 2 || o.Failed != 0 {
		t.Errorf("%+v", o)
	}
	s.evaluate(clearFinding("no_data"), firing("quarantine", 1))
	s.radio.said = nil
	s.now = noon.Add(time.Hour)
	s.evaluate(clearFinding("no_data"), firing("quarantine", 1))
	s.heard("a QTickets: rows in quarantine that cannot be parsed", "b QTickets: rows in quarantine that cannot be parsed")
	if notified := s.List[0].NotifiedAt(); s.List[0].Rule != "quarantine" || notified == nil || !notified.Equal(s.now) {
		t.Errorf("told at %v, want %v", notified, s.now)
	}
}

// TestNothingIsSentThatCannotBeNoted: a full disk must not make a message every five minutes.
func TestNothingIsSentThatCannotBeNoted(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.Apply([]Finding{firing("no_data", 0), firing("quarantine", 1)}, noon)
	o := s.Deliver(t.Context(), Delivery{Channels: s.radio.channels(), Lang: "en", Now: noon,
		Save: func() error { return errors.New("disk full") }})
	if len(s.radio.said) != 1 || o.Err == nil {
		t.Errorf("%q went out, error %v", s.radio.said, o.Err)
	}
}
