package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/access"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// shareCommand groups what can be done with share links.
type shareCommand struct {
	Add    shareAddCommand    `cmd:"" help:"Make a link that shows one event or one show, and print it with its QR code."`
	List   shareListCommand   `cmd:"" default:"withargs" help:"List the links, until when they hold and how often they were opened."`
	Revoke shareRevokeCommand `cmd:"" help:"End a link within a second."`
}

type shareAddCommand struct {
	Event   uint64 `arg:"" help:"The event, by its id in QTickets."`
	Show    uint64 `arg:"" optional:"" help:"One of its shows, by id; without it all of them."`
	NoMoney bool   `name:"no-money" help:"No amounts of money."`
	For     string `help:"Whom the link is for: stands in the list of links, nowhere else." placeholder:"NAME"`
	Expires days   `help:"How long the link holds." default:"30d" placeholder:"30d"`
}

// Help is the second half of "share add --help".
func (shareAddCommand) Help() string {
	return `The link shows a page of its own: no menu, no filters, no other event. Links are kept beside
QTICKETS_PAGE_USERS_FILE (docs/people.md).

Example: qtickets_api share add 33333 --no-money --expires 7d

Exit status: 0 done; 1 ClickHouse is unavailable or the file cannot be written; 2 wrong usage, or no such event.`
}

// Run makes a link.
func (c shareAddCommand) Run(a *app) error {
	file, settings, err := a.usersFile()
	if err != nil {
		return err
	}
	name, err := c.find(a, settings)
	if err != nil {
		return err
	}
	now := time.Now().Truncate(time.Second)
	share, token, err := access.AddShare(file, access.Share{Event: c.Event, Show: c.Show, NoMoney: c.NoMoney, Label: c.For,
		Made: now, Until: now.Add(time.Duration(c.Expires))})
	if err != nil {
		return usersProblem(err)
	}
	return printLink(a.Stdout, pageAddress(settings, access.SharePath+token)+"/",
		fmt.Sprintf(peopleTexts[a.lang].link, oneLine(name), share.Until.Format(moment)))
}

// find the event, and its show, so that no link leads nowhere; its name.
func (c shareAddCommand) find(a *app, settings config.Config) (string, error) {
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return "", err
	}
	defer stop()
	events, err := db.PlanEvents(a.ctx)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(events, func(e warehouse.PlanEvent) bool { return e.ID == c.Event })
	if at < 0 {
		return "", fmt.Errorf("%w: there is no event %d: its id is in the address of its page", config.ErrInvalid, c.Event)
	}
	its := func(s warehouse.PlanShow) bool { return s.ID == c.Show }
	if c.Show != 0 && !slices.ContainsFunc(events[at].Shows, its) {
		return "", fmt.Errorf("%w: event %d has no show %d", config.ErrInvalid, c.Event, c.Show)
	}
	return events[at].Name, nil
}

type shareRevokeCommand struct {
	ID string `arg:"" help:"As \"share list\" prints it."`
}

// Run ends a link.
func (c shareRevokeCommand) Run(a *app) error {
	file, _, err := a.usersFile()
	if err != nil {
		return err
	}
	if err := access.RevokeShare(file, c.ID); err != nil {
		return usersProblem(err)
	}
	fmt.Fprintf(a.Stdout, peopleTexts[a.lang].revoked+"\n", c.ID)
	return nil
}

type shareListCommand struct {
	JSON bool `help:"Print the links as a JSON list."`
}

// shareLine is a link as --json prints it.
type shareLine struct {
	ID      string    `json:"id"`
	Event   uint64    `json:"event"`
	Show    uint64    `json:"show,omitempty"`
	NoMoney bool      `json:"no_money"`
	For     string    `json:"for,omitempty"`
	Until   time.Time `json:"until"`
	Views   uint64    `json:"views"`
}

// Run lists the links.
func (c shareListCommand) Run(a *app) error {
	file, _, err := a.usersFile()
	if err != nil {
		return err
	}
	shares, err := access.Shares(file)
	if err != nil {
		return err
	}
	lines := make([]shareLine, len(shares))
	for i, s := range shares {
		lines[i] = shareLine{s.ID, s.Event, s.Show, s.NoMoney, s.Label, s.Until, s.Views}
	}
	if c.JSON {
		return json.NewEncoder(a.Stdout).Encode(lines)
	}
	return printShares(a.Stdout, peopleTexts[a.lang], lines, time.Now())
}

func printShares(w io.Writer, texts peopleLocale, lines []shareLine, now time.Time) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(w, texts.noShares)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, texts.shareColumns)
	for _, l := range lines {
		show, money, until := texts.allShows, texts.withMoney, l.Until.Format(moment)
		if l.Show != 0 {
			show = strconv.FormatUint(l.Show, 10)
		}
		if l.NoMoney {
			money = texts.noMoney
		}
		if !now.Before(l.Until) {
			until = texts.ended
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\t%d\t%s\n", l.ID, l.Event, show, money, until, l.Views, oneLine(l.For))
	}
	return table.Flush()
}
