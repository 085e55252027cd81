package figures

import (
	"slices"
	"time"
)

// Comparable is a finished show like this one.
type Comparable struct {
	EventID, ShowID uint64
	Event           string
	City            string
	LocalDate       time.Time
	Final           int64
	Capacity        *int64
	Score           int
	Reasons         []SimilarityReason
	Points          []PacePoint
}

// SimilarityReason says what two shows have in common.
type SimilarityReason string

// With their points: 4, 2, 1, 1, 1.
const (
	SameEvent    SimilarityReason = "event"
	SameHall     SimilarityReason = "hall"
	SameCity     SimilarityReason = "city"
	SameCapacity SimilarityReason = "capacity" // ±30 %
	SameWeekday  SimilarityReason = "weekday"  // both on Friday to Sunday, or both not
)

// Limits of the comparison with other shows.
const (
	mostComparables = 12
	bandComparables = 5 // for P10 and P90
	lineComparables = 3 // for a median
	ratioFrom       = 20
	monthsBack      = 24
)

// candidates are the finished shows of the last two years that have anything in common with this one, the most similar
// first.
func candidates(show ShowLine, lines []ShowLine, asOf time.Time) []Comparable {
	var found []Comparable
	for _, l := range lines {
		if l.ShowID == show.ShowID || !l.Over || l.Cancelled || l.LocalDate == nil ||
			l.LocalDate.Before(asOf.AddDate(0, -monthsBack, 0)) || l.Sold == 0 ||
			!l.LocalDate.Before(*show.LocalDate) {
			continue
		}
		c := Comparable{
			EventID: l.EventID, ShowID: l.ShowID, Event: l.Event, City: l.City, LocalDate: *l.LocalDate, Capacity: l.Capacity,
		}
		c.scoreSimilarity(show, l)
		if c.Score > 0 {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b Comparable) int {
		if a.Score != b.Score {
			return b.Score - a.Score
		}
		if !a.LocalDate.Equal(b.LocalDate) {
			return b.LocalDate.Compare(a.LocalDate)
		}
		return int(int64(a.ShowID) - int64(b.ShowID))
	})
	return found[:min(len(found), 10*mostComparables)]
}

// scoreSimilarity adds up the similarity: 4 points the event, 2 the hall, 1 the city, the capacity and the kind of day.
func (c *Comparable) scoreSimilarity(a, b ShowLine) {
	score := func(points int, reason SimilarityReason, is bool) {
		if is {
			c.Score += points
			c.Reasons = append(c.Reasons, reason)
		}
	}
	score(4, SameEvent, a.EventID == b.EventID)
	score(2, SameHall, a.Place != "" && a.Place == b.Place && a.City == b.City)
	score(1, SameCity, a.City != "" && a.City == b.City)
	score(1, SameCapacity, a.Capacity != nil && b.Capacity != nil && *a.Capacity > 0 &&
		10*(*b.Capacity) >= 7*(*a.Capacity) && 10*(*b.Capacity) <= 13*(*a.Capacity))
	score(1, SameWeekday, weekend(*a.LocalDate) == weekend(*b.LocalDate))
}

func weekend(day time.Time) bool {
	d := day.Weekday()
	return d == time.Friday || d == time.Saturday || d == time.Sunday
}

// choose takes the most similar that were on sale no later than this show, in days left.
func choose(show ShowLine, likely []Comparable, curves map[uint64][]PacePoint) []Comparable {
	own := curves[show.ShowID]
	var chosen []Comparable
	for _, c := range likely {
		c.Points = curves[c.ShowID]
		if len(c.Points) == 0 || (len(own) > 0 && c.Points[0].DaysLeft < min(own[0].DaysLeft, onSaleLately)) {
			continue
		}
		if c.Final = c.Points[len(c.Points)-1].Sold; c.Final <= 0 {
			continue
		}
		if chosen = append(chosen, c); len(chosen) == mostComparables {
			break
		}
	}
	return chosen
}

// onSaleLately bounds how long before the show its comparables must have been on sale: a year says all.
const onSaleLately = 365
