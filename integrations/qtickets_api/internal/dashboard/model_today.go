package dashboard

import (
	"time"

	"github.com/shopspring/decimal"
)

// Freshness says how far the data can be trusted now.
type Freshness struct {
	AsOf     time.Time
	Age      time.Duration // of the data at Filter.Now
	State    FreshnessState
	Reason   FreshnessReason
	UsualGap *time.Duration // median between the last 20 good loads; nil: too few to tell
	LastRun  *Run           // that has ended; nil: none
}

// FreshnessState is fresh, late or stale.
type FreshnessState string

// FreshnessReason says why the data is late or stale.
type FreshnessReason string

// Late is over twice the usual gap, stale over four times or after a failed run.
const (
	Fresh FreshnessState = "fresh"
	Late  FreshnessState = "late"
	Stale FreshnessState = "stale"

	ReasonNone     FreshnessReason = ""
	ReasonNoLoad   FreshnessReason = "no_load"   // nothing came for longer than usual
	ReasonFailed   FreshnessReason = "failed"    // the last run failed: Freshness.LastRun.Message says why
	ReasonPartial  FreshnessReason = "partial"   // the last run read not everything; the state stays what it is
	ReasonTooYoung FreshnessReason = "too_young" // too few loads to know what is usual; judged by 15 minutes
)

// Cards are the figures of the day of Version.AsOf, each beside what is usual by this minute.
type Cards struct {
	Day   time.Time // the Moscow day
	Weeks int       // of the 8 same weekdays before, those on which anything was on sale at all
	Today Figures
	Cards []Card    // tickets, then revenue, refunds, average of each currency, the main one first
	Next  *ShowLine // the next show to come; nil: none is known
}

// CardName names a card.
type CardName string

// The cards in their order.
const (
	CardTickets  CardName = "tickets"
	CardRevenue  CardName = "revenue"
	CardRefunds  CardName = "refunds" // money given back today, whenever it was paid
	CardRefunded CardName = "refunded_tickets"
	CardAverage  CardName = "average"
)

// Card is one figure of today.
type Card struct {
	Name     CardName
	Currency string           // "" for tickets
	Value    *decimal.Decimal // nil: unknown, as the average of no tickets
	Usual    *decimal.Decimal // median of the same weekdays to the same minute; nil: no such day is known
	Percent  *decimal.Decimal // Value against Usual, +12.3; nil when fewer than 10 such tickets are usual
}

// Hours is today, cumulative, over the band of the same weekdays of 8 weeks.
type Hours struct {
	Day      time.Time
	Weeks    int
	Currency string      // of Revenue: the main one
	Points   []HourPoint // each full hour from 00:00 to 24:00 and the minute of Version.AsOf, ascending
}

// HourPoint is what was sold from midnight to a minute of the day.
type HourPoint struct {
	Minute  int // of the Moscow day, 0 to 1440
	Tickets Band
	Revenue Band
}

// Band is a figure of today beside those of the weeks before. nil is unknown: a minute to come, no such week.
type Band struct {
	Today, Low, Median, High *decimal.Decimal
}

// ShowLine is a show with what helps to decide about it.
type ShowLine struct {
	EventID, ShowID uint64
	Event, Name     string // Name of the show is often empty
	City, Place     string
	Start           *time.Time // nil: no date is set
	Zone            string     // IANA name of the venue's zone
	LocalDate       *time.Time // the venue's calendar day, as midnight UTC
	LocalTime       string     // the venue's wall clock, "19:00"
	Finish          *time.Time
	SaleStart       *time.Time
	Cancelled       bool

	Sold     int64     // sold now, refunded ones not
	Free     int64     // of Sold, those that cost nothing
	Refunded int64     // tickets refunded so far
	Money    []Amounts // paid and given back so far, by currency; Paid is not told

	Capacity, Closed, Left *int64           // nil: unknown; Left is what can be bought now
	Fill                   *decimal.Decimal // Sold ÷ (Capacity − Closed), 0.642
	SeatsAt                *time.Time       // when the seats were read
	Possible               *decimal.Decimal // list price of all seats in PossibleCurrency
	PossibleCurrency       string
	Share                  *decimal.Decimal // price of the sold seats ÷ Possible

	DaysLeft *int             // to the venue's day of the show; nil: no date
	Speed    int64            // tickets paid in the last 7 days
	Before   int64            // in the 7 days before these
	Need     *decimal.Decimal // tickets per day to sell what is left; nil: seats or date unknown, or over
	Reason   ShowReason
	Ratio    *decimal.Decimal // Need ÷ (Speed ÷ 7): the order of the list; nil: no need, or nothing is sold
	Over     bool             // at Version.AsOf
}

// ShowReason says why a show stands where it stands in the list.
type ShowReason string

// The reasons in the order of need.
const (
	ShowSilent    ShowReason = "silent"    // nothing sold in 7 days, seats are left
	ShowBehind    ShowReason = "behind"    // sells slower than it would take to fill the hall
	ShowFalling   ShowReason = "falling"   // would fill, but sells less than half of the week before
	ShowOnTrack   ShowReason = "on_track"  // fills at this speed
	ShowRunning   ShowReason = "running"   // lasts for days and has begun: no need can be told
	ShowUnknown   ShowReason = "unknown"   // seats or date unknown: no need can be told
	ShowSoldOut   ShowReason = "sold_out"  // nothing left
	ShowClosed    ShowReason = "sales_off" // no seat can be sold: all closed
	ShowFinished  ShowReason = "finished"
	ShowCancelled ShowReason = "cancelled"
)

// Shows are shows to come, those that need help first.
type Shows struct {
	Shows []ShowLine
}

// Days are figures by Moscow day, every day of the stretch, also those without sales.
type Days struct {
	Days       []Day
	Currencies []string // met in Days, the main one first
}

// Day is one Moscow day.
type Day struct {
	Date  time.Time
	State DayState
	Figures
}

// DayState says whether a day's figures are all there.
type DayState string

// A day after the data ends is unknown, never "no sales".
const (
	DayComplete DayState = "complete"
	DayPartial  DayState = "partial" // the day of Version.AsOf: to that moment
	DayUnknown  DayState = "unknown" // after Version.AsOf: no data was loaded
)

// Cities are the figures of the period by city, most tickets first.
type Cities struct {
	Span   Span
	Cities []CityLine
	Total  CityLine
}

// CityLine is a city.
type CityLine struct {
	City     string // "": the source names none
	Upcoming int    // shows to come
	Figures
	Compared *Figures // nil: no comparison
}

// AlertLine is an incident.
type AlertLine struct {
	ID       string
	Rule     string
	Subject  string
	Text     string
	Level    uint64
	OpenedAt time.Time
	EndedAt  *time.Time // nil: goes on
}
