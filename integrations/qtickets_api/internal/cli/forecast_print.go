package cli

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

// forecastLocale is the set of texts of "forecast" in one language.
type forecastLocale struct {
	asOf, none, columns, row, refused, band, seen string
	why                                           map[forecast.Refusal]string
	judged, records, record, held, unknown        string
}

var forecastTexts = map[string]forecastLocale{
	"en": {
		asOf: "Forecasts of the shows to come, as of %s (Moscow time)\n\n", none: "No shows to come.\n",
		columns: "date\tdays left\tshow\tevent\tsold\texpected\tin 8 of 10\tplan\tends below it\n",
		row:     "%s\t%d\t%d\t%s\t%d\t%d\t%s\t%s\t%s\n", refused: "%s\t%d\t%d\t%s\t%d\t—\t%s\t%s\t%s\n", band: "%d–%d",
		seen: "too early to promise: %d past shows went on to %d–%d",
		why: map[forecast.Refusal]string{
			forecast.FewShows:    "no forecast: fewer than 3 finished shows to compare with",
			forecast.NothingSold: "no forecast: nothing is sold, and no finished show is like it",
		},
		judged:  "\nHow well forecasts did, each made from what was known then (shows: %d)\n\n",
		records: "days left\tforecasts\terror\tbias\tbands held\tmean of 12 finals\tsold × median growth\n",
		record:  "%d\t%d\t%s\t%s\t%s\t%s\t%s\n", held: "%d of %d", unknown: "—",
	},
	"ru": {
		asOf: "Прогнозы предстоящих показов, данные на %s по Москве\n\n", none: "Предстоящих показов нет.\n",
		columns: "дата\tдней до показа\tпоказ\tмероприятие\tпродано\tпрогноз\tв 8 случаях из 10\tплан\tбудет меньше плана\n",
		row:     "%s\t%d\t%d\t%s\t%d\t%d\t%s\t%s\t%s\n", refused: "%s\t%d\t%d\t%s\t%d\t—\t%s\t%s\t%s\n", band: "%d–%d",
		seen: "обещать рано: по прошедшим показам (их %d) — %d–%d",
		why: map[forecast.Refusal]string{
			forecast.FewShows:    "прогноза нет: прошедших показов для сравнения меньше трёх",
			forecast.NothingSold: "прогноза нет: ничего не продано, а похожих прошедших показов нет",
		},
		judged:  "\nКак прогнозы сбывались: каждый сделан по тому, что было известно тогда (показов: %d)\n\n",
		records: "дней до показа\tпрогнозов\tошибка\tсмещение\tполос сбылось\tсреднее 12 итогов\tпродано × медиана роста\n",
		record:  "%d\t%d\t%s\t%s\t%s\t%s\t%s\n", held: "%d из %d", unknown: "—",
	},
}

// forecastPrinter prints forecasts for people, or as JSON.
type forecastPrinter struct {
	io.Writer
	texts forecastLocale
	json  bool
}

// backtest prints the forecasts of finished shows and how well they did. Plans are by Show.ID.
func (p forecastPrinter) backtest(trials []forecast.Trial, plans map[string]int64) {
	records := recordsOf(trials)
	if !p.json {
		p.records(records, len(trials)/len(forecast.Horizons))
		return
	}
	for _, t := range trials {
		l := lineFor(t.Show, t.DaysLeft, t.Forecast, forecastTexts["en"].why[t.Why])
		l.Final = new(t.Show.Final())
		if plan, ok := plans[t.Show.ID]; ok {
			l.with(plan, &t.Forecast)
		}
		p.object(l)
	}
	p.summary(records)
}

// coming prints the forecasts of shows to come, and how well such forecasts did.
func (p forecastPrinter) coming(shows []figures.ShowForecast, trials []forecast.Trial, asOf time.Time) {
	records := recordsOf(trials)
	if p.json {
		for _, s := range shows {
			show := forecast.Show{ID: fmt.Sprint(s.Show.ShowID), Date: *s.Show.LocalDate}
			l := lineFor(show, *s.Show.DaysLeft, s.Forecast, forecastTexts["en"].why[s.Forecast.Why])
			if s.Plan > 0 {
				l.with(s.Plan, &s.Forecast)
			}
			p.object(l)
		}
		p.summary(records)
		return
	}
	fmt.Fprintf(p, p.texts.asOf, asOf.Format("2006-01-02 15:04"))
	if len(shows) == 0 {
		fmt.Fprint(p, p.texts.none)
	} else {
		table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
		fmt.Fprint(table, p.texts.columns)
		for _, s := range shows {
			p.show(table, s)
		}
		_ = table.Flush() // into a buffer, whose own Flush tells
	}
	p.records(records, len(trials)/len(forecast.Horizons))
}

func (p forecastPrinter) show(w io.Writer, s figures.ShowForecast) {
	l, f := s.Show, s.Forecast
	plan, chance := p.texts.unknown, p.texts.unknown
	if s.Plan > 0 {
		plan = strconv.FormatInt(s.Plan, 10)
		if below, told := f.ChanceBelow(s.Plan); told {
			chance = fmt.Sprintf("%.0f %%", 100*below)
		}
	}
	date, event := l.LocalDate.Format(time.DateOnly), oneLine(l.Event)
	if f.Why != forecast.Offered {
		fmt.Fprintf(w, p.texts.refused, date, *l.DaysLeft, l.ShowID, event, f.Sold, p.texts.why[f.Why], plan, chance)
		return
	}
	band := fmt.Sprintf(p.texts.seen, len(f.Shows), f.Seen.Low, f.Seen.High)
	if f.Band != nil {
		band = fmt.Sprintf(p.texts.band, f.Band.Low, f.Band.High)
	}
	fmt.Fprintf(w, p.texts.row, date, *l.DaysLeft, l.ShowID, event, f.Sold, f.Expected, band, plan, chance)
}

// records prints how well forecasts did, by days left.
func (p forecastPrinter) records(records []forecast.Record, shows int) {
	fmt.Fprintf(p, p.texts.judged, shows)
	table := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, p.texts.records)
	for _, r := range records {
		held := p.texts.unknown
		if r.Banded > 0 {
			held = fmt.Sprintf(p.texts.held, r.Held, r.Banded)
		}
		fmt.Fprintf(table, p.texts.record, r.DaysLeft, r.Shows, p.percent("%.1f %%", r.WAPE), p.percent("%+.1f %%", r.Bias),
			held, p.percent("%.1f %%", r.LevelWAPE), p.percent("%.1f %%", r.RatioWAPE))
	}
	_ = table.Flush()
}

func (p forecastPrinter) percent(format string, x *float64) string {
	if x == nil {
		return p.texts.unknown
	}
	return fmt.Sprintf(format, 100**x)
}
