package figures

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// TestOutlook: a forecast says how a show stands only where nothing else does.
func TestOutlook(t *testing.T) {
	t.Parallel()
	days := 4
	line := func(reason ShowReason) ShowLine { return ShowLine{Sold: 40, DaysLeft: &days, Reason: reason} }
	for _, c := range []struct {
		name    string
		line    ShowLine
		outlook Outlook
		reason  ShowReason
		needed  string
	}{
		{"will miss", line(ShowTooEarly), Outlook{Plan: 100, State: forecast.WillMiss, Chance: 0.8}, ShowWillMiss, "15"},
		{"on course", line(ShowTooEarly), Outlook{Plan: 30, State: forecast.OnCourse}, ShowOnCourse, "0"},
		{"too early", line(ShowTooEarly), Outlook{Plan: 100, State: forecast.TooEarly}, ShowTooEarly, "15"},
		{"no plan", line(ShowTooEarly), Outlook{State: forecast.Unknown}, ShowTooEarly, ""},
		{"sold out", line(ShowSoldOut), Outlook{Plan: 100, State: forecast.WillMiss}, ShowSoldOut, ""},
		{"running", line(ShowRunning), Outlook{Plan: 100, State: forecast.WillMiss}, ShowRunning, ""},
	} {
		c.line.judge(c.outlook)
		needed := ""
		if c.line.RequiredPace != nil {
			needed = c.line.RequiredPace.String()
		}
		if c.line.Reason != c.reason || needed != c.needed || (c.line.Outlook != nil) != (c.line.Reason == ShowTooEarly ||
			c.line.Reason == ShowWillMiss || c.line.Reason == ShowOnCourse) {
			t.Errorf("%s: %s, %q needed a day, %+v", c.name, c.line.Reason, needed, c.line.Outlook)
		}
	}
	usual := forecast.Forecast{Usual: 70}
	if o := outlookOf(usual, 100); o.State != forecast.TooEarly || o.Plan != 100 || !o.Planned {
		t.Errorf("with a plan: %+v", o)
	}
	if o := outlookOf(usual, 0); o.State != forecast.TooEarly || o.Plan != 70 || o.Planned {
		t.Errorf("without one: %+v", o)
	}
}
