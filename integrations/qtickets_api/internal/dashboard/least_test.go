package dashboard

import (
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// TestLeastFigures: what a source may answer at the least (zero values, unknown everywhere) makes a page, and
// nothing unknown turns into a zero of money or a date.
func TestLeastFigures(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	show := figures.ShowLine{EventID: 1, ShowID: 2, Reason: figures.ShowUnknown}
	days := figures.Days{Days: []figures.Day{{Date: day}, {Date: day, State: figures.DayUnknown}}}
	least := map[string]any{
		"alerts": []figures.AlertLine{{}},
		"cards": figures.Cards{Cards: []figures.Card{{Name: figures.CardTickets}, {Name: figures.CardRevenue}},
			Next: &show},
		"hours":      figures.Hours{Points: []figures.HourPoint{{}, {Minute: 61}}},
		"shows":      figures.Shows{Shows: []figures.ShowLine{{}, show}},
		"weeks":      days,
		"days":       days,
		"event-days": days,
		"cities":     figures.Cities{Cities: []figures.CityLine{{}}},
		"event":      figures.Event{EventID: 1, Shows: []figures.ShowLine{show}, Show: &show},
		"pacing": figures.Pacing{Points: []figures.PacePoint{{}}, Comparables: []figures.Comparable{{}},
			Forecast: &forecast.Forecast{}},
		"zones": figures.Zones{Zones: []figures.Zone{{}}},
		"hall":  figures.Hall{Zones: []figures.HallZone{{}, {Rows: []figures.HallRow{{}, {Seats: []figures.HallSeat{{}}}}}}},
		"channels": figures.Channels{
			Sources: []figures.Channel{{Parts: []figures.Channel{{Parts: []figures.Channel{{}}}}}},
		},
		"promo":       figures.PromoCodes{Codes: []figures.PromoCode{{}}},
		"payments":    figures.PaymentTypes{Types: []figures.PaymentType{{}}},
		"lead":        figures.Lead{Steps: []figures.LeadStep{{}}, Total: 1},
		"sizes":       figures.OrderSizes{Sizes: []figures.OrderSize{{}}, Orders: 1},
		"feeds":       figures.Feeds{Feeds: []figures.Feed{{}}, Runs: []figures.Run{{}}},
		"history":     []figures.AlertLine{{}},
		"quarantine":  figures.Quarantine{Total: 1, Rows: []figures.QuarantineLine{{}}},
		"explain":     figures.MadeOf{Movements: []figures.Movement{{}}, Count: 1},
		"backups":     []figures.BackupLine{{}},
		"assumptions": []figures.AssumptionLine{{}, {ID: 1, State: "confirmed"}},
	}
	given := map[string]block.Result{}
	for _, screen := range append(address.Screens(), address.Explain) {
		for _, b := range block.At(screen) {
			given[b.Question] = block.Result{Value: least[b.Question]} // of a block that is not named above: the zero value
		}
	}
	for _, screen := range append(address.Screens(), address.Explain) {
		for _, given := range []map[string]block.Result{given, {}} {
			for _, money := range []bool{false, true} {
				params := address.Params{
					Screen: screen, Locale: format.English, Money: money, Filter: figures.Filter{Event: 1, Show: 2,
						Number: figures.Number{Figure: figures.FigureTickets},
						Period: figures.Period28},
				}
				page, err := render("", params, snapshot{}, &results{version: figures.Version{AsOf: inventedNow}, given: given},
					block.House{})
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
