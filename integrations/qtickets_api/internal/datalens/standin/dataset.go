package standin

import (
	"fmt"
	"strings"
)

// validateDataset applies updates to a dataset, of which only the answer knows.
func (s *Server) validateDataset(b object) any {
	only(b, "validateDataset", "datasetId workbookId data", "bindedDatasetId")
	data := only(part(b, "data"), "data", "", "dataset updates")
	content := object{"sources": []any{}, "source_avatars": []any{}, "avatar_relations": []any{}, "result_schema": []any{},
		"obligatory_filters": []any{}, "rls": object{}, "description": ""}
	if data["dataset"] != nil {
		content = copied(part(data, "dataset"))
	} else if id := text(b, "datasetId"); id != "" {
		content = copied(s.entry("dataset", id).body)
	}
	if data["updates"] != nil {
		for _, u := range objects(list(data, "updates"), "updates") {
			s.update(content, u)
		}
	}
	s.check(content)
	content["component_errors"] = object{"items": []any{}}
	return object{"code": "OK", "message": "", "dataset_errors": []any{}, "dataset": content}
}

// update applies one.
func (s *Server) update(content, u object) {
	switch action := text(u, "action"); action {
	case "add_source":
		source := only(part(u, "source"), "source", "id source_type title connection_id parameters", "")
		only(part(source, "parameters"), "parameters", "db_name table_name", "")
		s.entry("connection", text(source, "connection_id"))
		content["sources"] = append(list(content, "sources"), source)
	case "add_source_avatar":
		avatar := only(part(u, "source_avatar"), "source_avatar", "id source_id title is_root", "")
		content["source_avatars"] = append(list(content, "source_avatars"), avatar)
		s.readColumns(content, source(content, text(avatar, "source_id")))
	case "update_source":
		change := part(u, "source")
		of := source(content, text(change, "id"))
		for name, value := range change {
			of[name] = value
		}
		s.entry("connection", text(of, "connection_id"))
	case "refresh_source":
		s.readColumns(content, source(content, text(part(u, "source"), "id")))
	case "update_field":
		s.updateField(content, only(part(u, "field"), "field", "guid",
			"title description aggregation hidden calc_mode formula cast new_id strict"))
	case "add_field":
		f := only(part(u, "field"), "field", "title", "guid description aggregation hidden calc_mode formula cast strict")
		if field(content, "guid", text(f, "guid")) != nil || field(content, "title", text(f, "title")) != nil {
			panic(bad("add_field: the guid or the title %q is taken", text(f, "title")))
		}
		content["result_schema"] = append(list(content, "result_schema"), object{"guid": text(f, "guid"),
			"title": text(f, "title"), "description": maybe(f, "description"), "calc_mode": maybe(f, "calc_mode"),
			"formula": maybe(f, "formula"), "guid_formula": "", "source": "", "aggregation": orDefault(f, "aggregation", "none"),
			"hidden": orDefault(f, "hidden", false), "valid": true, "managed_by": "user", "strict": false})
	default:
		panic(bad("action: %q is not stood in for", action))
	}
}

func source(content object, id string) object {
	for _, s := range objects(list(content, "sources"), "sources") {
		if s["id"] == id {
			return s
		}
	}
	panic(bad("there is no source %s", id))
}

// field is the one whose member has a value; nil: there is none.
func field(content object, member, value string) object {
	for _, f := range objects(list(content, "result_schema"), "result_schema") {
		if f[member] == value {
			return f
		}
	}
	return nil
}

// readColumns adds the columns of a source that the dataset has not, with guids unlike their names.
func (s *Server) readColumns(content, source object) {
	name := text(part(source, "parameters"), "table_name")
	described := s.ask(text(source, "connection_id"), fmt.Sprintf("DESCRIBE TABLE %q", name), false)
	for _, row := range described.Data {
		column, _ := row[0].(string)
		kind, _ := row[1].(string)
		guid := hash(name + "." + column)[:10]
		if f := field(content, "guid", guid); f != nil {
			continue
		}
		content["result_schema"] = append(list(content, "result_schema"), object{"guid": guid, "title": column,
			"description": "", "source": column, "calc_mode": "direct", "formula": "", "guid_formula": "", "aggregation": "none",
			"hidden": false, "cast": dataType(kind), "data_type": dataType(kind), "initial_data_type": dataType(kind),
			"type": "DIMENSION", "valid": true, "managed_by": "user", "avatar_id": "a"})
	}
}

// dataType of a column, as DataLens names it.
func dataType(kind string) string {
	for _, around := range []string{"LowCardinality(", "Nullable("} {
		if inner, is := strings.CutPrefix(kind, around); is {
			kind = strings.TrimSuffix(inner, ")")
		}
	}
	switch {
	case strings.HasPrefix(kind, "Int"), strings.HasPrefix(kind, "UInt"):
		return "integer"
	case strings.HasPrefix(kind, "Float"), strings.HasPrefix(kind, "Decimal"):
		return "float"
	case strings.HasPrefix(kind, "DateTime"):
		return "genericdatetime"
	case strings.HasPrefix(kind, "Date"):
		return "date"
	case kind == "Bool":
		return "boolean"
	}
	return "string"
}

// updateField changes a field. Formulas follow a title that changes.
func (s *Server) updateField(content, change object) {
	f := field(content, "guid", text(change, "guid"))
	if f == nil {
		panic(bad("update_field: there is no field %s", text(change, "guid")))
	}
	if title, is := change["title"].(string); is && title != f["title"] {
		if field(content, "title", title) != nil {
			panic(bad("update_field: the title %q is taken", title))
		}
		for _, other := range objects(list(content, "result_schema"), "result_schema") {
			other["formula"] = strings.ReplaceAll(maybe(other, "formula"), "["+text(f, "title")+"]", "["+title+"]")
		}
	}
	for name, value := range change {
		f[name] = value
	}
}

// check compiles every field.
func (s *Server) check(content object) {
	if len(list(content, "sources")) == 0 {
		panic(bad("a dataset without a source"))
	}
	for _, f := range objects(list(content, "result_schema"), "result_schema") {
		node := compileField(content, f)
		f["type"], f["data_type"] = "DIMENSION", node.kind
		if node.aggregate {
			f["type"] = "MEASURE"
		}
	}
}

func (s *Server) createDataset(b object) any {
	only(b, "createDataset", "dataset name workbook_id", "")
	content := copied(part(b, "dataset"))
	s.check(content)
	e := s.store(stored{workbook: text(b, "workbook_id"), scope: "dataset", name: text(b, "name"), body: content})
	return object{"id": e.id, "dataset": copied(content), "options": object{}}
}

func (s *Server) getDataset(b object) any {
	only(b, "getDataset", "datasetId", "workbookId rev_id")
	e := s.entry("dataset", text(b, "datasetId"))
	return object{"id": e.id, "name": e.name, "key": e.workbook + "/" + e.name, "dataset": copied(e.body),
		"options": object{}, "permissions": object{"edit": true}}
}

func (s *Server) updateDataset(b object) any {
	only(b, "updateDataset", "datasetId data", "workbookId")
	data := only(part(b, "data"), "data", "dataset mode", "")
	if text(data, "mode") != "publish" {
		panic(bad("mode: only what is published is stood in for")) // without it a draft would be kept
	}
	content := copied(part(data, "dataset"))
	s.check(content)
	e := s.edit("dataset", text(b, "datasetId"))
	e.body = content
	return object{"dataset": copied(content), "options": object{}}
}

func (s *Server) getDatasetData(b object) any {
	only(b, "getDatasetData", "datasetId columns", "limit offset filters params sort")
	q := newQuery(s.entry("dataset", text(b, "datasetId")).body)
	schema := []object{}
	for _, c := range list(b, "columns") {
		guid, _ := c.(string)
		f := q.show(guid)
		schema = append(schema, object{"name": f["title"], "guid": guid, "type": f["data_type"]})
	}
	limit, ok := b["limit"].(float64)
	if !ok || limit < 1 || limit > 100_000 {
		panic(bad("limit: from 1 to 100000"))
	}
	rows := s.ask(q.connection, q.sql(int(limit)), true).Data
	return object{"schema": schema, "rows": rows}
}
