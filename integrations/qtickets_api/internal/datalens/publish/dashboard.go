package publish

import (
	"context"
	"maps"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/datalens"
)

// dashboard makes the dashboard and returns its id.
func (r *run) dashboard(ctx context.Context) (string, error) {
	want := r.Wording.DashboardEntry(r.Workbook, r.made)
	return r.ensure(ctx, thing{kind: KindDashboard, name: textAt(want, "name"),
		create: func(ctx context.Context) (string, error) {
			var answer datalens.Object
			err := r.Client.call(ctx, "createDashboard", datalens.Object{"entry": want}, &answer)
			return entryID(answer), err
		},
		update: func(ctx context.Context, id string) (bool, error) {
			var have datalens.Object
			if err := r.Client.call(ctx, "getDashboard",
				datalens.Object{"dashboardId": id, "workbookId": r.Workbook}, &have); err != nil {
				return false, err
			}
			if err := foreign(textAt(have, "entry", "annotation", "description")); err != nil {
				return false, err
			}
			data, _ := at(have, "entry", "data").(datalens.Object)
			merged := mergeDashboard(data, plain(want["data"]).(datalens.Object))
			changed := !holds(data, merged) || !holds(at(have, "entry", "annotation"), plain(want["annotation"]))
			if !changed || r.DryRun {
				return changed, nil
			}
			var answer datalens.Object
			return true, r.Client.call(ctx, "updateDashboard", datalens.Object{"mode": "publish", "entry": datalens.Object{
				"entryId": id, "data": merged, "meta": at(have, "entry", "meta"), "annotation": want["annotation"]}}, &answer)
		}})
}

// mergeDashboard puts our tabs into what is there. Tabs and widgets of a person stay, settings too, and where a person
// moved one of our widgets within its tab it stands there.
func mergeDashboard(have, want datalens.Object) datalens.Object {
	merged := datalens.Object{}
	maps.Copy(merged, have)
	tabs := []any{}
	wanted := listAt(want, "tabs")
	for _, tab := range listAt(have, "tabs") {
		if i := indexOf(wanted, "id", tab["id"]); i >= 0 {
			tab = mergeTab(tab, wanted[i])
		}
		tabs = append(tabs, tab)
	}
	for _, tab := range wanted {
		if indexOf(listAt(have, "tabs"), "id", tab["id"]) < 0 {
			tabs = append(tabs, tab)
		}
	}
	merged["tabs"] = tabs
	return merged
}

func mergeTab(have, want datalens.Object) datalens.Object {
	merged := datalens.Object{}
	maps.Copy(merged, have)
	items, layout := []any{}, []any{}
	wanted := listAt(want, "items")
	for _, item := range listAt(have, "items") {
		if i := indexOf(wanted, "id", item["id"]); i >= 0 && !holds(item, wanted[i]) {
			item = wanted[i]
		}
		items = append(items, item)
	}
	for _, item := range wanted {
		if indexOf(listAt(have, "items"), "id", item["id"]) < 0 {
			items = append(items, item)
		}
	}
	for _, place := range listAt(have, "layout") {
		layout = append(layout, place)
	}
	for _, place := range listAt(want, "layout") {
		if indexOf(listAt(have, "layout"), "i", place["i"]) < 0 {
			layout = append(layout, place)
		}
	}
	merged["title"], merged["items"], merged["layout"] = want["title"], items, layout
	merged["aliases"] = mergeAliases(have["aliases"], want["aliases"])
	return merged
}

func indexOf(objects []datalens.Object, name string, value any) int {
	return slices.IndexFunc(objects, func(o datalens.Object) bool { return o[name] == value })
}

// mergeAliases adds our lists of guids that mean the same to those of a person.
func mergeAliases(have, want any) any {
	ours, _ := at(want, "default").([]any)
	if ours == nil {
		return have
	}
	theirs, _ := at(have, "default").([]any)
	all := slices.Clone(theirs)
	for _, list := range ours {
		if !slices.ContainsFunc(theirs, func(other any) bool { return holds(other, list) }) {
			all = append(all, list)
		}
	}
	merged := datalens.Object{}
	if h, ok := have.(datalens.Object); ok {
		merged = maps.Clone(h)
	}
	merged["default"] = all
	return merged
}
