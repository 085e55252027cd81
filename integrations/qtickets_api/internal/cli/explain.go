package cli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/explain"
)

type explainCommand struct {
	Day   string `arg:"" help:"Moscow day: 2006-01-02, today or yesterday."`
	Event string `arg:"" optional:"" help:"Number of an event, as in event_id of the facts; all events without it."`
	Show  string `arg:"" optional:"" help:"Number of a show of it; all shows without it."`
	All   bool   `help:"List every ticket, not only the first 200 of each kind (--json lists all)."`
	JSON  bool   `help:"Print one JSON object."`
}

// Help is the second half of "explain --help".
func (explainCommand) Help() string {
	return `Lists the tickets that fact_qtickets_sales_daily counts for the day, adds them up by event, show and currency, and
puts the published row beside the sum; then the tickets of paid orders of the day that do not count, and why; then
the refunds made on that day (fact_qtickets_refunds_daily); then the runs that wrote and published all this.

Example: qtickets_api explain yesterday 70001

Exit status: 0 all of it adds up, or there is nothing for the day; 1 it does not add up: orders have changed since
the publication, which are named, or something is wrong; 2 wrong usage.`
}

// Run explains the numbers of one day.
func (c explainCommand) Run(a *app) error {
	slice, err := c.slice(time.Now())
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrInvalid, err)
	}
	settings, err := a.config()
	if err != nil {
		return err
	}
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	e, err := explain.Read(a.ctx, db, slice)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(a.Stdout).Encode(e); err != nil {
			return err
		}
	} else {
		printExplanation(a.Stdout, e, explainTexts[a.lang], c.All)
	}
	if !e.Ties {
		return errReported
	}
	return nil
}

// slice is what the arguments name.
func (c explainCommand) slice(now time.Time) (s explain.Slice, err error) {
	if s.Day, err = explain.ParseDay(c.Day, now); err != nil {
		return s, err
	}
	if s.EventID, err = number("event", c.Event); err != nil {
		return s, err
	}
	s.ShowID, err = number("show", c.Show)
	return s, err
}

// number is an id, 0 for none.
func number(of, text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseUint(text, 10, 64)
	if err != nil || id == 0 {
		return 0, fmt.Errorf("%s %q: write its number, as in %s_id of fact_qtickets_sales_daily", of, text, of)
	}
	return id, nil
}
