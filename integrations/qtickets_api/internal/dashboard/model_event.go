package dashboard

import (
	"time"

	"github.com/shopspring/decimal"
)

// Event is the head of the event screen: the event, its shows, and the show that was chosen or all together.
type Event struct {
	EventID uint64
	Name    string
	City    string
	Place   string
	Zone    string
	Shows   []ShowLine // by date, those without one last
	Show    *ShowLine  // of Filter.Show; nil: all shows
	Total   ShowLine   // all shows together; date, need and reason are left out
}

// Pacing is how a show sells by days left, beside comparable shows.
type Pacing struct {
	Show        ShowLine
	Points      []PacePoint // from the first sale to the show or Version.AsOf, DaysLeft falling
	Comparables []Comparable
	Middle      []PacePoint      // median of the comparables; empty with fewer than 3
	Pace        *decimal.Decimal // sold ÷ median of the comparables with as many days left; nil: none
	Forecast    *Forecast        // nil: WhyNot says why
	WhyNot      PacingGap
	PastError   *decimal.Decimal // median error of such forecasts in per cent, each from earlier shows only; nil: too few
	PastShows   int              // how many shows PastError was tried on
}

// PacingGap says why there is no forecast.
type PacingGap string

// Why there is no forecast.
const (
	GapNone        PacingGap = ""
	GapNoDate      PacingGap = "no_date"
	GapOver        PacingGap = "over"
	GapNothingSold PacingGap = "nothing_sold"
	GapFewShows    PacingGap = "few_comparables" // fewer than 3
	GapNoSeats     PacingGap = "no_seats"        // below 20 sold the capacity is needed
)

// PacePoint is what was sold with so many days left: paid and not refunded by the end of that day.
type PacePoint struct {
	DaysLeft int
	Sold     int64
}

// Comparable is a finished show like this one.
type Comparable struct {
	EventID, ShowID uint64
	Event           string
	City            string
	LocalDate       time.Time
	Final           int64
	Capacity        *int64
	Score           int
	Reasons         []LikenessReason
	Points          []PacePoint
}

// LikenessReason says in what a show is like another.
type LikenessReason string

// With their points: 4, 2, 1, 1, 1.
const (
	SameEvent    LikenessReason = "event"
	SameHall     LikenessReason = "hall"
	SameCity     LikenessReason = "city"
	SameCapacity LikenessReason = "capacity" // ±30 %
	SameWeekday  LikenessReason = "weekday"  // both on Friday to Sunday, or both not
)

// Forecast is the final number of tickets in three cases of ten, in the middle, and in nine of ten. With 3 or 4 comparables
// only P50 is known.
type Forecast struct {
	P50      int64
	P10, P90 *int64
}

// Zones are the parts of a show's hall.
type Zones struct {
	Zones  []Zone
	SeenAt *time.Time // when the seats were read; nil: never, Zones is empty
}

// Zone is one part of the hall; a place sold by several tariffs counts once.
type Zone struct {
	Name                               string
	Capacity, Sold, Held, Free, Closed *int64           // nil: unknown
	Fill                               *decimal.Decimal // Sold ÷ (Capacity − Closed)
	MinPrice, MaxPrice                 *decimal.Decimal
	Possible                           *decimal.Decimal // list price of all its places
	Currency                           string
}
