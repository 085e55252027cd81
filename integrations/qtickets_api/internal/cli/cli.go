package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/alecthomas/kong"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/russian"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// Process is the outside world of a command.
type Process struct {
	Stdout, Stderr io.Writer
	Stdin          io.Reader // a terminal, to ask a person; anything else, nil too: nobody is asked
	Environ        []string  // as os.Environ gives it
	Program        string    // how the program was called, for the commands it shows; "": qtickets_api
	// LimitMemory tells the runtime how much a command wants to use; nil where the process is not its own.
	LimitMemory func(bytes int64)
}

// Exit codes of the program.
const (
	exitOK      = 0
	exitFailed  = 1 // the run or a check failed
	exitUsage   = 2 // wrong usage or configuration
	exitPartial = 3 // something was not read
)

// errPartial ends a command whose run left something out.
var errPartial = errors.New("partial")

// errReported ends a command that has already said what failed.
var errReported = errors.New("reported")

type commands struct {
	Init       initCommand       `cmd:"" help:"Set everything up: ask for what is missing, write the settings, make the tables, load, and name the first number."`
	Sync       syncCommand       `cmd:"" default:"withargs" help:"Load new and changed sales into ClickHouse (the default command). The first run loads the whole history."`
	Backfill   backfillCommand   `cmd:"" help:"Load the whole history. If interrupted, the next run resumes where it stopped."`
	Reconcile  reconcileCommand  `cmd:"" help:"Compare every order with QTickets: fix differences, remove vanished orders, print the findings."`
	Rebuild    rebuildCommand    `cmd:"" help:"Recompute everything from the stored orders, without QTickets. It must change nothing."`
	Migrate    migrateCommand    `cmd:"" help:"Create or update the tables and views."`
	Doctor     doctorCommand     `cmd:"" help:"Check the installation against the deployment checklist and say what to fix."`
	Check      checkCommand      `cmd:"" help:"Run the smoke checks and give a verdict."`
	Alerts     alertsCommand     `cmd:"" help:"Check for problems and notify people when one starts or ends (ALERT_*, docs/alerts.md). For a timer."`
	Digest     digestCommand     `cmd:"" help:"Send the morning message once its time has come (DIGEST_*, docs/digest.md). For a timer."`
	Explain    explainCommand    `cmd:"" help:"Show the tickets, refunds and runs behind the published numbers of a day."`
	Forecast   forecastCommand   `cmd:"" help:"Say how many tickets the shows to come will have sold in the end, and how wrong that was before."`
	Plan       planCommand       `cmd:"" help:"Import, list or export what the shows are to sell (docs/plan.md)."`
	Datalens   datalensCommand   `cmd:"" help:"Make the dashboard in DataLens (Yandex Cloud, Enterprise), or print the requests (docs/datalens.md)."`
	Quarantine quarantineCommand `cmd:"" help:"List or retry the rows of QTickets that could not be parsed."`
	Contract   contractCommand   `cmd:"" help:"Say which assumptions about the API of QTickets loads have confirmed, refuted or not seen."`
	Serve      serveCommand      `cmd:"" help:"Serve the page, webhooks, health and metrics; with --every also load periodically."`
	Users      usersCommand      `cmd:"" help:"Add, remove or list the people who may see the page (docs/people.md)."`
	Share      shareCommand      `cmd:"" help:"Make, list or revoke links that show one event or show to whoever has them (docs/people.md)."`
	Demo       demoCommand       `cmd:"" help:"Show everything at work: embedded ClickHouse, a simulated box office, a load, a report, the page."`
	Sim        simCommand        `cmd:"" help:"Serve a simulated QTickets API."`
	Clickhouse clickhouseCommand `cmd:"" help:"Run the embedded ClickHouse in the foreground."`
	Version    versionCommand    `cmd:"" help:"Print the version."`

	Envfile string `help:"Read variables from this file, as docker run --env-file does; the environment takes precedence." placeholder:"FILE"`
	Lang    string `help:"Output language: ru or en (default: from LANG)." enum:"ru,en," default:""`
}

// app is what a subcommand gets to work with.
type app struct {
	Process
	ctx     context.Context
	envfile string
	lang    string
	// flagLang is --lang as given; "": it was not.
	flagLang string
}

// Run executes the command line and returns the exit code.
func Run(ctx context.Context, arguments []string, p Process) int {
	p.Stdout, p.Stderr = &visible{to: p.Stdout}, &visible{to: p.Stderr}
	var c commands
	exit := -1
	lang := language(givenLanguage(arguments), p.Environ)
	parser := newParser(&c, lang,
		kong.Writers(p.Stdout, p.Stderr), kong.Exit(func(code int) { exit = code }))
	parsed, err := parser.Parse(arguments)
	if exit >= 0 { // --help
		return exit
	}
	if err != nil {
		fmt.Fprintf(p.Stderr, "qtickets_api: %s\n%s\n", russian.In(lang, err.Error()), texts[lang].usage)
		return exitUsage
	}
	a := &app{Process: p, ctx: ctx, envfile: c.Envfile, lang: lang, flagLang: c.Lang}
	err = parsed.Run(a)
	if err != nil && !errors.Is(err, errReported) && !errors.Is(err, errPartial) {
		fmt.Fprintf(p.Stderr, "qtickets_api: %s\n", a.say(err.Error()))
	}
	return exitCode(err)
}

// newParser makes the grammar of the command line, with its help in a language.
func newParser(c *commands, lang string, options ...kong.Option) *kong.Kong {
	options = append(options, kong.Name("qtickets_api"), kong.Description(description),
		kong.WithHyphenPrefixedParameters(true), // "--since-hours -1" is a wrong number, not an unknown flag
		kong.Vars{"sim_token": simulator.DefaultToken})
	if lang == "ru" {
		options = append(options, kong.Help(printRussianHelp))
	}
	parser, err := kong.New(c, options...)
	if err == nil && lang == "ru" {
		err = translateHelp(parser)
	}
	if err != nil { // the grammar is a constant
		panic(err)
	}
	return parser
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, config.ErrInvalid), errors.Is(err, embedded.ErrOptions):
		return exitUsage
	case errors.Is(err, errPartial):
		return exitPartial
	default:
		return exitFailed
	}
}

const description = `QTickets sales in the organiser's own ClickHouse.

Variables are described in docs/variables.md; without CLICKHOUSE_HOST the embedded ClickHouse is used.
Exit status: 0 ok, 1 a run or check failed, 2 wrong usage or configuration, 3 something was not read.`

// say is an error, a message or a verdict in the language of the command.
func (a *app) say(text string) string { return russian.In(a.lang, text) }

// config reads the configuration of a command.
func (a *app) config() (config.Config, error) { return config.Load(a.Environ, a.envfile) }

// logger writes to stderr: lines for a person on a terminal, one JSON object per line elsewhere.
func (a *app) logger(c config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "text" || (c.LogFormat == "" && isTerminal(a.Stderr)) {
		return slog.New(slog.NewTextHandler(a.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(a.Stderr, options))
}
