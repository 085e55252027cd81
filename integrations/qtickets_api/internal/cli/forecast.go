package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
)

type forecastCommand struct {
	Event    string `arg:"" optional:"" help:"Number of an event, as in event_id of the facts; all events without it."`
	Show     string `arg:"" optional:"" help:"Number of a show of it; all shows without it."`
	Backtest bool   `help:"Forecast the finished shows instead, each from what was known then, and say how wrong that was."`
	Curves   string `help:"Take the finished shows from this CSV file, not from ClickHouse; with --backtest." placeholder:"FILE.csv"`
	JSON     bool   `help:"Print a JSON object a line: each forecast, then the summary."`
}

// Help is the second half of "forecast --help".
func (forecastCommand) Help() string {
	return `How many tickets the shows to come will have sold in the end, from the finished shows that are like them: what is
expected, and the band that holds in 8 of 10, where at least 9 earlier forecasts say so. The method, and what it
cannot know: docs/judgement.md.

With --backtest every finished show is forecast with 60, 45, 30, 21, 14, 7, 3 and 1 days left from the shows that were
over by then. The summary has, by days left: the number of forecasts, their error (WAPE: sum of the errors ÷ sum of
the finals), their bias, how many bands held, and the error of two simple rules on the same shows: the mean of the last
12 finals, and sold × the median growth of the last 12.

FILE.csv has the columns show, date, days_left, sold, and if need be capacity and plan; sold is what was sold with so
many days left, refunds subtracted, and a show's sum is its final.

With --json numbers are null where there is no forecast ("why" says the reason), and low and high where there is no
band. Rates of the summary are parts of 1.

Example: qtickets_api forecast --backtest --curves seasons.csv

Exit status: 0 done, also where no forecast could be offered; 1 a failure; 2 wrong usage, or a file that is wrong: its
lines are named and nothing of it is used.`
}

// mostCurves is how large a file of curves may be, in bytes.
const mostCurves = 64 << 20

// Run prints forecasts.
func (c forecastCommand) Run(a *app) error {
	event, err := number("event", c.Event)
	show, err2 := number("show", c.Show)
	switch err := errors.Join(err, err2); {
	case err != nil:
		return fmt.Errorf("%w: %w", config.ErrInvalid, err)
	case c.Curves != "" && !c.Backtest:
		return fmt.Errorf("%w: --curves goes with --backtest: a file of finished shows has none to come", config.ErrInvalid)
	case c.Curves != "" && event != 0:
		return fmt.Errorf("%w: a file of curves has no events: leave the number of the event out", config.ErrInvalid)
	}
	out := bufio.NewWriter(a.Stdout)
	p := forecastPrinter{Writer: out, texts: forecastTexts[a.lang], json: c.JSON}
	switch {
	case c.Curves != "":
		err = c.fromFile(a, p)
	default:
		err = c.fromWarehouse(a, p, figures.Filter{Event: event, Show: show})
	}
	return errors.Join(err, out.Flush())
}

func (c forecastCommand) fromFile(a *app, p forecastPrinter) error {
	text, err := readAtMost(c.Curves, mostCurves)
	if err != nil {
		return fmt.Errorf("%w: --curves: %w", config.ErrInvalid, err)
	}
	curves, err := forecast.ParseCurves(text)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", config.ErrInvalid, c.Curves, err)
	}
	if len(curves.Unused) > 0 {
		fmt.Fprintf(a.Stderr, "qtickets_api: %s: %s: %s\n", c.Curves, a.say("columns that mean nothing here"),
			strings.Join(curves.Unused, ", "))
	}
	p.backtest(forecast.Backtest(curves.Shows), curves.Plans)
	return nil
}

func readAtMost(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s is larger than %d MB", name, most>>20)
	}
	return text, err
}

func (c forecastCommand) fromWarehouse(a *app, p forecastPrinter, f figures.Filter) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	store := figures.NewStore(db)
	if f.Version, err = store.Version(a.ctx); err != nil {
		return err
	}
	finished, err := store.Finished(a.ctx, f.Version)
	if err != nil {
		return err
	}
	trials := forecast.Backtest(finished)
	if c.Backtest {
		p.backtest(only(trials, f), nil)
		return nil
	}
	coming, err := store.Forecasts(a.ctx, f)
	if err != nil {
		return err
	}
	p.coming(coming, trials, f.Version.AsOf)
	return nil
}

// only the trials of an event and show; 0: of all.
func only(trials []forecast.Trial, f figures.Filter) []forecast.Trial {
	var found []forecast.Trial
	for _, t := range trials {
		if (f.Event == 0 || t.Show.Event == strconv.FormatUint(f.Event, 10)) &&
			(f.Show == 0 || t.Show.ID == strconv.FormatUint(f.Show, 10)) {
			found = append(found, t)
		}
	}
	return found
}

// forecastLine is a forecast as --json prints it.
type forecastLine struct {
	Show     string `json:"show"`
	Date     string `json:"date"`
	DaysLeft int    `json:"days_left"`
	Sold     int64  `json:"sold"`
	// null: no forecast; low and high also: fewer than 9 earlier forecasts to make a band of
	Low         *int64 `json:"low"`
	Expected    *int64 `json:"expected"`
	High        *int64 `json:"high"`
	Final       *int64 `json:"final"` // null: still to come
	Offered     bool   `json:"offered"`
	Why         string `json:"why"`
	Plan        *int64 `json:"plan"` // null: none
	ChanceBelow struct {
		Plan *float64 `json:"plan"` // null: no plan, or no band
	} `json:"chance_below"`
}

// recordLine is how well forecasts did, as --json prints it.
type recordLine struct {
	DaysLeft  int      `json:"days_left"`
	Shows     int      `json:"n"`
	WAPE      *float64 `json:"wape"`
	Bias      *float64 `json:"bias"`
	Coverage  *float64 `json:"coverage"`
	Banded    int      `json:"bands"`
	Held      int      `json:"bands_held"`
	Compared  int      `json:"compared"` // of n, those that both rules could be asked about; the rates below are of these
	OwnWAPE   *float64 `json:"wape_compared"`
	LevelWAPE *float64 `json:"wape_mean_of_12"`
	RatioWAPE *float64 `json:"wape_ratio"`
}

func lineFor(show forecast.Show, daysLeft int, f forecast.Forecast, why string) forecastLine {
	l := forecastLine{Show: show.ID, Date: show.Date.Format(time.DateOnly), DaysLeft: daysLeft, Sold: f.Sold,
		Offered: f.Why == forecast.Offered, Why: why}
	if l.Offered {
		l.Expected = &f.Expected
		if f.Band != nil {
			l.Low, l.High = &f.Band.Low, &f.Band.High
		}
	}
	return l
}

// with a plan of so many tickets.
func (l *forecastLine) with(plan int64, f *forecast.Forecast) {
	l.Plan = &plan
	if chance, told := f.ChanceBelow(plan); told {
		l.ChanceBelow.Plan = round(&chance)
	}
}

func recordsOf(trials []forecast.Trial) []forecast.Record {
	records := make([]forecast.Record, len(forecast.Horizons))
	for i, daysLeft := range forecast.Horizons {
		records[i] = forecast.RecordOf(daysLeft, trials)
	}
	return records
}

// object prints one line of JSON.
func (p forecastPrinter) object(v any) {
	text, err := json.Marshal(v)
	if err != nil { // numbers and texts only
		panic(err)
	}
	fmt.Fprintf(p, "%s\n", text)
}

func (p forecastPrinter) summary(records []forecast.Record) {
	lines := make([]recordLine, len(records))
	for i, r := range records {
		lines[i] = recordLine{r.DaysLeft, r.Shows, round(r.WAPE), round(r.Bias), round(r.Coverage()), r.Banded, r.Held,
			r.Compared, round(r.OwnWAPE), round(r.LevelWAPE), round(r.RatioWAPE)}
	}
	p.object(map[string]any{"summary": lines})
}

// round to four digits behind the point.
func round(x *float64) *float64 {
	if x == nil {
		return nil
	}
	return new(math.Round(*x*1e4) / 1e4)
}
