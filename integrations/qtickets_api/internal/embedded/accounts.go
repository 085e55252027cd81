package embedded

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// accounts are the users with the rights of the project's list, in every database of the options.
func (e *Engine) accounts() ([]chserver.User, error) {
	rights := map[string][]string{}
	for _, database := range e.options.Databases {
		grants, err := warehouse.Grants(database)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			rights[g.User] = append(rights[g.User], g.Rights)
		}
	}
	var accounts []chserver.User
	for _, name := range Users {
		account := chserver.User{Name: name, Password: e.passwords[name], Grants: rights[name]}
		if name == Reader {
			account.Settings, account.Constraints = readerLimits, readerConstraints
			account.Listed = warehouse.Listed(e.options.Databases[0])
		}
		accounts = append(accounts, account)
	}
	return accounts, nil
}

// The reader's limits keep BI from hurting the server. readonly must be 2: DataLens and Grafana send
// settings with their queries, which 1 forbids. Each limit has a minimum too, because 0 means "no limit". priority: a
// query of BI gives way at every block of rows while a statement of the program runs, which says 1 (warehouse.Open);
// the page reads as this user too, and says 1 as well.
// The same limits are in infra/clickhouse/users.d/qtickets.xml.
var (
	readerLimits = map[string]string{
		"readonly": "2", "session_timezone": "Europe/Moscow",
		"max_execution_time": "60", "max_memory_usage": "2000000000", "max_memory_usage_for_user": "3000000000",
		"max_result_rows": "1000001", "max_threads": "2", "max_concurrent_queries_for_user": "50",
		"priority": "10",
	}
	readerConstraints = map[string]chserver.Constraint{
		"max_execution_time":              {Min: "1", Max: "70"},
		"max_memory_usage":                {Min: "1", Max: "2000000000"},
		"max_memory_usage_for_user":       {ReadOnly: true},
		"max_result_rows":                 {Min: "1", Max: "1000001"},
		"max_threads":                     {Min: "1", Max: "4"},
		"max_concurrent_queries_for_user": {ReadOnly: true},
		"priority":                        {Min: "1", Max: "100"},
	}
)

// ReaderSettings are the reader's limits as CREATE USER … SETTINGS takes them.
func ReaderSettings() string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(readerLimits)) {
		value := readerLimits[name]
		if strings.ContainsFunc(value, unicode.IsLetter) {
			value = "'" + value + "'"
		}
		one, limit := name+" = "+value, readerConstraints[name]
		if limit.Min != "" {
			one += " MIN " + limit.Min
		}
		if limit.Max != "" {
			one += " MAX " + limit.Max
		}
		if limit.ReadOnly {
			one += " CONST"
		}
		all = append(all, one)
	}
	return strings.Join(all, ", ")
}
