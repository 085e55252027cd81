package figures

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Shows are shows to come, those that are likeliest to end below their plan first.
type Shows struct {
	Shows []ShowLine
}

// ShowReason says why a show stands where it stands in the list.
type ShowReason string

// The reasons in the order of need; the first three by the chance to end below the plan.
const (
	ShowWillMiss  ShowReason = "will_miss"
	ShowMayMiss   ShowReason = "may_miss"
	ShowOnCourse  ShowReason = "on_course"
	ShowTooEarly  ShowReason = "too_early" // too little is known to tell a chance
	ShowRunning   ShowReason = "running"   // lasts for days and has begun: no need can be told
	ShowUnknown   ShowReason = "unknown"   // no date is set
	ShowSoldOut   ShowReason = "sold_out"  // nothing left: sold, or held
	ShowClosed    ShowReason = "sales_off" // no seat can be sold: all closed
	ShowFinished  ShowReason = "finished"
	ShowCancelled ShowReason = "cancelled"
)

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
	Money    []Amounts `money:"yes"` // paid and given back so far, by currency; Paid is not told

	Capacity, Closed, Left *int64           // nil: unknown; Left is what can be bought now
	Fill                   *decimal.Decimal `money:"no"` // Sold ÷ (Capacity − Closed), 0.642
	SeatsAt                *time.Time       // when the seats were read
	GrossPotential         *decimal.Decimal `money:"yes"` // list price of all seats in PotentialCurrency
	PotentialCurrency      string           `money:"yes"`
	Share                  *decimal.Decimal `money:"yes"` // price of the sold seats ÷ GrossPotential

	DaysLeft     *int             // to the venue's day of the show; nil: no date
	SalesPace    int64            // tickets paid in the last 7 days
	Outlook      *Outlook         // of those to come only; nil: none can be told, or nobody asked
	RequiredPace *decimal.Decimal `money:"no"` // tickets per day to reach Outlook.Plan; nil: there is none
	Reason       ShowReason
	Over         bool // at Version.AsOf
}

// Shows are the shows to come, those that are likeliest to end below their plan first.
func (s *Store) Shows(ctx context.Context, f Filter) (Shows, error) {
	lines, err := s.judged(ctx, f, true)
	slices.SortStableFunc(lines, func(a, b ShowLine) int {
		if a.Reason != b.Reason {
			return slices.Index(needOrder, a.Reason) - slices.Index(needOrder, b.Reason)
		}
		switch a.Reason {
		case ShowWillMiss, ShowMayMiss, ShowOnCourse:
			return cmp.Compare(b.Outlook.Chance, a.Outlook.Chance)
		}
		return 0
	})
	return Shows{Shows: lines}, err
}

// needOrder is the order of the list.
var needOrder = []ShowReason{
	ShowWillMiss, ShowMayMiss, ShowOnCourse, ShowTooEarly, ShowRunning, ShowUnknown, ShowSoldOut, ShowClosed, ShowFinished,
	ShowCancelled,
}

// derive works out the rest: days left, fill, the reason as far as it needs no forecast.
func (l *ShowLine) derive(asOf time.Time) {
	if places := l.Places(); places > 0 {
		fill := decimal.NewFromInt(l.Sold).DivRound(decimal.NewFromInt(places), ratioDigits)
		l.Fill = &fill
	}
	end := l.Finish
	if end == nil {
		end = l.Start
	}
	l.Over = end != nil && !end.After(asOf)
	if l.LocalDate != nil {
		days := daysLeft(*l.LocalDate, asOf)
		l.DaysLeft = &days
	}
	l.Reason = l.reason(asOf)
}

// paceDays are those of ShowLine.SalesPace.
const paceDays = 7

// PaceADay is the tickets sold a day, of the last seven.
func (l *ShowLine) PaceADay() decimal.Decimal {
	return decimal.NewFromInt(l.SalesPace).DivRound(decimal.NewFromInt(paceDays), 1)
}

// Places that can be or were sold; 0: unknown.
func (l *ShowLine) Places() int64 {
	if l.Capacity == nil || l.Closed == nil {
		return 0
	}
	return *l.Capacity - *l.Closed
}

// Held is how many seats are neither sold, nor closed, nor to be bought: reserved ones. 0 also where seats are unknown.
func (l *ShowLine) Held() int64 {
	if l.Left == nil {
		return 0
	}
	return max(0, l.Places()-l.Sold-*l.Left)
}

// running reports whether a show that lasts for days has begun: the day it began says nothing about what is left to
// sell.
func (l *ShowLine) running(asOf time.Time) bool {
	return l.Start != nil && l.Finish != nil && !l.Start.After(asOf) && l.Finish.Sub(*l.Start) > 36*time.Hour
}

// daysLeft to the venue's calendar day, from the Moscow day of a moment.
func daysLeft(local, at time.Time) int {
	from := dayOf(at)
	return max(0, daysBetween(from, time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, sales.Moscow)))
}

func (l *ShowLine) reason(asOf time.Time) ShowReason {
	switch {
	case l.Cancelled:
		return ShowCancelled
	case l.Over:
		return ShowFinished
	case l.Capacity != nil && l.Closed != nil && l.Places() == 0:
		return ShowClosed
	case l.Left != nil && *l.Left == 0:
		return ShowSoldOut
	case l.running(asOf):
		return ShowRunning
	case l.DaysLeft == nil:
		return ShowUnknown
	}
	return ShowTooEarly
}
