package dashboard

import (
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

var months = map[string][]string{
	"ru": {"янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
	"en": {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// Days of the week from Sunday, as time.Weekday counts them.
var (
	weekdayNames = map[string][]string{
		"ru": {"вс", "пн", "вт", "ср", "чт", "пт", "сб"},
		"en": {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	}
	// baselineDays follow "compared to": "к обычному понедельнику".
	baselineDays = map[string][]string{
		"ru": {"обычному воскресенью", "обычному понедельнику", "обычному вторнику", "обычной среде", "обычному четвергу", "обычной пятнице", "обычной субботе"},
		"en": {"a usual Sunday", "a usual Monday", "a usual Tuesday", "a usual Wednesday", "a usual Thursday", "a usual Friday", "a usual Saturday"},
	}
)

// Date is a calendar day with its year. The day is taken as it stands: no zone is applied.
func (f format) Date(t time.Time) string {
	return fmt.Sprintf("%s%s%d", f.Day(t), nbsp, t.Year())
}

// Day is a calendar day without its year.
func (f format) Day(t time.Time) string {
	return fmt.Sprintf("%d%s%s", t.Day(), nbsp, months[f.lang][t.Month()-1])
}

// Weekday is the short name of a day of the week.
func (f format) Weekday(w time.Weekday) string { return weekdayNames[f.lang][w] }

// BaselineDay is what today is compared with.
func (f format) BaselineDay(w time.Weekday) string { return baselineDays[f.lang][w] }

// DayOfWeek is a calendar day with its weekday.
func (f format) DayOfWeek(t time.Time) string { return f.Weekday(t.Weekday()) + nbsp + f.Day(t) }

// Clock is a wall clock in Moscow.
func (f format) Clock(t time.Time) string { return t.In(sales.Moscow).Format("15:04") }

// Moment is a Moscow moment: the clock alone on the day of now, else with its day.
func (f format) Moment(t, now time.Time) string {
	t, now = t.In(sales.Moscow), now.In(sales.Moscow)
	clock := t.Format("15:04")
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return clock
	case t.Year() == now.Year():
		return f.Day(t) + ", " + clock
	default:
		return f.Date(t) + ", " + clock
	}
}

// MomentFull is a Moscow moment with everything.
func (f format) MomentFull(t time.Time) string {
	t = t.In(sales.Moscow)
	return f.Date(t) + ", " + t.Format("15:04")
}

// ShowTime is the wall clock at the venue, with the city and how far it is from Moscow: the reader may sit in
// either. An unknown zone says only the city.
func (f format) ShowTime(start time.Time, zone, city string) string {
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		place = sales.Moscow
	}
	local := start.In(place)
	s := fmt.Sprintf("%s, %s, %s", f.Weekday(local.Weekday()), f.Date(local), local.Format("15:04"))
	if zone == "" || err != nil {
		if city == "" {
			return s
		}
		return s + " (" + city + ")"
	}
	if city == "" {
		return s + " (" + f.fromMoscow(local) + ")"
	}
	return s + " (" + city + ", " + f.fromMoscow(local) + ")"
}

func (f format) fromMoscow(local time.Time) string {
	_, here := local.Zone()
	_, there := local.In(sales.Moscow).Zone()
	name := "MSK"
	if f.ru() {
		name = "МСК"
	}
	minutes := (here - there) / 60
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
