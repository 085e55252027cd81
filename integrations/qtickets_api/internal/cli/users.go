package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

// usersCommand groups what can be done with the people who may see the page.
type usersCommand struct {
	Add    usersAddCommand    `cmd:"" help:"Add somebody, and print an invitation: a link and its QR code."`
	Remove usersRemoveCommand `cmd:"" help:"Remove somebody: they are signed out everywhere within a second."`
	List   usersListCommand   `cmd:"" default:"withargs" help:"List the people and what they may see."`
}

type usersAddCommand struct {
	Name    string `arg:"" help:"What they sign in with, e.g. anna or anna@example.org."`
	Role    string `help:"view: everything; view-no-money: everything but money; event: one event; admin: everything, and may write." enum:"view,view-no-money,event,admin" default:"view"`
	Event   uint64 `help:"The event of --role event, by its id in QTickets." placeholder:"ID"`
	Expires days   `help:"How long the invitation can be accepted." default:"3d" placeholder:"3d"`
	Replace bool   `help:"Somebody of this name is there already: a new role and invitation; the old password ends at once."`
}

// Help is the second half of "users add --help".
func (usersAddCommand) Help() string {
	return `The person opens the link once, chooses a password and is signed in. People are kept in
QTICKETS_PAGE_USERS_FILE, which a running "serve" reads again by itself. Setup: docs/people.md.

Example: qtickets_api users add anna --role event --event 33333

Exit status: 0 done; 1 the file cannot be written; 2 wrong usage or configuration.`
}

// days is a length of time that may be given in days, "30d".
type days time.Duration

// longestDays is the longest that a link may last.
const longestDays = 366 * 24 * time.Hour

// UnmarshalText reads "30d", or what Go reads, "12h".
func (d *days) UnmarshalText(text []byte) error {
	length, err := time.ParseDuration(string(text))
	if n, found := strings.CutSuffix(string(text), "d"); found {
		var count int
		if count, err = strconv.Atoi(n); err == nil && count <= 366 {
			length = time.Duration(count) * 24 * time.Hour
		}
	}
	if err != nil || length <= 0 || length > longestDays {
		return errors.New("give hours or days up to 366, e.g. 12h or 30d")
	}
	*d = days(length)
	return nil
}

// usersFile is where people are kept.
func (a *app) usersFile() (string, config.Config, error) {
	settings, err := a.config()
	if err == nil && settings.Live.UsersFile == "" {
		err = fmt.Errorf("%w: QTICKETS_PAGE_USERS_FILE is not set: name a file in a folder that \"serve\" may write "+
			"(docs/people.md)", config.ErrInvalid)
	}
	return settings.Live.UsersFile, settings, err
}

// pageAddress is an address of the page as people open it.
func pageAddress(settings config.Config, path string) string {
	base := settings.Digest.PageURL
	if base == "" {
		base = "http://" + settings.Live.Listen + "/"
	}
	address, err := url.Parse(base)
	if err != nil { // the configuration was checked
		return base
	}
	return address.JoinPath(path).String()
}

// Run adds somebody.
func (c usersAddCommand) Run(a *app) error {
	if (access.Role(c.Role) == access.Event) != (c.Event != 0) {
		return fmt.Errorf("%w: --role event and --event ID go together", config.ErrInvalid)
	}
	file, settings, err := a.usersFile()
	if err != nil {
		return err
	}
	p := access.Person{Name: c.Name, Role: access.Role(c.Role), Event: c.Event}
	if settings.Live.ProxyHeader == "" { // else the proxy knows the passwords
		p.Invited = time.Now().Add(time.Duration(c.Expires)).Truncate(time.Second)
	}
	token, err := access.AddPerson(file, p, c.Replace)
	if err != nil {
		return usersProblem(err)
	}
	texts := peopleTexts[a.lang]
	fmt.Fprintf(a.Stdout, texts.added+"\n", c.Name, texts.roles[p.Role])
	if token == "" {
		return nil
	}
	return printLink(a.Stdout, pageAddress(settings, access.InvitationPath+token),
		fmt.Sprintf(texts.invitation, p.Invited.Format(moment)))
}

// usersProblem says what to do about an error of a change.
func usersProblem(err error) error {
	switch {
	case errors.Is(err, access.ErrPersonExists):
		return fmt.Errorf("%w: %w: --replace gives a new role and a new invitation", config.ErrInvalid, err)
	case errors.Is(err, access.ErrNoPerson), errors.Is(err, access.ErrNoShare), errors.Is(err, access.ErrName),
		errors.Is(err, access.ErrLabel):
		return fmt.Errorf("%w: %w", config.ErrInvalid, err)
	}
	return err
}

type usersRemoveCommand struct {
	Name string `arg:"" help:"Whom to remove."`
}

// Run removes somebody.
func (c usersRemoveCommand) Run(a *app) error {
	file, _, err := a.usersFile()
	if err != nil {
		return err
	}
	if err := access.RemovePerson(file, c.Name); err != nil {
		return usersProblem(err)
	}
	fmt.Fprintf(a.Stdout, peopleTexts[a.lang].removed+"\n", c.Name)
	return nil
}

type usersListCommand struct {
	JSON bool `help:"Print the people as a JSON list."`
}

// personLine is a person as --json prints it.
type personLine struct {
	Name    string     `json:"name"`
	Role    string     `json:"role"`
	Event   uint64     `json:"event,omitempty"`
	State   string     `json:"state"` // password, invited, expired, none
	Invited *time.Time `json:"invited_until,omitempty"`
}

// Run lists the people. A line of the file that cannot be read lets nobody in, and is an error.
func (c usersListCommand) Run(a *app) error {
	file, _, err := a.usersFile()
	if err != nil {
		return err
	}
	people, err := access.People(file)
	if len(people) == 0 && err != nil {
		return err
	}
	lines := make([]personLine, len(people))
	for i, p := range people {
		lines[i] = personLine{Name: p.Name, Role: string(p.Role), Event: p.Event, State: stateOf(p, time.Now())}
		if !p.Invited.IsZero() {
			lines[i].Invited = &p.Invited
		}
	}
	if c.JSON {
		return errors.Join(json.NewEncoder(a.Stdout).Encode(lines), err)
	}
	return errors.Join(printPeople(a.Stdout, peopleTexts[a.lang], lines), err)
}

func stateOf(p access.Person, now time.Time) string {
	switch {
	case p.HasPassword():
		return "password"
	case p.Invited.IsZero():
		return "none"
	case now.Before(p.Invited):
		return "invited"
	default:
		return "expired"
	}
}

func printPeople(w io.Writer, texts peopleLocale, lines []personLine) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, texts.columns)
	for _, l := range lines {
		role := texts.roles[access.Role(l.Role)]
		if l.Event != 0 {
			role += " " + strconv.FormatUint(l.Event, 10)
		}
		state := texts.states[l.State]
		if l.State == "invited" {
			state = fmt.Sprintf(state, l.Invited.Format(moment))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", oneLine(l.Name), role, state)
	}
	return table.Flush()
}
