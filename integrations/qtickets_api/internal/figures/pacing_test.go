package figures

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// past is a finished show: what was sold 30 and 10 days before it, and in the end.
func past(id uint64, day int, capacity int64, sold ...int64) Comparable {
	c := Comparable{ShowID: id, LocalDate: time.Date(2030, 1, day, 0, 0, 0, 0, time.UTC), Final: sold[len(sold)-1]}
	if capacity > 0 {
		c.Capacity = &capacity
	}
	for i, n := range sold {
		c.Points = append(c.Points, PacePoint{DaysLeft: []int{30, 10, 0}[i], Sold: n})
	}
	return c
}

func TestForecast(t *testing.T) {
	t.Parallel()
	five := []Comparable{
		past(1, 1, 100, 10, 20, 40), past(2, 2, 100, 10, 30, 90), past(3, 3, 100, 20, 40, 60), past(4, 4, 100, 10, 50, 100),
		past(5, 5, 100, 30, 40, 50),
	}
	for _, c := range []struct {
		name         string
		sold, places int64
		days         int
		of           []Comparable
		want         string // P10 P50 P90
	}{
		// Growth from 10 days left: 1.25, 1.5, 2, 2, 3.
		{"times what is sold", 40, 500, 10, five, "54 80 104"},
		{"no more than there is", 40, 70, 10, five, "54 70 70"},
		{"no less than is sold", 200, 150, 10, five, "200 200 200"},
		{"places unknown", 40, 0, 10, five, "54 80 104"},
		{"between the points of the curves", 40, 500, 17, five, "88 160 384"},
		{"a line of three", 40, 500, 10, five[:3], "— 80 —"},
		{"two are too few", 40, 500, 10, five[:2], "few_comparables"},
		// Added since 10 days left, of 100 places: 0.1, 0.2, 0.2, 0.5, 0.6.
		{"few are sold: parts of the hall", 10, 200, 10, five, "38 50 122"},
		{"few are sold, places unknown", 10, 0, 10, five, "no_seats"},
		{"nobody had sold by then", 40, 500, 60, five, "few_comparables"},
	} {
		f, gap := forecast(c.sold, c.places, c.days, c.of)
		got := string(gap)
		if f != nil {
			got = strings.Join([]string{orDash(f.P10), fmt.Sprint(f.P50), orDash(f.P90)}, " ")
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func orDash(n *int64) string {
	if n == nil {
		return "—"
	}
	return fmt.Sprint(*n)
}

func TestComparables(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2030, 6, 1, 12, 0, 0, 0, sales.Moscow)
	day := func(months, days int) *time.Time {
		d := time.Date(2030, time.Month(6+months), 1+days, 0, 0, 0, 0, time.UTC) // the first of June is a Saturday
		return &d
	}
	seats := func(n int64) *int64 { return &n }
	show := ShowLine{EventID: 1, ShowID: 1, City: "Тула", Place: "ДК", LocalDate: day(0, 7), Capacity: seats(100)}
	lines := []ShowLine{
		show,
		{EventID: 1, ShowID: 2, City: "Тула", Place: "ДК", LocalDate: day(-1, 2), Capacity: seats(100), Over: true, Sold: 5},
		{EventID: 1, ShowID: 3, City: "Омск", Place: "ДК", LocalDate: day(-2, 0), Over: true, Sold: 5},
		{EventID: 2, ShowID: 4, City: "Тула", Place: "ДК", LocalDate: day(-3, 0), Capacity: seats(130), Over: true, Sold: 5},
		{EventID: 2, ShowID: 5, City: "Тула", Place: "ДК", LocalDate: day(-3, 1), Capacity: seats(131), Over: true, Sold: 5},
		// too long ago
		{EventID: 1, ShowID: 6, City: "Тула", Place: "ДК", LocalDate: day(-25, 0), Over: true, Sold: 5},
		// not over
		{EventID: 1, ShowID: 7, City: "Тула", Place: "ДК", LocalDate: day(0, 3)},
		// cancelled
		{EventID: 1, ShowID: 8, City: "Тула", Place: "ДК", LocalDate: day(-1, 0), Over: true, Cancelled: true, Sold: 5},
		// nothing sold
		{EventID: 1, ShowID: 9, City: "Тула", Place: "ДК", LocalDate: day(-1, 0), Over: true},
	}
	var got []string
	likely := candidates(show, lines, asOf)
	for _, c := range likely {
		got = append(got, fmt.Sprint(c.ShowID, c.Score, c.Reasons))
	}
	want := "2 9 [event hall city capacity weekday] 4 5 [hall city capacity weekday] 3 4 [event] 5 4 [hall city weekday]"
	if strings.Join(got, " ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, " "), want)
	}
	// On sale later than this show, in days left: no comparison.
	curves := map[uint64][]PacePoint{1: {{60, 5}}, 2: {{59, 1}, {0, 9}}, 3: {{60, 1}, {0, 8}}, 4: {{90, 1}, {0, 0}}}
	chosen := choose(show, likely, curves)
	if len(chosen) != 1 || chosen[0].ShowID != 3 || chosen[0].Final != 8 {
		t.Errorf("%+v", chosen)
	}
}

func TestPastError(t *testing.T) {
	t.Parallel()
	p := Pacing{Comparables: []Comparable{
		past(6, 6, 0, 10, 20, 80), past(1, 1, 0, 10, 20, 40), past(2, 2, 0, 10, 20, 40), past(3, 3, 0, 10, 20, 40),
		past(4, 4, 0, 10, 20, 50), past(5, 5, 0, 10, 20, 40),
	}}
	p.pastError(10) // of 40 each: the fourth ends at 50, the fifth at 40, the sixth at 80
	if p.PastShows != 3 || p.PastError == nil || p.PastError.String() != "20" {
		t.Errorf("%d shows, %v", p.PastShows, p.PastError)
	}
}
