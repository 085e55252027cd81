package figures

import (
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TestLonelySeats: a row as "place+state" with f free, s sold, h held, c closed, u unknown; lonely ones end in "!", and
// "|" stands before a place that others are missing before.
func TestLonelySeats(t *testing.T) {
	t.Parallel()
	states := map[byte]sales.SeatState{'f': sales.SeatFree, 's': sales.SeatSold, 'h': sales.SeatHeld,
		'c': sales.SeatClosed, 'u': sales.SeatUnknown}
	for row, want := range map[string]string{
		"":                   "",
		"1f":                 "1f", // a box of one place is not lonely
		"1s 2f 3s":           "1s 2f! 3s",
		"1f 2s":              "1f! 2s",
		"1f 2f":              "1f 2f",
		"1s 2f 3f 4s":        "1s 2f 3f 4s",
		"1h 2f 3c":           "1h 2f! 3c",
		"1u 2f 3u":           "1u 2f! 3u",
		"10f 9s 8f 2f":       "2f |8f! 9s 10f!",
		"1s 2f 11f 12s":      "1s 2f! |11f! 12s",
		"1f 3f 5s":           "1f |3f |5s",
		"1a! 1b":             "",
		"1f 1f 2s":           "1f 1f 2s", // the same number twice: nobody knows where they are
		"99999999999999999f": "99999999999999999f",
	} {
		var seats []HallSeat
		for _, text := range strings.Fields(row) {
			n := len(text) - 1
			if state := states[text[n]]; state != "" {
				seats = append(seats, HallSeat{Place: text[:n], State: state})
			}
		}
		var got []string
		for _, s := range inRow(seats) {
			text := s.Place + string(s.State[0])
			if s.Gap {
				text = "|" + text
			}
			if s.Lonely {
				text += "!"
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s, want %s", row, text, want)
		}
	}
	letters := inRow([]HallSeat{{Place: "Б", State: sales.SeatFree}, {Place: "12", State: sales.SeatSold},
		{Place: "А", State: sales.SeatSold}})
	if letters[0].Place != "12" || letters[1].Place != "А" || letters[2].Lonely || letters[1].Gap {
		t.Errorf("%+v", letters)
	}
}
