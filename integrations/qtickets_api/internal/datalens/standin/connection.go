package standin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const connectionMembers = "host port username password secure db_name readonly raw_sql_level cache_ttl_sec description"

func (s *Server) createConnection(b object) any {
	only(b, "createConnection", "type name workbook_id host port username password", connectionMembers)
	if text(b, "type") != "clickhouse" {
		panic(bad("type: only clickhouse is stood in for"))
	}
	body := copied(b)
	checkConnection(body)
	e := s.store(stored{workbook: text(b, "workbook_id"), scope: "connection", kind: "clickhouse", name: text(b, "name"),
		body: body})
	return object{"id": e.id}
}

func checkConnection(b object) {
	if port, ok := b["port"].(float64); !ok || port < 1 {
		panic(bad("port: expected a number"))
	}
	if level := maybe(b, "raw_sql_level"); level != "" && level != "off" && level != "subselect" {
		panic(bad("raw_sql_level: %q", level))
	}
	if secure := maybe(b, "secure"); secure != "" && secure != "on" && secure != "off" {
		panic(bad("secure: %q", secure))
	}
}

func (s *Server) getConnection(b object) any {
	only(b, "getConnection", "connectionId", "workbookId bindedDatasetId rev_id")
	e := s.entry("connection", text(b, "connectionId"))
	shown := copied(e.body)
	delete(shown, "password")
	delete(shown, "type")
	shown["id"], shown["db_type"], shown["key"] = e.id, "clickhouse", e.workbook+"/"+e.name
	shown["secure"] = shown["secure"] == "on"
	return shown
}

func (s *Server) updateConnection(b object) any {
	only(b, "updateConnection", "connectionId data", "")
	data := only(part(b, "data"), "data", "", connectionMembers)
	e := s.edit("connection", text(b, "connectionId"))
	for name, value := range data {
		e.body[name] = value
	}
	checkConnection(e.body)
	return nil // 200 with no body
}

// table is an answer of ClickHouse.
type table struct {
	Meta []struct{ Name, Type string } `json:"meta"`
	Data [][]any                       `json:"data"`
}

// ask sends a statement to the ClickHouse of a connection, with the settings that were recorded.
func (s *Server) ask(connection, statement string, data bool) table {
	c := s.entry("connection", connection).body
	scheme := "http"
	if maybe(c, "secure") == "on" {
		scheme = "https"
	}
	settings := url.Values{"database": {maybe(c, "db_name")}, "join_use_nulls": {"1"},
		"send_progress_in_http_headers": {"0"}}
	if data {
		settings.Set("readonly", "2")
		settings.Set("default_format", "JSONCompact")
	} else {
		settings.Set("output_format_json_quote_denormals", "1")
		statement += " FORMAT JSONCompact"
	}
	address := fmt.Sprintf("%s://%s:%v/?%s", scheme, text(c, "host"), c["port"], settings.Encode())
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(statement))
	if err != nil {
		panic(bad("connection: %v", err))
	}
	request.SetBasicAuth(text(c, "username"), text(c, "password"))
	request.Header.Set("User-Agent", "DataLens")
	request.Close = true // an idle connection would hold the engine up at its end
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(refusal{http.StatusBadRequest, "ERR.DS_API.DB.SOURCE_CONNECT_ERROR", err.Error()})
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		panic(refusal{http.StatusBadRequest, "ERR.DS_API.DB", fmt.Sprintf("%s: %.500s %v", statement, answer, err)})
	}
	var t table
	if err := json.Unmarshal(answer, &t); err != nil {
		panic(refusal{http.StatusBadRequest, "ERR.DS_API.DB", err.Error()})
	}
	return t
}
