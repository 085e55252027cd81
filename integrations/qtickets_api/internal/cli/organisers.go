package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// singleFile is the env file of the organiser of the checklist, who has no name.
const singleFile = ".env.qtickets_api"

// everyFlags are those of commands that can look at all organisers of a server.
type everyFlags struct {
	All     bool   `help:"Every organiser of this server (docs/organisers.md), a line each; the settings come from the env files alone."`
	Secrets string `help:"With --all: the folder with an env file NAME.env for each organiser." default:"/opt/zakaz_dashboard/secrets" placeholder:"DIR"`
}

// organiser is one of several on a server.
type organiser struct {
	name string // or singleFile
	file string // its env file
}

// organiserName is what may be part of a unit, a database and a user.
var organiserName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

// organisers are those that have an env file in a folder, by name; the single one of the checklist is among them.
func organisers(dir string) ([]organiser, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: --all: %w: a user who may read the env files looks at them, as with sudo; a container "+
			"sees only what is mounted into it", config.ErrInvalid, err)
	}
	var found []organiser
	for _, entry := range entries {
		name, isEnv := strings.CutSuffix(entry.Name(), ".env")
		if (isEnv || name == singleFile) && !entry.IsDir() {
			found = append(found, organiser{name, filepath.Join(dir, entry.Name())})
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%w: --all: there is no env file NAME.env in %s: sudo ops/install.sh --organiser NAME",
			config.ErrInvalid, dir)
	}
	return found, nil
}

// looked is what was found at one organiser.
type looked struct {
	Organiser string `json:"organiser"`
	Exit      int    `json:"exit_status"` // as the command has it for this organiser alone
	Error     string `json:"error,omitempty"`
	Results   any    `json:"results,omitempty"` // as --json has them for this organiser alone

	ok             int
	warned, failed []verdict // what is not well
}

// verdict is what a check found.
type verdict struct{ check, found string }

// count adds one verdict.
func (l *looked) count(status, check, found string) {
	switch status {
	case "ok":
		l.ok++
	case "warn":
		l.warned = append(l.warned, verdict{check, found})
	default:
		l.failed = append(l.failed, verdict{check, found})
	}
}

// lineOf an organiser says first what failed, then what should be looked at.
func (a *app) lineOf(l *looked) string {
	var warned, failed []string
	for _, v := range l.warned {
		warned = append(warned, a.say(v.check))
	}
	for _, v := range l.failed {
		failed = append(failed, a.say(v.check)+": "+a.say(v.found))
	}
	mark, text := "✓", []string{fmt.Sprintf("%d ✓", l.ok)}
	if len(warned) > 0 {
		mark, text = "!", append(text, fmt.Sprintf("%d ! %s", len(warned), strings.Join(warned, ", ")))
	}
	if len(failed) > 0 {
		mark, text = "✗", []string{text[0], fmt.Sprintf("%d ✗ %s", len(failed), strings.Join(failed, "; "))}
	}
	if l.Error != "" {
		mark, text = "✗", []string{a.say(l.Error)}
	}
	return fmt.Sprintf("%s %-16s %s", mark, l.Organiser, strings.ReplaceAll(strings.Join(text, ", "), "\n", "; "))
}

// everyPatience is how long one organiser is looked at: what does not answer keeps nobody from the others.
const everyPatience = 2 * time.Minute

// every looks at one organiser after another, whatever it finds, and ends with the worst exit status: a configuration
// that cannot be used, then what failed. look does with an organiser what the command does with the only one, and
// reports it in its last argument.
func (a *app) every(dir string, asJSON bool, look func(*app, organiser, *looked) error) error {
	if a.envfile != "" {
		return fmt.Errorf("%w: --all and --envfile are both given: keep one", config.ErrInvalid)
	}
	all, err := organisers(dir)
	if err != nil {
		return err
	}
	var report []*looked
	var failed error
	databases := map[string]string{} // whose each is
	for _, o := range all {
		l := &looked{Organiser: o.name}
		err := a.lookAt(o, databases, func(its *app) error { return look(its, o, l) })
		l.Exit = exitCode(err)
		if err != nil && !errors.Is(err, errReported) {
			l.Error = err.Error()
		}
		switch {
		case l.Exit == exitUsage: // nothing can be asked at all
			failed = errors.Join(errReported, config.ErrInvalid)
		case l.Exit != exitOK && failed == nil:
			failed = errReported
		}
		report = append(report, l)
		if !asJSON {
			fmt.Fprintln(a.Stdout, a.lineOf(l))
		}
		if err := a.ctx.Err(); err != nil {
			return err
		}
	}
	if asJSON {
		return errors.Join(failed, json.NewEncoder(a.Stdout).Encode(report))
	}
	return failed
}

// lookAt is every for one organiser. Nothing of the environment reaches it: a database that is set there would be
// everybody's. databases says whose each is.
func (a *app) lookAt(o organiser, databases map[string]string, look func(*app) error) error {
	if o.name != singleFile && !organiserName.MatchString(o.name) {
		return fmt.Errorf("%w: not the name of an organiser: 1 to 32 of a-z, 0-9 and _", config.ErrInvalid)
	}
	// No deadline: ClickHouse would be told of it, and a reader may not wish for more than a minute.
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	defer time.AfterFunc(everyPatience, cancel).Stop()
	its := &app{Process: Process{Stdout: a.Stdout, Stderr: io.Discard}, ctx: ctx, envfile: o.file, lang: a.lang}
	settings, err := its.config()
	if err != nil {
		return err
	}
	server := settings.ClickHouse
	if server.Host == "" {
		return fmt.Errorf("%w: CLICKHOUSE_HOST is not set: the embedded ClickHouse is for one organiser", config.ErrInvalid)
	}
	database := fmt.Sprintf("%s:%d/%s", server.Host, server.Port, server.Database)
	if other, taken := databases[database]; taken {
		return fmt.Errorf("%w: CLICKHOUSE_DATABASE: %s is the database of %s", config.ErrInvalid, server.Database, other)
	}
	databases[database] = o.name
	err = look(its)
	if err != nil && ctx.Err() != nil && a.ctx.Err() == nil {
		return fmt.Errorf("no answer within %s", everyPatience)
	}
	return err
}
