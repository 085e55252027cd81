package cli

import (
	"encoding/json"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type checkCommand struct {
	everyFlags
	JSON bool `help:"Print the verdicts as JSON."`
}

// Run prints one line per check and fails when one failed or could not run.
func (c checkCommand) Run(a *app) error {
	if c.All {
		return a.every(c.Secrets, c.JSON, checkOne)
	}
	verdicts, err := smokeChecks(a)
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(a.Stdout).Encode(verdicts)
	} else {
		a.printVerdicts(verdicts)
	}
	if err != nil {
		return err
	}
	return failedChecks(verdicts)
}

// checkOne is the check of one of all organisers.
func checkOne(a *app, _ organiser, l *looked) error {
	verdicts, err := smokeChecks(a)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		l.count(v.Status, v.Check, v.Found)
	}
	l.Results = verdicts
	return failedChecks(verdicts)
}

func smokeChecks(a *app) ([]warehouse.Verdict, error) {
	settings, err := a.config()
	if err != nil {
		return nil, err
	}
	db, stop, err := a.openWarehouse(a.ctx, settings, nil)
	if err != nil {
		return nil, err
	}
	defer stop()
	return db.SmokeChecks(a.ctx), nil
}

// failedChecks is an error when one of them failed.
func failedChecks(verdicts []warehouse.Verdict) error {
	for _, v := range verdicts {
		if v.Status == "fail" {
			return errReported
		}
	}
	return nil
}

func (a *app) printVerdicts(verdicts []warehouse.Verdict) {
	marks := map[string]string{"ok": "✓", "warn": "!", "fail": "✗"}
	for _, v := range verdicts {
		fmt.Fprintf(a.Stdout, "  %s %-36s %s", marks[v.Status], a.say(v.Check), a.say(v.Found))
		if v.Status != "ok" {
			fmt.Fprintf(a.Stdout, " (%s)", a.say(v.Limit))
		}
		fmt.Fprintln(a.Stdout)
	}
}
