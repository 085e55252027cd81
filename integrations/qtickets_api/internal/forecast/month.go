package forecast

import (
	"strconv"
	"time"
)

// longestMonth is how many days are left when a month begins: the same for all, so that they can be compared.
const longestMonth = 31

// Month is a calendar month as if it were a show at its end: soldBy is what was sold by the end of each of its days so
// far, of so many days. Numbers of months that follow each other differ by 1.
func Month(number, days int, soldBy []int64) Show {
	// Farther apart than a month is long, so that one is over before the next begins, and all on the same weekday.
	s := Show{ID: strconv.Itoa(number), Date: time.Unix(0, 0).UTC().AddDate(0, 0, 35*number),
		Curve: []Point{{DaysLeft: longestMonth}}}
	for i, sold := range soldBy {
		s.Curve = append(s.Curve, Point{days - i - 1, sold})
	}
	return s
}
