package sales

import (
	"time"
	_ "time/tzdata" // zones must be there in an image that holds nothing but the binary
)

// Moscow is the one time zone of the program: the sales day of an order is its day here, whatever the zone of the venue
// (API notes, section 15).
var Moscow = mustLoad("Europe/Moscow")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// Day is the Moscow calendar day of an instant, as 2006-01-02.
func Day(t time.Time) string { return t.In(Moscow).Format(time.DateOnly) }
