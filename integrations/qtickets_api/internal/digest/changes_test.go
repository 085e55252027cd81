package digest

import (
	"fmt"
	"testing"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	show := seenShow{Name: "Play", Date: "2031-12-04"}
	with := func(change func(s *seenShow)) seenShow {
		s := show
		change(&s)
		return s
	}
	none, full := with(func(s *seenShow) { s.Cancelled = true }), with(func(s *seenShow) { s.NoSeats = true })
	for _, c := range []struct {
		before, after map[uint64]seenShow
		want          string
	}{
		{nil, map[uint64]seenShow{1: show}, ""}, // the first message
		{map[uint64]seenShow{1: show}, map[uint64]seenShow{1: show}, ""},
		{map[uint64]seenShow{1: show}, map[uint64]seenShow{}, ""}, // it is over
		{map[uint64]seenShow{}, map[uint64]seenShow{1: show}, "new 1;"},
		{map[uint64]seenShow{}, map[uint64]seenShow{1: none}, ""},
		{map[uint64]seenShow{1: show}, map[uint64]seenShow{1: full}, "no_seats 1;"},
		{map[uint64]seenShow{1: full}, map[uint64]seenShow{1: show}, "seats 1;"},
		{map[uint64]seenShow{1: show, 2: show, 3: show},
			map[uint64]seenShow{1: full, 2: with(func(s *seenShow) { s.Date = "2031-12-11" }), 3: none},
			"cancelled 3;moved 2;no_seats 1;"},
		{map[uint64]seenShow{1: show}, map[uint64]seenShow{1: with(func(s *seenShow) { s.Date = "" })}, "moved 1;"},
	} {
		got := ""
		for _, change := range changes(c.before, c.after) {
			got += fmt.Sprintf("%s %d;", change.kind, change.show)
		}
		if got != c.want {
			t.Errorf("%v → %v: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

func TestShortNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Play":                                   "Play",
		"a\nb\tc":                                "a b c",
		"A very long name of a play, unabridged": "A very long name of a play,…",
	} {
		if got := short(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
