package alert

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// checkTimeout is for evaluating all rules: a ClickHouse that takes longer cannot be checked.
const checkTimeout = 2 * time.Minute

// Evaluator evaluates the rules and notifies people of what changed.
type Evaluator struct {
	Channels   []Channel // of either audience
	QuietHours QuietHours
	Lang, Org  string // of messages
	StateDir   string // where the incidents are kept
	PingURL    string // of a dead-man's switch, asked when all went well; "": there is none
	Limits     warehouse.AlertLimits
	// OpenDB connects to ClickHouse; closeDB ends what was started.
	OpenDB func(ctx context.Context) (db *warehouse.DB, closeDB func(), err error)
}

// Report is what came of an evaluation.
type Report struct {
	Findings []Finding   `json:"findings"`
	Open     []*Incident `json:"open"`
	Channels int         `json:"channels"`
	// Organiser is how many of the channels are the organiser's.
	Organiser int      `json:"organiser_channels"`
	Messages  Outcome  `json:"messages"`
	Problems  []string `json:"problems,omitempty"` // what could not be checked, sent or saved
}

func (r *Report) problem(err error) {
	if err != nil {
		r.Problems = append(r.Problems, err.Error())
	}
}

// Evaluate evaluates the rules, saves what changed, notifies people, and writes the history. What could not be done is
// a problem of the report; it is an error when the state cannot be opened or ctx has ended.
func (e Evaluator) Evaluate(ctx context.Context, now time.Time) (*Report, error) {
	file, err := Open(ctx, e.StateDir)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	state := &file.Value

	report := &Report{Channels: len(e.Channels)}
	for _, c := range e.Channels {
		if c.Audience == Organiser {
			report.Organiser++
		}
	}
	db, watch, closeDB := e.check(ctx, report)
	defer closeDB()
	if err := ctx.Err(); err != nil { // what was not found out then says nothing
		return nil, fmt.Errorf("interrupted: %w", err)
	}
	state.Apply(report.Findings, now)
	if watch != nil {
		report.Findings = append(report.Findings, state.applyShows(*watch, now)...)
	}
	report.Messages = state.Deliver(ctx, Delivery{
		Channels: e.Channels, QuietHours: e.QuietHours, Lang: e.Lang, Org: e.Org, Now: now, Save: file.Save,
	})
	report.problem(report.Messages.Err)
	if db != nil {
		report.problem(e.writeHistory(ctx, db, state))
	}
	state.Forget(e.Channels, now)
	report.problem(file.Save())
	report.Open = state.open()
	if e.PingURL != "" && len(report.Problems) == 0 {
		report.problem(Ping(ctx, e.PingURL))
	}
	return report, nil
}

// check evaluates the rules of the operator and reads what those of the organiser are decided from: nil when it cannot
// be read. The connection is nil when there is none.
func (e Evaluator) check(ctx context.Context, report *Report) (db *warehouse.DB, watch *figures.Watch, closeDB func()) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	db, closeDB, err := e.OpenDB(ctx)
	if err != nil {
		report.problem(err)
		report.Findings = append(report.Findings, CannotCheck(report.Problems))
		return nil, nil, func() {}
	}
	for _, f := range db.AlertFindings(ctx, e.Limits) {
		if f.Err != nil {
			report.problem(fmt.Errorf("rule %s: %w", f.Rule, f.Err))
			continue
		}
		report.Findings = append(report.Findings, Finding{
			Rule: f.Rule, Subject: f.Subject, Verdict: Verdict(f.Verdict), Level: f.Level, Since: f.Since, Facts: f.Facts,
		})
	}
	watch, err = readShows(ctx, db)
	if err != nil {
		report.problem(fmt.Errorf("the shows: %w", err))
	}
	report.Findings = append(report.Findings, CannotCheck(report.Problems))
	return db, watch, closeDB
}

// readShows is nil before there is a publication that can be read: no_data says so.
func readShows(ctx context.Context, db *warehouse.DB) (*figures.Watch, error) {
	store := figures.NewStore(db)
	v, err := store.Version(ctx)
	switch {
	case errors.Is(err, figures.ErrNothingPublished) || errors.Is(err, figures.ErrOldPublication):
		return nil, nil
	case err != nil:
		return nil, err
	}
	w, err := store.Watch(ctx, v, watchedDays)
	if err != nil {
		return nil, err
	}
	return &w, nil
}

// writeHistory copies what changed into the history.
func (e Evaluator) writeHistory(ctx context.Context, db *warehouse.DB, incidents *Incidents) error {
	var changed []warehouse.Alert
	for _, i := range incidents.List {
		if i.Stored != i.Version() {
			changed = append(changed, warehouse.Alert{
				ID: i.ID, Rule: i.Rule, Subject: i.Subject, OpenedAt: i.OpenedAt, EndedAt: i.EndedAt, NotifiedAt: i.NotifiedAt(),
				Level: i.Level, Text: i.Found(e.Lang),
			})
		}
	}
	if err := db.SaveAlerts(ctx, changed); err != nil {
		return err
	}
	for _, i := range incidents.List {
		i.Stored = i.Version()
	}
	return nil
}
