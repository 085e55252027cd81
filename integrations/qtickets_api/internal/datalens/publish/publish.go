package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

// What became of a thing of the description.
type What string

// Outcomes of a thing.
const (
	Created What = "created"
	Updated What = "updated"
	Same    What = "same"
	// Left is what an earlier publication made, or a field of it, and the description has no more.
	Left What = "left"
)

// Kinds of things, named as DataLens names their scope.
const (
	KindWorkbook   = "workbook"
	KindConnection = "connection"
	KindDataset    = "dataset"
	KindField      = "field"
	KindChart      = "widget"
	KindDashboard  = "dash"
)

// Step is one thing and what became of it.
type Step struct {
	What What
	Kind string
	Name string
	ID   string // "": it would be created
}

// Job is a publication.
type Job struct {
	Client       *Client
	Wording      datalens.Wording
	ClickHouse   datalens.ClickHouse
	Workbook     string // its id; NewWorkbook: make one, or go on with the one made before
	Organisation string // in the title of a new workbook
	SetPassword  bool   // send the password again: DataLens never shows it, so a changed one cannot be noticed
	DryRun       bool   // read only, and say what would be done
	Say          func(Step)
}

// NewWorkbook is the workbook of a job that has none.
const NewWorkbook = "new"

// Done is what a job left behind.
type Done struct {
	Workbook  string
	Dashboard string // its id; "": it would be created
	Made      datalens.Made
}

// run is a job at work.
type run struct {
	Job
	entries []entry
	made    datalens.Made
}

// entry of a workbook.
type entry struct{ id, scope, kind, name string }

// Publish makes the workbook what the description says. Whatever stopped it, the next run goes on: every step looks
// first, and what is there is not made twice. What a person made is not touched.
func Publish(ctx context.Context, job Job) (Done, error) {
	r := &run{Job: job, made: datalens.Made{Datasets: map[string]datalens.Place{}, Charts: map[string]string{}}}
	done := Done{Made: r.made}
	if err := r.workbook(ctx); err != nil {
		return done, err
	}
	if done.Workbook = r.Workbook; r.Workbook != "" {
		if err := r.list(ctx); err != nil {
			return done, err
		}
	}
	connection, err := r.connection(ctx)
	if err != nil {
		return done, err
	}
	for _, d := range datalens.Datasets {
		if err := r.dataset(ctx, d, connection); err != nil {
			return done, fmt.Errorf("dataset %q: %w", d.Name.In(r.Wording.Lang), err)
		}
	}
	for _, c := range datalens.Charts {
		if err := r.chart(ctx, c); err != nil {
			return done, fmt.Errorf("chart %q: %w", c.Name.In(r.Wording.Lang), err)
		}
	}
	if done.Dashboard, err = r.dashboard(ctx); err != nil {
		return done, fmt.Errorf("dashboard: %w", err)
	}
	return done, r.left(ctx)
}

func (r *run) say(what What, kind, name, id string) {
	r.Say(Step{What: what, Kind: kind, Name: name, ID: id})
}

// workbook makes one, unless a run before made it.
func (r *run) workbook(ctx context.Context) error {
	if r.Workbook != NewWorkbook {
		return nil
	}
	body := r.Wording.Workbook(r.Organisation)
	title := textAt(body, "title")
	if r.DryRun {
		found, err := r.findWorkbook(ctx, title)
		if r.Workbook = found; found == "" && err == nil {
			r.say(Created, KindWorkbook, title, "")
		}
		return err
	}
	var answer datalens.Object
	err := r.Client.call(ctx, "createWorkbook", body, &answer)
	if errors.Is(err, errExists) {
		found, again := r.findWorkbook(ctx, title)
		if again != nil || found == "" {
			return errors.Join(again, fmt.Errorf("workbook %q: %w", title, err))
		}
		r.Workbook = found
		r.say(Same, KindWorkbook, title, found)
		return nil
	}
	if err != nil {
		return err
	}
	r.Workbook = textAt(answer, "workbookId")
	r.say(Created, KindWorkbook, title, r.Workbook)
	return nil
}

// findWorkbook is the workbook of a title that was made here; "": there is none.
func (r *run) findWorkbook(ctx context.Context, title string) (string, error) {
	body := datalens.Object{"filterString": title}
	for page := 1; ; page++ {
		var answer datalens.Object
		if err := r.Client.call(ctx, "getWorkbooksList", body, &answer); err != nil {
			return "", err
		}
		for _, w := range listAt(answer, "workbooks") {
			if textAt(w, "title") == title && strings.Contains(textAt(w, "description"), datalens.Mark) {
				return textAt(w, "workbookId"), nil
			}
		}
		if textAt(answer, "nextPageToken") == "" {
			return "", nil
		}
		body["page"] = page
	}
}

// list reads what the workbook holds.
func (r *run) list(ctx context.Context) error {
	r.entries = nil
	for page := 0; ; page++ {
		var answer datalens.Object
		if err := r.Client.call(ctx, "getWorkbookEntries",
			datalens.Object{"workbookId": r.Workbook, "page": page, "pageSize": 200}, &answer); err != nil {
			return err
		}
		for _, e := range listAt(answer, "entries") {
			key := textAt(e, "displayKey")
			if key == "" {
				key = textAt(e, "key")
			}
			r.entries = append(r.entries, entry{id: textAt(e, "entryId"), scope: textAt(e, "scope"), kind: textAt(e, "type"),
				name: key[strings.LastIndexByte(key, '/')+1:]})
		}
		if textAt(answer, "nextPageToken") == "" {
			return nil
		}
	}
}

// find is the id of an entry; "": there is none.
func (r *run) find(kind, name string) string {
	for _, e := range r.entries {
		if e.scope == kind && strings.EqualFold(e.name, name) {
			return e.id
		}
	}
	return ""
}

// thing is how one kind of entry is made and kept.
type thing struct {
	kind, name string
	// create returns the new id.
	create func(context.Context) (string, error)
	// update makes an entry what it is to be, and tells whether it was something else.
	update func(ctx context.Context, id string) (changed bool, err error)
}

// ensure creates a thing, or updates it where it is there; what stood there between the list and the creation, or was
// created by a request whose answer was lost, is updated too. In a dry run the id of what would be created is "".
func (r *run) ensure(ctx context.Context, t thing) (string, error) {
	id := r.find(t.kind, t.name)
	if id == "" {
		if r.DryRun {
			r.say(Created, t.kind, t.name, "")
			return "", nil
		}
		id, err := t.create(ctx)
		if err == nil {
			r.say(Created, t.kind, t.name, id)
			return id, nil
		}
		if !errors.Is(err, errExists) {
			return "", err
		}
		if again := r.list(ctx); again != nil {
			return "", again
		}
		if id = r.find(t.kind, t.name); id == "" {
			return "", err
		}
		return r.change(ctx, t, id)
	}
	return r.change(ctx, t, id)
}

func (r *run) change(ctx context.Context, t thing, id string) (string, error) {
	changed, err := t.update(ctx, id)
	if err != nil {
		return "", err
	}
	what := Same
	if changed {
		what = Updated
	}
	r.say(what, t.kind, t.name, id)
	return id, nil
}

// foreign refuses what has our name and was not made here.
func foreign(description string) error {
	if strings.Contains(description, datalens.Mark) {
		return nil
	}
	return fmt.Errorf("it has this name and was made by a person (its description does not say %q): rename it in "+
		"DataLens, and run this again", datalens.Mark)
}

func (r *run) connection(ctx context.Context) (string, error) {
	id, err := r.ensure(ctx, thing{kind: KindConnection, name: datalens.ConnectionName.In(r.Wording.Lang),
		create: func(ctx context.Context) (string, error) {
			var answer datalens.Object
			err := r.Client.call(ctx, "createConnection", r.Wording.Connection(r.Workbook, r.ClickHouse), &answer)
			return textAt(answer, "id"), err
		},
		update: func(ctx context.Context, id string) (bool, error) {
			var have datalens.Object
			if err := r.Client.call(ctx, "getConnection",
				datalens.Object{"connectionId": id, "workbookId": r.Workbook}, &have); err != nil {
				return false, err
			}
			if err := foreign(textAt(have, "description")); err != nil {
				return false, err
			}
			want := r.Wording.ConnectionData(r.ClickHouse)
			changed := r.SetPassword || connectionDiffers(have, want)
			if !changed || r.DryRun {
				return changed, nil
			}
			var nothing datalens.Object
			return true, r.Client.call(ctx, "updateConnection", datalens.Object{"connectionId": id, "data": want}, &nothing)
		}})
	if err != nil {
		return "", fmt.Errorf("connection: %w", err)
	}
	return id, nil
}

// connectionDiffers looks at what DataLens shows of a connection: never the password, and not every setting.
func connectionDiffers(have, want datalens.Object) bool {
	for name, value := range plain(want).(datalens.Object) {
		shown, is := have[name]
		if on, isBool := shown.(bool); isBool && name == "secure" {
			shown = map[bool]string{true: "on", false: "off"}[on]
		}
		if is && name != "password" && !holds(shown, value) {
			return true
		}
	}
	return false
}

func (r *run) chart(ctx context.Context, c datalens.Chart) error {
	place := r.made.Datasets[c.View]
	name := c.Name.In(r.Wording.Lang)
	id, err := r.ensure(ctx, thing{kind: KindChart, name: name,
		create: func(ctx context.Context) (string, error) {
			var answer datalens.Object
			err := r.Client.call(ctx, "createWizardChart", r.Wording.Chart(c, place), &answer)
			return entryID(answer), err
		},
		update: func(ctx context.Context, id string) (bool, error) {
			var have datalens.Object
			if err := r.Client.call(ctx, "getWizardChart",
				datalens.Object{"chartId": id, "workbookId": r.Workbook}, &have); err != nil {
				return false, err
			}
			if err := foreign(textAt(have, "entry", "annotation", "description")); err != nil {
				return false, err
			}
			want := r.Wording.ChartUpdate(c, id, place)
			changed := !holds(at(have, "entry", "data"), plain(want["data"])) ||
				!holds(at(have, "entry", "annotation"), plain(want["annotation"]))
			if !changed || r.DryRun {
				return changed, nil
			}
			var answer datalens.Object
			return true, r.Client.call(ctx, "updateWizardChart", want, &answer)
		}})
	r.made.Charts[c.Name.EN] = id
	return err
}

// entryID of what was created.
func entryID(answer datalens.Object) string {
	if id := textAt(answer, "entry", "entryId"); id != "" {
		return id
	}
	return textAt(answer, "entryId")
}

// left names what earlier publications made and the description has no more. It stays: a person may use it.
func (r *run) left(ctx context.Context) error {
	known := map[string][]string{KindConnection: {datalens.ConnectionName.In(r.Wording.Lang)},
		KindDashboard: {datalens.DashboardName.In(r.Wording.Lang)}}
	for _, d := range datalens.Datasets {
		known[KindDataset] = append(known[KindDataset], d.Name.In(r.Wording.Lang))
	}
	for _, c := range datalens.Charts {
		known[KindChart] = append(known[KindChart], c.Name.In(r.Wording.Lang))
	}
	for _, e := range r.entries {
		ours := slices.ContainsFunc(known[e.scope], func(name string) bool { return strings.EqualFold(name, e.name) })
		read := readers[e.scope]
		if ours || read.method == "" || (e.scope == KindChart && !strings.Contains(e.kind, "wizard")) {
			continue
		}
		var answer datalens.Object
		if err := r.Client.call(ctx, read.method, datalens.Object{read.id: e.id, "workbookId": r.Workbook},
			&answer); err != nil {
			return err
		}
		if strings.Contains(textAt(answer, read.description...), datalens.Mark) {
			r.say(Left, e.scope, e.name, e.id)
		}
	}
	return nil
}

// readers are the methods that read an entry, and where its description stands in the answer.
var readers = map[string]struct {
	method, id  string
	description []string
}{
	KindConnection: {"getConnection", "connectionId", []string{"description"}},
	KindDataset:    {"getDataset", "datasetId", []string{"dataset", "description"}},
	KindChart:      {"getWizardChart", "chartId", []string{"entry", "annotation", "description"}},
	KindDashboard:  {"getDashboard", "dashboardId", []string{"entry", "annotation", "description"}},
}
