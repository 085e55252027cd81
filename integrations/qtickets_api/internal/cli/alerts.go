package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// checkTime is for asking all rules: a ClickHouse that takes longer cannot be checked.
const checkTime = 2 * time.Minute

type alertsCommand struct {
	Test bool `help:"Send a test message to every address of ALERT_URLS, ask ALERT_PING_URL, and say which worked."`
	JSON bool `help:"Print what was found and sent as JSON."`
}

// Run asks every rule, tells people what began and what ended, and prints the state of all rules. It is made
// to be repeated every few minutes. An open incident is no failure of the command: it fails when it could not
// check or not tell.
func (c alertsCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	watch, err := newWatch(settings)
	if err != nil {
		return err
	}
	if c.Test {
		return watch.test(a)
	}
	report, err := watch.evaluate(a.ctx, time.Now())
	if err != nil {
		return err
	}
	if err := printAlerts(a, report, c.JSON); err != nil {
		return err
	}
	if len(report.Problems) > 0 {
		return errReported
	}
	return nil
}

// watch is one evaluation of the rules and what it needs.
type watch struct {
	settings config.Config
	channels []alert.Channel
	quiet    alert.QuietHours
}

// alertReport is what came of an evaluation.
type alertReport struct {
	Findings []alert.Finding   `json:"findings"`
	Open     []*alert.Incident `json:"open"`
	Channels int               `json:"channels"`
	Messages alert.Outcome     `json:"messages"`
	Problems []string          `json:"problems,omitempty"` // what could not be checked, told or kept
}

func newWatch(settings config.Config) (*watch, error) {
	w := &watch{settings: settings}
	var err error
	if w.channels, err = alert.ParseChannels(settings.Alerts.URLs); err != nil {
		return nil, fmt.Errorf("%w: ALERT_URLS: %w", config.ErrInvalid, err)
	}
	if w.quiet, err = alert.ParseQuietHours(settings.Alerts.QuietHours); err != nil {
		return nil, fmt.Errorf("%w: ALERT_QUIET_HOURS: %w", config.ErrInvalid, err)
	}
	return w, nil
}

// evaluate asks the rules, keeps what changed, tells it, and writes the history.
func (w *watch) evaluate(ctx context.Context, now time.Time) (*alertReport, error) {
	dir, err := w.stateDir()
	if err != nil {
		return nil, err
	}
	folder, err := alert.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()

	report := &alertReport{Channels: len(w.channels)}
	db, stop := w.check(ctx, report)
	defer stop()
	if err := ctx.Err(); err != nil { // what was not found out then says nothing
		return nil, fmt.Errorf("interrupted: %w", err)
	}
	folder.Apply(report.Findings, now)
	report.Messages = folder.Deliver(ctx, alert.Delivery{
		Channels: w.channels, Quiet: w.quiet, Lang: w.settings.Alerts.Lang, Org: w.settings.Org, Now: now, Save: folder.Save,
	})
	report.problem(report.Messages.Err)
	if db != nil {
		report.problem(w.store(ctx, db, &folder.Incidents))
	}
	folder.Forget(w.channels, now)
	report.problem(folder.Save())
	for _, i := range folder.List {
		if i.EndedAt == nil {
			report.Open = append(report.Open, i)
		}
	}
	if w.settings.Alerts.PingURL != "" && len(report.Problems) == 0 {
		report.problem(alert.Ping(ctx, w.settings.Alerts.PingURL))
	}
	return report, nil
}

// check asks the rules. The connection is nil when there is none.
func (w *watch) check(ctx context.Context, report *alertReport) (db *warehouse.DB, stop func()) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	limits := warehouse.AlertLimits{
		NoData: w.settings.Alerts.NoData, FailedShare: w.settings.Alerts.FailedShare, OrdersDrop: w.settings.Alerts.OrdersDrop,
	}
	db, stop, err := openSchema(ctx, w.settings)
	if err != nil {
		report.problem(err)
		report.Findings = append(report.Findings, alert.CannotCheck(report.Problems))
		return nil, func() {}
	}
	for _, f := range db.AlertFindings(ctx, limits) {
		if f.Err != nil {
			report.problem(fmt.Errorf("rule %s: %w", f.Rule, f.Err))
			continue
		}
		report.Findings = append(report.Findings, alert.Finding{
			Rule: f.Rule, Subject: f.Subject, Verdict: alert.Verdict(f.Verdict), Level: f.Level, Since: f.Since, Facts: f.Facts,
		})
	}
	report.Findings = append(report.Findings, alert.CannotCheck(report.Problems))
	return db, stop
}

// store copies what changed into the history.
func (w *watch) store(ctx context.Context, db *warehouse.DB, incidents *alert.Incidents) error {
	var changed []warehouse.Alert
	for _, i := range incidents.List {
		if i.Stored != i.Version() {
			changed = append(changed, warehouse.Alert{
				ID: i.ID, Rule: i.Rule, Subject: i.Subject, OpenedAt: i.OpenedAt, EndedAt: i.EndedAt, ToldAt: i.ToldAt(),
				Level: i.Level, Text: i.Found(w.settings.Alerts.Lang),
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

func (r *alertReport) problem(err error) {
	if err != nil {
		r.Problems = append(r.Problems, err.Error())
	}
}

func (w *watch) stateDir() (string, error) {
	if w.settings.Alerts.StateDir != "" {
		return w.settings.Alerts.StateDir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("%w: ALERT_STATE_DIR: there is no home folder to remember incidents in: name a folder that is kept between runs", config.ErrInvalid)
	}
	return filepath.Join(home, ".local", "share", "qtickets_api", "alerts"), nil
}

// test sends a message to every channel and says which arrived.
func (w *watch) test(a *app) error {
	if len(w.channels) == 0 {
		return fmt.Errorf("%w: ALERT_URLS is not set: put the addresses of Telegram or e-mail into the env file, or name a file with them in ALERT_URLS_FILE (docs/alerts.md)", config.ErrInvalid)
	}
	var failed error
	say := func(name string, err error) {
		if err != nil {
			failed = errReported
			fmt.Fprintf(a.Stdout, "  ✗ %v\n", err)
			return
		}
		fmt.Fprintf(a.Stdout, "  ✓ %s\n", name)
	}
	message := alert.TestMessage(w.settings.Alerts.Lang, w.settings.Org)
	for _, c := range w.channels {
		say(c.Name, c.Send(a.ctx, message))
	}
	if url := w.settings.Alerts.PingURL; url != "" {
		say("ping", alert.Ping(a.ctx, url))
	}
	return failed
}
