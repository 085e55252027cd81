package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/digest"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

type digestCommand struct {
	Weekly bool `help:"With the last seven days, as on Mondays."`
	DryRun bool `help:"Print the message as it would be now; send and remember nothing."`
	JSON   bool `help:"Print what was written and sent as JSON."`
}

// Run sends the message of the day to those who have not got it, once its time has come. It is made to be repeated
// every few minutes. It fails when a recipient could not be reached, or when the message has no figures.
func (c digestCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	d, err := newDigest(a, settings)
	if err != nil {
		return err
	}
	d.Weekly = c.Weekly
	var o digest.Outcome
	if c.DryRun {
		o, err = d.Preview(a.ctx, time.Now())
	} else {
		o, err = d.Send(a.ctx, time.Now())
	}
	if err != nil {
		return err
	}
	return c.report(a, d, o)
}

func newDigest(a *app, settings config.Config) (*digest.Digest, error) {
	d := &digest.Digest{
		At: settings.Digest.At, Lang: format.Locale(cmp.Or(a.flagLang, settings.Alerts.Lang)), Org: settings.Org,
		PageURL: settings.Digest.PageURL, StateDir: settings.Alerts.StateDir,
		Open: func(ctx context.Context) (*figures.Store, func(), error) {
			db, stop, err := a.openSchema(ctx, settings)
			if err != nil {
				return nil, nil, err
			}
			return figures.NewStore(db), stop, nil
		},
	}
	var err error
	if d.Channels, err = alert.ParseChannels(settings.Digest.URLs); err != nil {
		return d, fmt.Errorf("%w: DIGEST_URLS: %w", config.ErrInvalid, err)
	}
	if d.StateDir == "" {
		d.StateDir, err = alertStateDir()
	}
	return d, err
}

func (c digestCommand) report(a *app, d *digest.Digest, o digest.Outcome) error {
	if c.JSON {
		encoder := json.NewEncoder(a.Stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(o); err != nil {
			return err
		}
	} else {
		c.print(a, d, o)
	}
	for _, err := range []error{o.Problem, o.Sending.Err} {
		if err != nil {
			fmt.Fprintf(a.Stderr, "qtickets_api: %s\n", a.say(err.Error()))
		}
	}
	if o.Problem != nil || o.Sending.Err != nil {
		return errReported
	}
	return nil
}

func (c digestCommand) print(a *app, d *digest.Digest, o digest.Outcome) {
	t := texts[a.lang]
	for _, note := range o.Sending.Notes {
		fmt.Fprintln(a.Stdout, a.say(note))
	}
	switch {
	case c.DryRun:
		fmt.Fprintf(a.Stdout, "%s\n\n%s\n", o.Message.Title, o.Message.Body)
	case o.NotBefore != nil:
		fmt.Fprintf(a.Stdout, t.notBefore+"\n", format.Locale(a.lang).Clock(*o.NotBefore))
	case len(d.Channels) == 0:
		fmt.Fprintln(a.Stdout, t.noDigest)
	default:
		fmt.Fprintf(a.Stdout, t.digest+"\n", o.Sending.Sent, o.Sending.Failed)
	}
}
