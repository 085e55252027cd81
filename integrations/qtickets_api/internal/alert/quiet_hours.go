package alert

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// moscow has had no other offset since October 2014; a fixed one needs no zone files.
var moscow = time.FixedZone("MSK", 3*60*60)

// QuietHours are the hours of the day (Moscow) in which only critical incidents are sent. The zero value
// has none.
type QuietHours struct{ from, to int }

// ParseQuietHours reads "23-8": from 23:00 to 08:00. "" has no quiet hours.
func ParseQuietHours(text string) (QuietHours, error) {
	if text == "" {
		return QuietHours{}, nil
	}
	first, second, ok := strings.Cut(text, "-")
	from, err1 := strconv.Atoi(strings.TrimSpace(first))
	to, err2 := strconv.Atoi(strings.TrimSpace(second))
	if !ok || err1 != nil || err2 != nil || from < 0 || from > 23 || to < 0 || to > 24 || from == to {
		return QuietHours{}, errors.New("not a pair of hours: write 23-8 for 23:00 to 08:00 Moscow time")
	}
	return QuietHours{from, to}, nil
}

func (q QuietHours) at(now time.Time) bool {
	hour := now.In(moscow).Hour()
	if q.from <= q.to {
		return q.from <= hour && hour < q.to
	}
	return q.from <= hour || hour < q.to
}
