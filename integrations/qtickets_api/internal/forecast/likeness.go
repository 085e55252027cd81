package forecast

// Likeness is something two shows have in common.
type Likeness string

// What two shows may have in common.
const (
	SameEvent    Likeness = "event"
	SameHall     Likeness = "hall"
	SameCity     Likeness = "city"
	SameCapacity Likeness = "capacity" // ±30 %
	SameWeekday  Likeness = "weekday"  // both on Friday to Sunday, or both not
)

// likenesses with their points, in the order of common.
var likenesses = [...]struct {
	what   Likeness
	points int
}{{SameEvent, 4}, {SameHall, 2}, {SameCity, 1}, {SameCapacity, 1}, {SameWeekday, 1}}

// common says which of the likenesses two shows have.
func common(a, b *Show) [len(likenesses)]bool {
	return [...]bool{
		a.Event == b.Event,
		a.Place != "" && a.Place == b.Place && a.City == b.City,
		a.City != "" && a.City == b.City,
		a.Capacity > 0 && 10*b.Capacity >= 7*a.Capacity && 10*b.Capacity <= 13*a.Capacity,
		a.weekend() == b.weekend(),
	}
}

// mostPoints are those of shows that have everything in common.
const mostPoints = 4 + 2 + 1 + 1 + 1

// Alike says what two shows have in common.
func Alike(a, b Show) []Likeness {
	var found []Likeness
	for i, has := range common(&a, &b) {
		if has {
			found = append(found, likenesses[i].what)
		}
	}
	return found
}

func likeness(a, b *Show) (points int) {
	for i, has := range common(a, b) {
		if has {
			points += likenesses[i].points
		}
	}
	return points
}

// weekend is Friday to Sunday. Days are counted from a Thursday; asking time.Time would take most of a backtest.
func (s *Show) weekend() bool { return ((s.day()-1)%7+7)%7 <= 2 }

// Limits of the comparison with other shows.
const (
	mostComparables  = 12
	leastComparables = 3   // for a median
	mostErrors       = 40  // of the likest earlier forecasts a band is made of
	mostCandidates   = 120 // the latest finished shows that are looked at
)

// likest are the shows that were finished so many days before this one and have anything in common with it: the likest
// first, of equal ones the latest, as indices into p.shows.
func (p *Past) likest(show *Show, daysLeft int) []int {
	end := p.finishedBefore(show, daysLeft)
	from := max(0, end-mostCandidates)
	longest := onSaleFor(show.Curve, daysLeft)
	var points [mostCandidates]int
	var counts [mostPoints + 1]int
	for i := from; i < end; i++ {
		// Where the sale had only begun, its growth is not like this one's.
		if p.shows[i].Curve[0].DaysLeft >= min(longest, 2*daysLeft) {
			points[i-from] = likeness(show, &p.shows[i])
			counts[points[i-from]]++
		}
	}
	// Sorting by comparison would take a third of a backtest.
	var places [mostPoints + 1]int
	n := 0
	for k := mostPoints; k > 0; k-- {
		places[k] = n
		n += counts[k]
	}
	found := make([]int, n)
	for i := end - 1; i >= from; i-- {
		if k := points[i-from]; k > 0 {
			found[places[k]] = i
			places[k]++
		}
	}
	return found[:min(n, mostErrors)]
}

// onSaleFor is how many days before the show its sale began, as known with so many days left; 0: it had not.
func onSaleFor(curve []Point, daysLeft int) int {
	if len(curve) == 0 || curve[0].DaysLeft < daysLeft {
		return 0
	}
	return curve[0].DaysLeft
}
