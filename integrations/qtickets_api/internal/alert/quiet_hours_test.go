package alert

import (
	"testing"
	"time"
)

func TestQuietHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hours string
		want  map[string]bool // Moscow
	}{
		{"", map[string]bool{"00:00": false, "23:59": false}},
		{"23-8", map[string]bool{"22:59": false, "23:00": true, "00:30": true, "07:59": true, "08:00": false,
			"12:00": false}},
		{"0-8", map[string]bool{"00:00": true, "07:59": true, "08:00": false, "23:00": false}},
		{" 20 - 24 ", map[string]bool{"19:59": false, "20:00": true, "23:59": true, "00:00": false}},
	} {
		q, err := ParseQuietHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		for clock, want := range c.want {
			at, err := time.ParseInLocation("15:04", clock, moscow)
			if err != nil {
				t.Fatal(err)
			}
			if q.at(at.UTC()) != want {
				t.Errorf("%q at %s: %v", c.hours, clock, !want)
			}
		}
	}
	for _, wrong := range []string{"8", "8-8", "24-8", "23:00-8:00", "-1-8", "22-25", "a-b"} {
		if _, err := ParseQuietHours(wrong); err == nil {
			t.Errorf("%q is taken for hours", wrong)
		}
	}
}
