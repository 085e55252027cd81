package figures

import (
	"fmt"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

func TestFinishedShows(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2030, 6, 1, 12, 0, 0, 0, sales.Moscow)
	day := func(months, days int) *time.Time {
		d := time.Date(2030, time.Month(6+months), 1+days, 0, 0, 0, 0, time.UTC)
		return &d
	}
	lines := []ShowLine{
		{ShowID: 1, LocalDate: day(-1, 2), Over: true, Sold: 5},
		{ShowID: 2, LocalDate: day(-2, 0), Over: true, Sold: 5},
		{ShowID: 3, LocalDate: day(-25, 0), Over: true, Sold: 5},                 // too long ago
		{ShowID: 4, LocalDate: day(0, 3), Sold: 5},                               // not over
		{ShowID: 5, LocalDate: day(-1, 0), Over: true, Sold: 5, Cancelled: true}, // cancelled
		{ShowID: 6, LocalDate: day(-1, 0), Over: true},                           // nothing sold
		{ShowID: 7, Over: true, Sold: 5},                                         // no date
	}
	var got []uint64
	for _, l := range finishedOf(lines, asOf) {
		got = append(got, l.ShowID)
	}
	if fmt.Sprint(got) != "[2 1]" {
		t.Errorf("finished shows: %v", got)
	}
}

// TestPacingCompares: a show beside the finished ones that are like it.
func TestPacingCompares(t *testing.T) {
	t.Parallel()
	date := func(day int) *time.Time { d := time.Date(2030, 1, day, 0, 0, 0, 0, time.UTC); return &d }
	curve := func(sold int64) []PacePoint {
		return []PacePoint{{DaysLeft: 30, Sold: sold / 4}, {DaysLeft: 10, Sold: sold / 2}, {DaysLeft: 0, Sold: sold}}
	}
	found := &finished{lines: map[string]ShowLine{}}
	for i := range 5 {
		l := ShowLine{EventID: uint64(i / 4), ShowID: uint64(1 + i), Event: "Кубики", LocalDate: date(1 + 7*i)}
		found.shows = append(found.shows, l.withCurve(curve(int64(40+20*i))))
		found.lines[unsigned(l.ShowID)] = l
	}
	found.past = forecast.Learn(found.shows)
	days := 10
	p := Pacing{Show: ShowLine{ShowID: 9, LocalDate: date(59), DaysLeft: &days, Sold: 35}, Points: curve(70)[:2]}
	p.compare(found)
	if p.Forecast == nil || p.Forecast.Expected != 70 || p.Forecast.Band != nil || p.WhyNot != GapNone {
		t.Errorf("forecast %+v %s", p.Forecast, p.WhyNot)
	}
	// By event first, then by date; the fifth has the kind of day in common.
	if len(p.Comparables) != 5 || p.Comparables[0].ShowID != 4 || p.Comparables[4].ShowID != 5 ||
		fmt.Sprint(p.Comparables[0].Reasons) != "[event weekday]" || p.Comparables[0].Final != 100 {
		t.Errorf("comparables %+v", p.Comparables)
	}
	if p.Pace == nil || p.Pace.String() != "0.875" || len(p.Middle) != 3 || p.Middle[2].Sold != 80 {
		t.Errorf("pace %v, middle %v", p.Pace, p.Middle)
	}
	if p.Record.DaysLeft != 10 || p.Record.Shows == 0 || p.Record.WAPE == nil {
		t.Errorf("record %+v", p.Record)
	}
	p = Pacing{Show: ShowLine{ShowID: 9, LocalDate: date(59), DaysLeft: &days, Sold: 35, Over: true}, Points: curve(70)}
	if p.compare(found); p.Forecast != nil || p.WhyNot != GapOver {
		t.Errorf("forecast of a show that is over: %+v %s", p.Forecast, p.WhyNot)
	}
	found = &finished{past: forecast.Learn(found.shows[:2])}
	p = Pacing{Show: ShowLine{ShowID: 9, LocalDate: date(59), DaysLeft: &days, Sold: 35}, Points: curve(70)[:2]}
	if p.compare(found); p.Forecast != nil || p.WhyNot != GapFewShows {
		t.Errorf("forecast from two shows: %+v %s", p.Forecast, p.WhyNot)
	}
}
