package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
	"dashboard-mvp/integrations/qtickets_api/internal/datalens/publish"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// datalensCommand groups what can be done with DataLens.
type datalensCommand struct {
	Publish datalensPublishCommand `cmd:"" help:"Create or update connection, datasets, charts and dashboard, then compare a number of each dataset with ClickHouse."`
	Print   datalensPrintCommand   `cmd:"" help:"Print the requests as JSON, by method; ask nobody."`
}

type datalensPublishCommand struct {
	Org         string `help:"ID of the organisation in Yandex Cloud." placeholder:"ID"`
	Workbook    string `help:"ID of the workbook, as in its address; new: make one, or go on with the one made before." required:"" placeholder:"ID|new"`
	API         string `name:"api" help:"Address of the public API of DataLens." default:"https://api.datalens.tech"`
	DryRun      bool   `help:"Say what would be created and updated; change nothing."`
	SetPassword bool   `help:"Send the password of ClickHouse again: DataLens never shows it, so a changed one cannot be noticed."`
}

// Help is the second half of "datalens publish --help".
func (datalensPublishCommand) Help() string {
	return `It makes what docs/datalens.md describes, in Russian or with --lang en in English, and leaves alone what people
made: their charts, datasets, tabs, widgets and fields. What it made itself says so in its description, and changes of
it are overwritten. A second run changes nothing. After a run that stopped, run it again: it goes on.

The token comes from DATALENS_TOKEN, or is made with DATALENS_SERVICE_ACCOUNT_KEY_FILE. DataLens reaches ClickHouse at
DATALENS_CLICKHOUSE_HOST as CLICKHOUSE_READER_USER with CLICKHOUSE_READER_PASSWORD.

Example: qtickets_api datalens publish --envfile .env --org bpf1234567890 --workbook new

Exit status: 0 done, and the numbers are the same; 1 a refusal, or a number differs; 2 wrong usage or configuration.`
}

// Run publishes.
func (c datalensPublishCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	client, err := c.client(settings)
	if errors.Is(err, publish.ErrOptions) {
		return fmt.Errorf("%w: %w", config.ErrInvalid, err)
	}
	if err != nil {
		return err
	}
	defer client.Close()
	db, stop, err := a.openSchema(a.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	t := datalensTexts[a.lang]
	done, err := publish.Publish(a.ctx, publish.Job{
		Client: client, Wording: a.wording(), ClickHouse: dataLensClickHouse(settings), Workbook: c.Workbook,
		Organisation: settings.Org, SetPassword: c.SetPassword, DryRun: c.DryRun,
		Say: func(s publish.Step) { t.printStep(a.Stdout, s) },
	})
	if err != nil || c.DryRun {
		return err
	}
	fmt.Fprintf(a.Stdout, t.done, done.Workbook, done.Dashboard)
	numbers, err := publish.Numbers(a.ctx, client, done.Made, db.DataLensNumbers)
	if err != nil {
		return err
	}
	if !t.printNumbers(a.Stdout, numbers, a.wording().Lang) {
		fmt.Fprintln(a.Stderr, t.differ)
		return errReported
	}
	return nil
}

// client for the settings; it asks nobody yet.
func (c datalensPublishCommand) client(settings config.Config) (*publish.Client, error) {
	d := settings.DataLens
	for name, value := range map[string]string{"DATALENS_CLICKHOUSE_HOST": d.Host,
		"CLICKHOUSE_READER_PASSWORD": settings.ReaderPassword} {
		if value == "" {
			return nil, fmt.Errorf("%w: %s is not set: DataLens needs it to reach ClickHouse", publish.ErrOptions, name)
		}
	}
	var tokens publish.Tokens = publish.FixedToken(d.Token)
	switch {
	case d.ServiceAccountKey != "":
		key, err := publish.NewAccountKey(d.ServiceAccountKey, d.IAM)
		if err != nil {
			return nil, err
		}
		tokens = key
	case d.Token == "":
		return nil, fmt.Errorf("%w: neither DATALENS_TOKEN nor DATALENS_SERVICE_ACCOUNT_KEY_FILE is set: make a token with "+
			"\"yc iam create-token\"", publish.ErrOptions)
	}
	return publish.New(publish.Options{API: c.API, Org: c.Org, Tokens: tokens,
		Secrets: []string{settings.ReaderPassword, strings.TrimSpace(d.ServiceAccountKey)}})
}

// wording is what is made; in Russian unless the flag says another.
func (a *app) wording() datalens.Wording {
	return datalens.Wording{Lang: cmp.Or(a.flagLang, "ru"), Comments: warehouse.Comments()}
}

func dataLensClickHouse(c config.Config) datalens.ClickHouse {
	return datalens.ClickHouse{Host: c.DataLens.Host, Port: c.DataLens.Port, Secure: c.DataLens.Secure, User: c.ReaderUser,
		Password: c.ReaderPassword, Database: c.ClickHouse.Database}
}

type datalensPrintCommand struct{}

// Help is the second half of "datalens print --help".
func (datalensPrintCommand) Help() string {
	return `The requests are those of a first publication, and for each kind the one that updates it. What only DataLens can
tell, such as the id of a new dataset, stands in angle brackets; the password is not printed. docs/datalens/ holds the
output for a server of an example.

Example: qtickets_api datalens print --lang en`
}

// Run prints.
func (datalensPrintCommand) Run(a *app) error {
	settings, err := a.config()
	if err != nil {
		return err
	}
	to := dataLensClickHouse(settings)
	to.Host, to.Password = cmp.Or(to.Host, "<host>"), "***"
	encoder := json.NewEncoder(a.Stdout)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(a.wording().Requests(to))
}
