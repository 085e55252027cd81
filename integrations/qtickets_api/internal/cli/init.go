package cli

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

type initCommand struct {
	Yes         bool   `help:"Ask nothing: flags, variables and the env file say all."`
	DryRun      bool   `help:"Check the answers, show what would be done, and do nothing."`
	Again       bool   `help:"Ask for everything again; Enter keeps what is set."`
	Clickhouse  string `help:"Which ClickHouse: own, managed (a cloud), compose (infra/clickhouse of this project) or embedded." enum:"own,managed,compose,embedded," default:"" placeholder:"KIND"`
	BaseURL     string `name:"base-url" help:"QTICKETS_BASE_URL." placeholder:"URL"`
	Host        string `help:"CLICKHOUSE_HOST." placeholder:"NAME"`
	Port        string `help:"CLICKHOUSE_PORT." placeholder:"N"`
	User        string `help:"CLICKHOUSE_USER, of the loader." placeholder:"NAME"`
	Database    string `help:"CLICKHOUSE_DATABASE." placeholder:"NAME"`
	Org         string `help:"ORG_NAME." placeholder:"NAME"`
	CreateUsers bool   `name:"create-users" help:"With --clickhouse own: have the administrator create the users that ClickHouse does not let in."`
	ComposeEnv  string `help:"Where infra/clickhouse/passwords.sh has put the passwords of --clickhouse compose." default:"/opt/zakaz_dashboard/dashboard-mvp/infra/clickhouse/.env" placeholder:"FILE"`
}

// Help is the second half of "init --help".
func (initCommand) Help() string {
	return `From a token to the first number. Asks for what is not set yet, checks each answer at once, shows what it will do,
then writes the env file (--envfile; default: /opt/zakaz_dashboard/secrets/.env.qtickets_api where this user may write
it, else .local/share/qtickets_api/env in the home folder; mode 600), makes the keys that are missing, applies the
schema and the rights, loads the sales and says what to compare with the cabinet of QTickets.

May be repeated and interrupted at any time: what is set stays, and it goes on where it stopped. Secrets are typed on
the terminal or come as variables (QTICKETS_TOKEN, CLICKHOUSE_PASSWORD, …, or NAME_FILE), never as flags, which
everybody on the machine can read. The administrator's password (CLICKHOUSE_ADMIN_PASSWORD) is not kept.

  docker run -it --rm --user 0 --network host -v /opt/zakaz_dashboard:/opt/zakaz_dashboard qtickets_api:latest init

Exit status: 0 done, 1 something failed, 2 an answer is missing or wrong, 3 loaded in part.`
}

// setup is one run of "init": what is known, and where the answers come from.
type setup struct {
	*app
	initCommand
	file     *config.EnvFile
	dialogue *dialogue         // nil: nobody is asked
	answers  map[string]string // of this run, by variable; they win over the environment and the file
	typed    map[string]bool   // answers that came from the terminal
	kind     string            // of ClickHouse
	schema   bool              // it has to be applied
	rights   []string          // that the loader lacks
	create   bool              // the users of the loader and the reader have to be made
	made     []string          // keys that are new
}

// kept are the variables that "init" writes into the file, those that a person must not lose first.
var kept = []string{
	"QTICKETS_BASE_URL", "QTICKETS_TOKEN", "CLICKHOUSE_HOST", "CLICKHOUSE_PORT", "CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD",
	"CLICKHOUSE_DATABASE", "CLICKHOUSE_SECURE", "CLICKHOUSE_CA", "CLICKHOUSE_DATA", "CLICKHOUSE_READER_PASSWORD",
	"ORG_NAME", buyerKey, webhookSecret, "ALERT_URLS", "DIGEST_URLS",
}

// The keys that "init" makes.
const (
	buyerKey      = "QTICKETS_BUYER_KEY"
	webhookSecret = "QTICKETS_WEBHOOK_SECRET"
)

// Run sets everything up.
func (c initCommand) Run(a *app) error {
	s := &setup{app: a, initCommand: c, answers: map[string]string{}, typed: map[string]bool{}}
	if !c.Yes {
		s.dialogue = a.dialogue()
	}
	path := a.envfile
	if path == "" {
		path = defaultEnvFile()
	}
	if s.inImage() && !mounted(path, mountInfo()) {
		return fmt.Errorf("%w: --envfile: %s", config.ErrInvalid, fmt.Sprintf(s.text(
			"%s would be gone with this container, and the key of buyers with it: add -v %[2]s:%[2]s to docker run",
			"%s пропал бы вместе с этим контейнером, а с ним и ключ покупателей: добавьте к docker run -v %[2]s:%[2]s"),
			path, folderToMount(path)))
	}
	var err error
	if s.file, err = config.OpenEnvFile(path); err != nil {
		return err
	}
	if err := s.question(); err != nil {
		return s.untouched(err)
	}
	s.plan()
	if c.DryRun {
		fmt.Fprintln(a.Stdout, s.text("--dry-run: nothing was done.", "--dry-run: ничего не сделано."))
		return nil
	}
	if err := s.confirm(); err != nil {
		return s.untouched(err)
	}
	return s.apply()
}

const folderOfChecklist = "/opt/zakaz_dashboard"

// defaultEnvFile is the file of the checklist where this user may write it, else one in the home folder.
func defaultEnvFile() string {
	const ofChecklist = folderOfChecklist + "/secrets/" + singleFile
	home, err := os.UserHomeDir()
	if os.Geteuid() == 0 || err != nil {
		return ofChecklist
	}
	if file, err := os.OpenFile(ofChecklist, os.O_WRONLY, 0); err == nil {
		_ = file.Close()
		return ofChecklist
	}
	return filepath.Join(home, ".local", "share", "qtickets_api", "env")
}

// inImage tells whether this is the container of the Dockerfile.
func (s *setup) inImage() bool { return s.Program == "/qtickets_api" }

// folderToMount is what docker run needs for a file: all that the checklist makes, where it is a file of the checklist.
func folderToMount(path string) string {
	if strings.HasPrefix(path, folderOfChecklist+"/") {
		return folderOfChecklist
	}
	return filepath.Dir(path)
}

// mountInfo is what the kernel says of the mounts of this process; "": nothing.
func mountInfo() string {
	text, _ := os.ReadFile("/proc/self/mountinfo")
	return string(text)
}

// mounted tells whether a path lies on something that outlives its container: below a mount point other than "/".
func mounted(path, mountInfo string) bool {
	path, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	for line := range strings.Lines(mountInfo) {
		if fields := strings.Fields(line); len(fields) > 4 && fields[4] != "/" &&
			strings.HasPrefix(path+"/", strings.TrimSuffix(fields[4], "/")+"/") {
			return true
		}
	}
	return false
}

// text picks the language.
func (s *setup) text(english, russian string) string {
	if s.lang == "ru" {
		return russian
	}
	return english
}

func (s *setup) print(text string) { fmt.Fprintln(s.Stdout, text) }

// done says that something is well, or was done.
func (s *setup) done(english, russian string, arguments ...any) {
	s.print("  ✓ " + fmt.Sprintf(s.text(english, russian), arguments...))
}

// untouched says of an end before the plan was accepted that nothing was changed.
func (s *setup) untouched(err error) error {
	s.print(s.text("Nothing was changed.", "Ничего не изменено."))
	return s.stopped(err)
}

// stopped takes an interruption for the wish of a person, who needs no other word about it.
func (s *setup) stopped(err error) error {
	if err != nil && s.ctx.Err() != nil {
		return errReported
	}
	return err
}

// environ is the environment with the answers of this run.
func (s *setup) environ() []string {
	var environ []string
	for _, line := range s.Environ {
		name, _, _ := strings.Cut(line, "=")
		if _, answered := s.answers[strings.TrimSuffix(name, "_FILE")]; !answered {
			environ = append(environ, line)
		}
	}
	return append(environ, lines(s.answers)...)
}

// envfilePath is that of a file that is there.
func (s *setup) envfilePath() string {
	if s.file.Exists {
		return s.file.Path
	}
	return ""
}

// values are all variables as a command will see them, with the answers.
func (s *setup) values() (map[string]string, error) {
	values, err := config.Values(s.environ(), s.envfilePath())
	if err != nil {
		return nil, err
	}
	for name, value := range s.answers { // an empty answer is one, too
		if value == "" {
			delete(values, name)
		}
	}
	return values, nil
}

// settings are the configuration that the answers make.
func (s *setup) settings() (config.Config, error) {
	values, err := s.values()
	if err != nil {
		return config.Config{}, err
	}
	for name := range values { // what they name is read already
		if own, isFile := strings.CutSuffix(name, "_FILE"); isFile && config.IsSecret(own) {
			delete(values, name)
		}
	}
	return config.Load(lines(values), "")
}

func lines(values map[string]string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, name+"="+values[name])
	}
	return all
}

// fromEnvironment is what the environment of the process says of a variable.
func (s *setup) fromEnvironment(name string) (value string, set bool) {
	for _, line := range s.Environ {
		if n, v, _ := strings.Cut(line, "="); n == name && v != "" {
			value, set = v, true
		}
	}
	return value, set
}

// question settles everything that has to be known, and writes nothing.
func (s *setup) question() error {
	s.print(fmt.Sprintf(s.text("Settings: %s (%s).", "Настройки: %s (%s)."), s.file.Path,
		map[bool]string{true: s.text("there", "файл есть"), false: s.text("new", "новый файл")}[s.file.Exists]))
	if _, err := s.values(); err != nil {
		return err
	}
	s.showSet()
	steps := []func() error{
		func() error { return s.settle(s.apiQuestions(), s.checkAPI) },
		s.chooseClickHouse,
		func() error { return s.settle(s.namesQuestions(), s.checkNames) },
		s.keys,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	s.fill()
	return nil
}

// fill puts into the file what is to be written: the answers, then what the environment says.
func (s *setup) fill() {
	for _, name := range kept {
		if value, answered := s.answers[name]; answered {
			s.file.Set(name, value)
			continue
		}
		for _, from := range []string{name, name + "_FILE"} {
			if value, set := s.fromEnvironment(from); set {
				s.file.Set(from, value)
				break
			}
		}
	}
}

// showSet lists what is set already. A secret is not shown.
func (s *setup) showSet() {
	values, _ := s.values() // they were read before
	for _, name := range kept {
		switch value := values[name]; {
		case value == "":
		case s.form(question{variable: name}, value) != nil: // it may be a secret in the wrong place
			s.print("  ✗ " + name)
		case config.IsSecret(name):
			fmt.Fprintf(s.Stdout, "  ✓ %-26s %s\n", name, s.text("set, not shown", "задан, не показывается"))
		default:
			fmt.Fprintf(s.Stdout, "  ✓ %-26s %s\n", name, oneLine(value))
		}
	}
}

// keys makes those that are missing. The key for buyers is never another one: the same person would become a new one.
func (s *setup) keys() error {
	values, err := s.values()
	if err != nil {
		return err
	}
	for _, name := range []string{buyerKey, webhookSecret} {
		if values[name] == "" {
			s.answers[name] = rand.Text() + rand.Text()
			s.made = append(s.made, name)
		}
	}
	return nil
}

// confirm lets a person decide.
func (s *setup) confirm() error {
	switch {
	case s.Yes:
		return s.ctx.Err()
	case s.dialogue == nil:
		return fmt.Errorf("%w: --yes: %s", config.ErrInvalid, s.text("there is no terminal to confirm this on: add --yes",
			"подтвердить некому (нет терминала): добавьте --yes"))
	}
	answer, err := s.dialogue.ask(s.ctx, s.text("Go on? [Y/n] ", "Продолжить? [Y/n] "), false)
	if err == nil && strings.TrimSpace(answer) != "" && !isYes(answer) {
		err = errReported
	}
	return err
}

// isYes takes the answers of both languages.
func isYes(answer string) bool {
	return slices.Contains([]string{"y", "yes", "д", "да"}, strings.ToLower(strings.TrimSpace(answer)))
}

// quiet is the log of checks, whose result is said in words.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
