package figures

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Filter says which figures are asked for. The zero value of a field leaves it out.
type Filter struct {
	Version  Version   // of Store.Version; all blocks of a page must have the same
	Now      time.Time // the clock of the page: tells days without data from days without sales
	Period   Period    // "" is Period28
	From, To time.Time // Moscow days, inclusive; of PeriodRange only
	City     string
	Event    uint64
	Show     uint64 // of the event screen only
	Compare  Compare
	Number   Number // of MadeOf only
}

// Period is a stretch of Moscow days that ends with the day of Version.AsOf.
type Period string

// The periods a page offers.
const (
	PeriodToday Period = "today"
	Period7     Period = "7"
	Period28    Period = "28"
	Period90    Period = "90"
	PeriodAll   Period = "season" // everything there is
	PeriodRange Period = "range"  // Filter.From to Filter.To
)

// Compare says what a period is compared with.
type Compare string

// The comparisons a page offers. Both end at the same time of day as the data.
const (
	CompareNone     Compare = ""
	ComparePrevious Compare = "previous" // as many days before; a day is compared with the same weekday of last week
	CompareYear     Compare = "year"     // 52 weeks earlier, so that weekdays match
)

// parameters are those every query knows.
func (f Filter) parameters() map[string]string {
	return map[string]string{
		"batch": unsigned(f.Version.Batch), "slices": cmp.Or(f.Version.slices, "[]"), "as_of": seconds(f.Version.AsOf),
		"city": text(f.City), "event": unsigned(f.Event), "show": unsigned(f.Show),
	}
}

// key tells questions about a publication and filter apart.
func (f Filter) key(more string) string {
	return more + " " + unsigned(f.Version.Batch) + " " + seconds(f.Version.AsOf) + " " + unsigned(f.Event) + " " +
		unsigned(f.Show) + " " + f.City
}

// text is a text as a parameter has it: ClickHouse reads escapes there.
func text(s string) string { return textEscaper.Replace(s) }

var textEscaper = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", `\0`)

func unsigned(n uint64) string { return strconv.FormatUint(n, 10) }

// seconds is a moment as DateTime64(3) reads it, whatever the zone.
func seconds(at time.Time) string {
	return strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)
}

// unixSeconds is a moment as DateTime reads it.
func unixSeconds(at time.Time) string { return strconv.FormatInt(max(at.Unix(), 0), 10) }
