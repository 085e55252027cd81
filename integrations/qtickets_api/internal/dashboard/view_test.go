package dashboard

import (
	"strings"
	"testing"
	"time"
)

// TestLeastFigures: what a source may answer at the least (zero values, unknown everywhere) makes a page, and
// nothing unknown turns into a zero of money or a date.
func TestLeastFigures(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	show := ShowLine{EventID: 1, ShowID: 2, Reason: ShowUnknown}
	least := func() *figures {
		d := &figures{version: Version{AsOf: inventedNow}}
		d.alerts.value = []AlertLine{{}}
		d.cards.value = Cards{Cards: []Card{{Name: CardTickets}, {Name: CardRevenue}}, Next: &show}
		d.hours.value = Hours{Points: []HourPoint{{}, {Minute: 61}}}
		d.shows.value = Shows{Shows: []ShowLine{{}, show}}
		d.weeks.value = Days{Days: []Day{{Date: day}, {Date: day, State: DayUnknown}}}
		d.days.value = d.weeks.value
		d.cities.value = Cities{Cities: []CityLine{{}}}
		d.event.value = Event{EventID: 1, Shows: []ShowLine{show}, Show: &show}
		d.pacing.value = Pacing{Points: []PacePoint{{}}, Comparables: []Comparable{{}}, Forecast: &Forecast{}}
		d.zones.value = Zones{Zones: []Zone{{}}}
		d.channels.value = Channels{Sources: []Channel{{Parts: []Channel{{Parts: []Channel{{}}}}}}}
		d.promo.value = PromoCodes{Codes: []PromoCode{{}}}
		d.payments.value = PaymentTypes{Types: []PaymentType{{}}}
		d.lead.value = Lead{Steps: []LeadStep{{}}, Total: 1}
		d.sizes.value = OrderSizes{Sizes: []OrderSize{{}}, Orders: 1}
		d.feeds.value = Feeds{Feeds: []Feed{{}}, Runs: []Run{{}}}
		d.history.value = []AlertLine{{}}
		d.refused.value = Quarantine{Total: 1, Rows: []QuarantineLine{{}}}
		return d
	}
	for _, screen := range []screen{screenToday, screenEvent, screenChannels, screenData} {
		for _, d := range []*figures{least(), {version: Version{AsOf: inventedNow}}} {
			for _, money := range []bool{false, true} {
				f := frame{format: format{"en"}, Ask: ask{screen: screen, lang: "en", money: money, filter: Filter{Event: 1, Show: 2, Period: Period28}}}
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

// TestLeadHeading: a step of shows without a date is no answer to "how long before the show".
func TestLeadHeading(t *testing.T) {
	t.Parallel()
	share, week := dec(0.3), 7
	known, unknown := LeadStep{From: 4, To: &week, Tickets: 3, Share: share}, LeadStep{Unknown: true, Tickets: 7, Share: dec(0.7)}
	for _, c := range []struct {
		steps []LeadStep
		want  string
	}{
		{[]LeadStep{known, unknown}, "Больше всего билетов покупают за 4–7 дней до показа: 30,0"},
		{[]LeadStep{unknown}, "За сколько дней до показа покупают"},
		{[]LeadStep{{Tickets: 2, Share: share}, unknown}, "Больше всего билетов покупают за 0 дней до показа и раньше: 30,0"},
	} {
		b := builder{format: format{"ru"}, d: &figures{}}
		b.d.lead.value = Lead{Steps: c.steps, Total: 10}
		if title := plainSpaces(b.leadBlock().Title); !strings.HasPrefix(title, c.want) {
			t.Errorf("%q, want %q", title, c.want)
		}
	}
}

// TestSeatsOfAShow: "из 21 места", "из 22 мест"; nothing where the hall is unknown.
func TestSeatsOfAShow(t *testing.T) {
	t.Parallel()
	b := builder{format: format{"ru"}}
	for seats, want := range map[int64]string{1: "из 1 места", 21: "из 21 места", 22: "из 22 мест", 1500: "из 1 500 мест"} {
		if note := plainSpaces(b.eventFacts(ShowLine{Capacity: &seats}, true)[0].Note); note != want {
			t.Errorf("%q, want %q", note, want)
		}
	}
	if note := b.eventFacts(ShowLine{}, true)[0].Note; note != "число мест неизвестно" {
		t.Error(note)
	}
}

func plainSpaces(s string) string { return strings.ReplaceAll(s, nbsp, " ") }
