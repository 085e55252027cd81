package dashboard

import (
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestLeastFigures: what a source may answer at the least (zero values, unknown everywhere) makes a page, and
// nothing unknown turns into a zero of money or a date.
func TestLeastFigures(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	show := figures.ShowLine{EventID: 1, ShowID: 2, Reason: figures.ShowUnknown}
	least := func() *answers {
		d := &answers{version: figures.Version{AsOf: inventedNow}}
		d.alerts.value = []figures.AlertLine{{}}
		d.cards.value = figures.Cards{Cards: []figures.Card{{Name: figures.CardTickets}, {Name: figures.CardRevenue}}, Next: &show}
		d.hours.value = figures.Hours{Points: []figures.HourPoint{{}, {Minute: 61}}}
		d.shows.value = figures.Shows{Shows: []figures.ShowLine{{}, show}}
		d.weeks.value = figures.Days{Days: []figures.Day{{Date: day}, {Date: day, State: figures.DayUnknown}}}
		d.days.value = d.weeks.value
		d.cities.value = figures.Cities{Cities: []figures.CityLine{{}}}
		d.event.value = figures.Event{EventID: 1, Shows: []figures.ShowLine{show}, Show: &show}
		d.pacing.value = figures.Pacing{Points: []figures.PacePoint{{}}, Comparables: []figures.Comparable{{}}, Forecast: &figures.Forecast{}}
		d.zones.value = figures.Zones{Zones: []figures.Zone{{}}}
		d.channels.value = figures.Channels{Sources: []figures.Channel{{Parts: []figures.Channel{{Parts: []figures.Channel{{}}}}}}}
		d.promo.value = figures.PromoCodes{Codes: []figures.PromoCode{{}}}
		d.payments.value = figures.PaymentTypes{Types: []figures.PaymentType{{}}}
		d.lead.value = figures.Lead{Steps: []figures.LeadStep{{}}, Total: 1}
		d.sizes.value = figures.OrderSizes{Sizes: []figures.OrderSize{{}}, Orders: 1}
		d.feeds.value = figures.Feeds{Feeds: []figures.Feed{{}}, Runs: []figures.Run{{}}}
		d.history.value = []figures.AlertLine{{}}
		d.refused.value = figures.Quarantine{Total: 1, Rows: []figures.QuarantineLine{{}}}
		return d
	}
	for _, screen := range []screen{screenToday, screenEvent, screenChannels, screenData} {
		for _, d := range []*answers{least(), {version: figures.Version{AsOf: inventedNow}}} {
			for _, money := range []bool{false, true} {
				f := frame{format: format{"en"}, Ask: ask{screen: screen, lang: "en", money: money, filter: figures.Filter{Event: 1, Show: 2, Period: figures.Period28}}}
				f.fill(d, sight{})
				page, err := f.write()
				if err != nil {
					t.Fatal(err)
				}
				for _, wrong := range []string{"0001", "⟨", "%!", "<nil>", "NaN"} {
					if strings.Contains(string(page.plain), wrong) {
						at := strings.Index(string(page.plain), wrong)
						t.Errorf("%s says %q: …%s…", screen, wrong, page.plain[max(0, at-80):min(len(page.plain), at+40)])
					}
				}
			}
		}
	}
}
