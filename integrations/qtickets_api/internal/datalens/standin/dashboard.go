package standin

import (
	"fmt"
	"slices"
)

func (s *Server) createDashboard(b object) any {
	only(b, "createDashboard", "entry", "")
	entry := only(part(b, "entry"), "entry", "name workbookId data meta", "annotation")
	body := object{"data": s.dashboardData(part(entry, "data")), "meta": entry["meta"], "annotation": entry["annotation"]}
	e := s.store(stored{workbook: text(entry, "workbookId"), scope: "dash", name: text(entry, "name"), body: body})
	return s.dashboardEntry(e)
}

// dashboardData checks tabs, items and places, and fills in defaults.
func (s *Server) dashboardData(d object) object {
	d = copied(only(d, "data", "counter salt settings tabs", "supportDescription accessDescription"))
	settings := only(part(d, "settings"), "settings",
		"autoupdateInterval maxConcurrentRequests silentLoading dependentSelectors expandTOC",
		"hideTabs hideDashTitle globalParams loadPriority")
	settings["hideTabs"] = false
	if len(list(d, "tabs")) == 0 {
		panic(bad("tabs: at least one"))
	}
	ids := map[string]bool{}
	once := func(id string) {
		if ids[id] || id == "" {
			panic(bad("the id %q is empty or taken", id))
		}
		ids[id] = true
	}
	for _, tab := range objects(list(d, "tabs"), "tabs") {
		only(tab, "tab", "id title items layout connections aliases", "globalItems")
		once(text(tab, "id"))
		places := map[string]bool{}
		for _, place := range objects(list(tab, "layout"), "layout") {
			only(place, "layout", "i x y w h", "parent")
			places[text(place, "i")] = true
		}
		items := objects(list(tab, "items"), "items")
		for _, item := range items {
			once(text(item, "id"))
			if !places[text(item, "id")] {
				panic(bad("item %s has no place", text(item, "id")))
			}
			s.checkItem(item, once)
		}
		if len(places) != len(items) {
			panic(bad("tab %s: %d places for %d items", text(tab, "id"), len(places), len(items)))
		}
	}
	return d
}

func (s *Server) checkItem(item object, once func(string)) {
	only(item, "item", "id namespace type data", "")
	data := part(item, "data")
	switch text(item, "type") {
	case "widget":
		only(data, "widget", "hideTitle tabs", "backgroundSettings")
		for _, tab := range objects(list(data, "tabs"), "tabs") {
			only(tab, "tab of a widget", "id title chartId isDefault params", "description hint autoHeight")
			once(text(tab, "id"))
			s.entry("widget", text(tab, "chartId"))
			tab["autoHeight"] = false
		}
	case "group_control":
		only(data, "group", "autoHeight buttonApply buttonReset updateControlsOnChange showGroupName group", "")
		for _, control := range objects(list(data, "group"), "group") {
			only(control, "control", "id namespace title sourceType source defaults placementMode width", "")
			once(text(control, "id"))
			source := only(part(control, "source"), "source",
				"datasetId datasetFieldId elementType fieldType datasetFieldType multiselectable showTitle required showHint "+
					"titlePlacement", "")
			f := field(s.entry("dataset", text(source, "datasetId")).body, "guid", text(source, "datasetFieldId"))
			if f == nil || f["data_type"] != source["fieldType"] {
				panic(bad("the selector's field is not in the dataset, or of another type"))
			}
		}
	case "title", "text":
	default:
		panic(bad("no item of type %q", text(item, "type")))
	}
}

func (s *Server) dashboardEntry(e *stored) any {
	return object{"entry": object{"entryId": e.id, "key": e.workbook + "/" + e.name, "scope": "dash", "type": "",
		"version": 2, "workbookId": e.workbook, "data": copied(part(e.body, "data")), "meta": e.body["meta"],
		"annotation": e.body["annotation"], "revId": fmt.Sprint(e.revision)}}
}

func (s *Server) getDashboard(b object) any {
	only(b, "getDashboard", "dashboardId", "workbookId revId branch includePermissions includeLinks includeFavorite")
	return s.dashboardEntry(s.entry("dash", text(b, "dashboardId")))
}

func (s *Server) updateDashboard(b object) any {
	only(b, "updateDashboard", "entry mode", "lockToken")
	entry := only(part(b, "entry"), "entry", "entryId data meta", "annotation revId")
	if text(b, "mode") != "publish" && text(b, "mode") != "save" {
		panic(bad("mode: save or publish"))
	}
	data := s.dashboardData(part(entry, "data"))
	e := s.edit("dash", text(entry, "entryId"))
	e.body["data"], e.body["meta"], e.body["annotation"] = data, entry["meta"], entry["annotation"]
	return s.dashboardEntry(e)
}

// choose notes the guids under which a choice in a selector reaches a chart: the selector's own, and those that are
// aliases of it on the tab that both stand on. What connections do is not stood in for: none are made.
func (s *Server) choose(selected map[string][]any, chart string, c Choice) {
	tab, guid := s.selector(chart, c.Title)
	var values []any
	for _, v := range c.Values {
		values = append(values, v)
	}
	selected[guid] = values
	if lists, is := part(tab, "aliases")["default"].([]any); is {
		for _, list := range lists {
			if same, _ := list.([]any); slices.Contains(same, any(guid)) {
				for _, other := range same {
					name, _ := other.(string)
					selected[name] = values
				}
			}
		}
	}
}

// selector is the tab that shows a chart, and the field of the selector there that has a title.
func (s *Server) selector(chart, title string) (tab object, guid string) {
	for _, e := range s.entries {
		if e.scope != "dash" {
			continue
		}
		for _, tab := range objects(list(part(e.body, "data"), "tabs"), "tabs") {
			shows, guid := false, ""
			for _, item := range objects(list(tab, "items"), "items") {
				data := part(item, "data")
				switch text(item, "type") {
				case "widget":
					for _, w := range objects(list(data, "tabs"), "tabs") {
						shows = shows || text(w, "chartId") == chart
					}
				case "group_control":
					for _, control := range objects(list(data, "group"), "group") {
						if text(control, "title") == title {
							guid = text(part(control, "source"), "datasetFieldId")
						}
					}
				}
			}
			if shows && guid != "" {
				return tab, guid
			}
		}
	}
	panic(bad("no tab has the chart and a selector %q", title))
}
