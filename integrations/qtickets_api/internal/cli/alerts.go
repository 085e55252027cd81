package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type alertsCommand struct {
	Test bool `help:"Send a test message to every address of ALERT_URLS and ORGANISER_ALERT_URLS, ping ALERT_PING_URL, and say which worked."`
	JSON bool `help:"Print what was found and sent as JSON."`
}

// Run evaluates every rule, notifies people of what began and what ended, and prints the state of all rules. It is made
// to be repeated every few minutes. An open incident is no failure of the command: it fails when it could not
// check or not notify.
func (c alertsCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	evaluator, err := newEvaluator(a, settings)
	if err != nil {
		return err
	}
	if c.Test {
		return testChannels(a, evaluator)
	}
	if evaluator.StateDir == "" {
		if evaluator.StateDir, err = alertStateDir(); err != nil {
			return err
		}
	}
	report, err := evaluator.Evaluate(a.ctx, time.Now())
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

func newEvaluator(a *app, settings config.Config) (alert.Evaluator, error) {
	alerts := settings.Alerts
	e := alert.Evaluator{
		Lang: alerts.Lang, Org: settings.Org, StateDir: alerts.StateDir, PingURL: alerts.PingURL,
		Limits: warehouse.AlertLimits{NoData: alerts.NoData, FailedShare: alerts.FailedShare, OrdersDrop: alerts.OrdersDrop},
		OpenDB: func(ctx context.Context) (*warehouse.DB, func(), error) { return a.openSchema(ctx, settings) },
	}
	var err error
	if e.Channels, err = alert.ParseChannels(alerts.URLs); err != nil {
		return e, fmt.Errorf("%w: ALERT_URLS: %w", config.ErrInvalid, err)
	}
	organiser, err := alert.ParseChannels(cmp.Or(alerts.Organiser, settings.Digest.URLs))
	if err != nil {
		return e, fmt.Errorf("%w: ORGANISER_ALERT_URLS, or DIGEST_URLS in its place: %w", config.ErrInvalid, err)
	}
	for _, c := range organiser {
		c.Audience, c.Name = alert.Organiser, "organiser "+c.Name
		e.Channels = append(e.Channels, c)
	}
	if e.QuietHours, err = alert.ParseQuietHours(alerts.QuietHours); err != nil {
		return e, fmt.Errorf("%w: ALERT_QUIET_HOURS: %w", config.ErrInvalid, err)
	}
	return e, nil
}

func alertStateDir() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("%w: ALERT_STATE_DIR: there is no home folder to remember incidents in: "+
			"name a folder that is kept between runs", config.ErrInvalid)
	}
	return filepath.Join(home, ".local", "share", "qtickets_api", "alerts"), nil
}

// testChannels sends a message to every channel and says which arrived.
func testChannels(a *app, e alert.Evaluator) error {
	if len(e.Channels) == 0 {
		return fmt.Errorf("%w: ALERT_URLS is not set: put the addresses of Telegram or e-mail into the env file, "+
			"or name a file with them in ALERT_URLS_FILE (docs/alerts.md)", config.ErrInvalid)
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
	message := alert.TestMessage(e.Lang, e.Org)
	for _, c := range e.Channels {
		moved, err := c.Send(a.ctx, message, "")
		say(c.Name, err)
		if moved != "" {
			fmt.Fprintf(a.Stdout, "    %s\n", c.Moved(moved))
		}
	}
	if e.PingURL != "" {
		say("ping", alert.Ping(a.ctx, e.PingURL))
	}
	return failed
}
