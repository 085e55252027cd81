package publish

import (
	"context"
	"fmt"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

// dataset makes the dataset of a view, and keeps the guids of its fields for the charts.
func (r *run) dataset(ctx context.Context, d datalens.Dataset, connection string) error {
	place := datalens.Place{Workbook: r.Workbook, Guids: datalens.Guids{}}
	var err error
	place.Dataset, err = r.ensure(ctx, thing{kind: KindDataset, name: d.Name.In(r.Wording.Lang),
		create: func(ctx context.Context) (string, error) {
			content, err := r.validate(ctx, "", datalens.Object{"updates": d.NewSource(connection, r.ClickHouse.Database)})
			if err != nil {
				return "", err
			}
			if content, _, err = r.describe(ctx, d, content, "", place.Guids); err != nil {
				return "", err
			}
			var answer datalens.Object
			err = r.Client.call(ctx, "createDataset", datalens.Object{"name": d.Name.In(r.Wording.Lang),
				"workbook_id": r.Workbook, "dataset": content}, &answer)
			return textAt(answer, "id"), err
		},
		update: func(ctx context.Context, id string) (bool, error) {
			return r.updateDataset(ctx, d, id, connection, place.Guids)
		}})
	r.made.Datasets[d.View] = place
	return err
}

// updateDataset makes a dataset what the description says, and tells whether it was something else.
func (r *run) updateDataset(ctx context.Context, d datalens.Dataset, id, connection string, guids datalens.Guids,
) (bool, error) {
	var have datalens.Object
	if err := r.Client.call(ctx, "getDataset", datalens.Object{"datasetId": id, "workbookId": r.Workbook},
		&have); err != nil {
		return false, err
	}
	content, _ := at(have, "dataset").(datalens.Object)
	if err := foreign(textAt(content, "description")); err != nil {
		return false, err
	}
	changed := false
	if updates := sourceUpdates(d, content, connection, r.ClickHouse.Database); updates != nil {
		var err error
		if content, err = r.validate(ctx, id, datalens.Object{"dataset": content, "updates": updates}); err != nil {
			return false, err
		}
		changed = true
	}
	content, described, err := r.describe(ctx, d, content, id, guids)
	if err != nil {
		return false, err
	}
	r.leftFields(d, content, guids)
	changed = changed || described
	if !changed || r.DryRun {
		return changed, nil
	}
	var answer datalens.Object
	return true, r.Client.call(ctx, "updateDataset",
		datalens.DatasetUpdate(datalens.Place{Workbook: r.Workbook, Dataset: id}, content), &answer)
}

// sourceUpdates are those that make the source of a dataset the one of the description: another connection or database,
// columns that the view has got since.
func sourceUpdates(d datalens.Dataset, content datalens.Object, connection, database string) []any {
	var updates []any
	sources := listAt(content, "sources")
	if len(sources) == 0 {
		return d.NewSource(connection, database)
	}
	source := sources[0]
	want := d.Source(connection, database)
	want["id"] = source["id"]
	if connection != "" && !holds(source, plain(want)) {
		updates = append(updates, datalens.Object{"action": "update_source", "source": want})
	}
	known := columnsOf(content)
	for _, f := range d.Fields {
		if f.Formula == "" && known[f.Name] == nil {
			return append(updates, datalens.Object{"action": "refresh_source", "source": datalens.Object{"id": source["id"]}})
		}
	}
	return updates
}

// columnsOf are the fields of a dataset that are columns, by the column.
func columnsOf(content datalens.Object) map[string]datalens.Object {
	found := map[string]datalens.Object{}
	for _, f := range listAt(content, "result_schema") {
		source := textAt(f, "source")
		if textAt(f, "calc_mode") == "direct" && found[source] == nil {
			found[source] = f
		}
	}
	return found
}

// describe gives the fields their titles, meanings, aggregations and formulas, fills guids, and tells whether anything
// was different. id is "" for a dataset that is not there yet.
func (r *run) describe(ctx context.Context, d datalens.Dataset, content datalens.Object, id string,
	guids datalens.Guids) (datalens.Object, bool, error) {
	known := columnsOf(content)
	for _, f := range listAt(content, "result_schema") {
		if guid := textAt(f, "guid"); strings.HasPrefix(guid, datalens.Prefix) {
			known[guid] = f
		}
	}
	for _, f := range d.Fields {
		guids[f.Name] = f.Name // that of a calculated field is ours to choose
		if f.Formula != "" {
			continue
		}
		if known[f.Name] == nil {
			return nil, false, fmt.Errorf("DataLens finds no column %s in %s: apply the schema (qtickets_api migrate) and the "+
				"rights (grants.sql), and run this again", f.Name, d.View)
		}
		guids[f.Name] = textAt(known[f.Name], "guid")
	}
	var updates []any
	for _, f := range d.Fields {
		if !holds(known[f.Name], plain(r.Wording.Field(d, f, guids))) {
			updates = append(updates, r.Wording.FieldUpdate(d, f, guids, known[f.Name] != nil))
		}
	}
	changed := updates != nil
	if changed { // asking changes nothing: a dry run may
		var err error
		if content, err = r.validate(ctx, id, datalens.Object{"dataset": content, "updates": updates}); err != nil {
			return nil, false, err
		}
	}
	if about := r.Wording.DatasetAbout(d); textAt(content, "description") != about {
		content["description"] = about
		changed = true
	}
	return content, changed, nil
}

// validate asks DataLens what becomes of a dataset by updates.
func (r *run) validate(ctx context.Context, id string, data datalens.Object) (datalens.Object, error) {
	var answer datalens.Object
	if err := r.Client.call(ctx, "validateDataset",
		datalens.Object{"datasetId": id, "workbookId": r.Workbook, "data": data}, &answer); err != nil {
		return nil, err
	}
	content, ok := at(answer, "dataset").(datalens.Object)
	if !ok {
		return nil, fmt.Errorf("validateDataset: the answer holds no dataset")
	}
	if wrong := componentErrors(content); wrong != "" {
		return nil, fmt.Errorf("DataLens says of the dataset: %s", wrong)
	}
	return content, nil
}

// leftFields names fields that earlier publications made and the description has no more.
func (r *run) leftFields(d datalens.Dataset, content datalens.Object, guids datalens.Guids) {
	ours := map[string]bool{}
	for _, guid := range guids {
		ours[guid] = true
	}
	columns := columnsOf(content)
	for _, f := range listAt(content, "result_schema") {
		guid := textAt(f, "guid")
		_, described := d.Field(textAt(f, "source"))
		gone := textAt(f, "calc_mode") == "direct" && columns[textAt(f, "source")]["guid"] == guid && !described
		if !ours[guid] && (gone || strings.HasPrefix(guid, datalens.Prefix)) {
			r.say(Left, KindField, d.Name.In(r.Wording.Lang)+": "+textAt(f, "title"), guid)
		}
	}
}
