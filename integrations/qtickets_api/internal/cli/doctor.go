package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/doctor"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

type doctorCommand struct {
	everyFlags
	JSON  bool   `help:"Print the findings as JSON."`
	Host  string `help:"Where the file system of the server is mounted (default: / on the server itself, none inside a container)." placeholder:"DIR"`
	Until int    `help:"Check steps 1 to N only, while the rest is not done yet." default:"11" placeholder:"N"`
}

// Help is the second half of "doctor --help".
func (doctorCommand) Help() string {
	return `Checks everything of checklist steps 1-11 that is visible from where it runs: files and modes, variables, the token
and what the API supports today, ClickHouse, rights, tables, units, the timer, freshness, free disk. It changes no data.
What the API does not support is not your fault: the loader reads more, and the numbers stay right.

From the image:
  docker run --rm --user 0 --network host -v /:/host:ro --env-file FILE qtickets_api:latest doctor --host /host

All organisers of a server: sudo qtickets_api doctor --all, or the same docker run without --env-file.

Exit status: 0 no check failed, 1 some did, 2 wrong usage or configuration.`
}

// doctorPatience is how long doctor tries a failing request again: a person waits for the answer.
const doctorPatience = 10 * time.Second

// Run examines the installation.
func (c doctorCommand) Run(a *app) error {
	if c.Until < 1 || c.Until > doctor.LastStep {
		return fmt.Errorf("%w: --until %d: give a step of the checklist, 1 to %d", config.ErrInvalid, c.Until,
			doctor.LastStep)
	}
	if c.All {
		return a.every(filepath.Join(c.Host, c.Secrets), c.JSON, c.examineOne)
	}
	findings, err := c.examine(a, "")
	if c.JSON {
		err = errors.Join(err, json.NewEncoder(a.Stdout).Encode(findings))
	} else {
		a.printFindings(findings, doctor.Steps(a.lang == "ru"))
	}
	return err
}

// examineOne is the examination of one of all organisers.
func (c doctorCommand) examineOne(a *app, o organiser, l *looked) error {
	name := o.name
	if name == singleFile {
		name = ""
	}
	findings, err := c.examine(a, name)
	for _, f := range findings {
		l.count(string(f.Status), f.Check, f.Found)
	}
	l.Results = findings
	return err
}

// examine finds, and is errReported when something failed.
func (c doctorCommand) examine(a *app, organiser string) ([]doctor.Finding, error) {
	settings, configErr := a.config()
	log := a.logger(settings)
	var servers []warehouse.Config
	if settings.ClickHouse.Host != "" {
		servers = warehouseConfigs(settings.ClickHouse)
	}
	findings := doctor.Examine(a.ctx, doctor.Options{
		Host: c.host(), Organiser: organiser, Until: c.Until, Config: settings, ConfigErr: configErr,
		Servers: servers, Russian: a.lang == "ru",
		NewClient: func(transport http.RoundTripper) (*qtickets.Client, error) {
			patient := settings
			patient.RetryBudget = min(settings.RetryBudget, doctorPatience)
			return newClientOver(patient, log, transport)
		},
		OpenDB: func(ctx context.Context) (*warehouse.DB, func(), error) { return a.openWarehouse(ctx, settings, nil) },
	})
	if configErr != nil {
		return findings, errors.Join(errReported, config.ErrInvalid)
	}
	for _, f := range findings {
		if f.Status == doctor.Fail {
			return findings, errReported
		}
	}
	return findings, nil
}

// host is where the server's files are; a container has none of them unless told where.
func (c doctorCommand) host() string {
	if c.Host != "" {
		return c.Host
	}
	for _, mark := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(mark); err == nil {
			return ""
		}
	}
	return "/"
}

func (a *app) printFindings(findings []doctor.Finding, titles map[int]string) {
	marks := map[doctor.Status]string{doctor.OK: "✓", doctor.Warn: "!", doctor.Fail: "✗"}
	step := 0
	for _, f := range findings {
		if f.Step != step {
			step = f.Step
			fmt.Fprintf(a.Stdout, "%d. %s\n", step, titles[step])
		}
		fmt.Fprintf(a.Stdout, "  %s %s: %s\n", marks[f.Status], f.Check, a.say(f.Found))
		if f.Fix != "" {
			fmt.Fprintf(a.Stdout, "      %s\n", f.Fix)
		}
	}
}
