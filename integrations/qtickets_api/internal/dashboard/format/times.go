package format

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var months = map[Locale][]string{
	"ru": {"янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// Days of the week from Sunday, as time.Weekday counts them.
var (
	weekdayNames = map[Locale][]string{
		"ru": {"вс", "пн", "вт", "ср", "чт", "пт", "сб"},
		"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	}
	// baselineDays follow "compared to": "к обычному понедельнику".
	baselineDays = map[Locale][]string{
		"ru": {"обычному воскресенью", "обычному понедельнику", "обычному вторнику", "обычной среде", "обычному четвергу",
			"обычной пятнице", "обычной субботе"},
		"en": {"a usual Sunday", "a usual Monday", "a usual Tuesday", "a usual Wednesday", "a usual Thursday",
			"a usual Friday", "a usual Saturday"},
	}
)

// Date is a calendar day with its year. The day is taken as it stands: no zone is applied.
func (l Locale) Date(t time.Time) string {
	return fmt.Sprintf("%s%s%d", l.Day(t), nbsp, t.Year())
}

// monthNames are those of whole months.
var monthNames = map[Locale][]string{
	"ru": {"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь",
		"декабрь"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
		"December"},
}

// Month is a calendar month with its year.
func (l Locale) Month(t time.Time) string {
	return fmt.Sprintf("%s%s%d", monthNames[l][t.Month()-1], nbsp, t.Year())
}

// Day is a calendar day without its year.
func (l Locale) Day(t time.Time) string {
	return fmt.Sprintf("%d%s%s", t.Day(), nbsp, months[l][t.Month()-1])
}

// DayRange is the days from one to another; their year stands where it is not that of now.
func (l Locale) DayRange(from, to, now time.Time) string {
	day := l.Day
	if year := now.In(sales.Moscow).Year(); from.Year() != year || to.Year() != year {
		day = l.Date
	}
	switch {
	case from.Equal(to):
		return day(to)
	case from.Year() == to.Year() && from.Month() == to.Month():
		return fmt.Sprintf("%d–%s", from.Day(), day(to))
	default:
		return l.T("span", day(from), day(to))
	}
}

// Weekday is the short name of a day of the week.
func (l Locale) Weekday(w time.Weekday) string { return weekdayNames[l][w] }

// BaselineDay is what today is compared with.
func (l Locale) BaselineDay(w time.Weekday) string { return baselineDays[l][w] }

// DayOfWeek is a calendar day with its weekday.
func (l Locale) DayOfWeek(t time.Time) string { return l.Weekday(t.Weekday()) + nbsp + l.Day(t) }

// Clock is a wall clock in Moscow.
func (l Locale) Clock(t time.Time) string { return t.In(sales.Moscow).Format("15:04") }

// ClockSeconds is a wall clock in Moscow to the second.
func (l Locale) ClockSeconds(t time.Time) string { return t.In(sales.Moscow).Format(time.TimeOnly) }

// Moment is a Moscow moment: the clock alone on the day of now, else with its day.
func (l Locale) Moment(t, now time.Time) string {
	t, now = t.In(sales.Moscow), now.In(sales.Moscow)
	clock := t.Format("15:04")
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return clock
	case t.Year() == now.Year():
		return l.Day(t) + ", " + clock
	default:
		return l.Date(t) + ", " + clock
	}
}

// MomentFull is a Moscow moment with everything.
func (l Locale) MomentFull(t time.Time) string {
	t = t.In(sales.Moscow)
	return l.Date(t) + ", " + t.Format("15:04")
}

// ShowTime is the wall clock at the venue, with the city and how far it is from Moscow: the reader may sit in
// either. An unknown zone says only the city.
func (l Locale) ShowTime(start time.Time, zone, city string) string {
	local, known := atVenue(start, zone)
	s := fmt.Sprintf("%s, %s, %s", l.Weekday(local.Weekday()), l.Date(local), local.Format("15:04"))
	if !known {
		if city == "" {
			return s
		}
		return s + " (" + city + ")"
	}
	if city == "" {
		return s + " (" + l.fromMoscow(local) + ")"
	}
	return s + " (" + city + ", " + l.fromMoscow(local) + ")"
}

// ShowTimeShort is ShowTime for a list, without what most readers know: the year of a show within half a year of now,
// and that Moscow's clock is meant.
func (l Locale) ShowTimeShort(start, now time.Time, zone, city string) string {
	local, known := atVenue(start, zone)
	s := l.DayOfWeek(local)
	if local.Before(now.AddDate(0, -6, 0)) || local.After(now.AddDate(0, 6, 0)) {
		s += nbsp + local.Format("2006")
	}
	s += ", " + local.Format("15:04")
	far := ""
	if _, there := local.Zone(); known && there != moscowOffset(local) {
		far = l.fromMoscow(local)
	}
	if city == "" && far == "" {
		return s
	}
	return s + " · " + strings.TrimSpace(city+" "+far)
}

// moscowOffset of the clock in Moscow at a moment, in seconds.
func moscowOffset(at time.Time) int {
	_, offset := at.In(sales.Moscow).Zone()
	return offset
}

// VenueClock is the wall clock at the venue; that of Moscow where the zone is unknown.
func (l Locale) VenueClock(t time.Time, zone string) string {
	local, _ := atVenue(t, zone)
	return local.Format("15:04")
}

// atVenue is a moment in the zone of the venue, in Moscow's where that is not known.
func atVenue(t time.Time, zone string) (local time.Time, known bool) {
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return t.In(sales.Moscow), false
	}
	return t.In(location), true
}

func (l Locale) fromMoscow(local time.Time) string {
	_, here := local.Zone()
	name := "MSK"
	if l.ru() {
		name = "МСК"
	}
	minutes := (here - moscowOffset(local)) / 60
	if minutes == 0 {
		return name
	}
	sign := "+"
	if minutes < 0 {
		sign, minutes = minus, -minutes
	}
	if minutes%60 != 0 {
		return fmt.Sprintf("%s%s%d:%02d", name, sign, minutes/60, minutes%60)
	}
	return fmt.Sprintf("%s%s%d", name, sign, minutes/60)
}

// Duration is how long something took.
func (l Locale) Duration(d time.Duration) string {
	units := []string{"ms", "s", "min", "h", "d"}
	if l.ru() {
		units = []string{"мс", "с", "мин", "ч", "дн."}
	}
	unit := func(x decimal.Decimal, u int) string { return l.Number(x, 1) + nbsp + units[u] }
	oneUnit := func(n time.Duration, u int) string { return unit(decimal.NewFromInt(int64(n)), u) }
	twoUnits := func(d, big, small time.Duration, u int) string {
		s := oneUnit(d/big, u)
		if rest := d % big / small; rest > 0 {
			s += nbsp + oneUnit(rest, u-1)
		}
		return s
	}
	switch {
	case d < time.Second:
		return oneUnit(d/time.Millisecond, 0)
	case d < time.Minute:
		return unit(decimal.New(d.Milliseconds(), -3), 1)
	case d < time.Hour:
		return twoUnits(d.Round(time.Second), time.Minute, time.Second, 2)
	case d < 48*time.Hour:
		return twoUnits(d.Round(time.Minute), time.Hour, time.Minute, 3)
	default:
		return twoUnits(d.Round(time.Hour), 24*time.Hour, time.Hour, 4)
	}
}
