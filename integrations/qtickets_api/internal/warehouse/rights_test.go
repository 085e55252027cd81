package warehouse_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// rules say who may do what to which tables and views, by the first part of their names; everything else is forbidden.
var rules = []struct {
	user, kinds string // "": every kind
	operations  string
}{
	{embedded.Reader, "batch dim fact meta v", "SELECT"},
	{embedded.Loader, "", "SELECT"},
	{embedded.Loader, "state publish plan", "INSERT"},
	{embedded.Loader, "store", "INSERT, DELETE"}, // DELETE is also what dropping an old batch needs
	{embedded.Admin, "", "SELECT, INSERT, ADD COLUMN, DELETE, OPTIMIZE, CREATE, DROP"},
}

// operations are tried in this order, the one that leaves nothing to try the next on is last.
var operations = []struct{ name, table, view string }{
	{"SELECT", "SELECT count() FROM %s", ""},
	{"INSERT", "INSERT INTO %s FORMAT TSV\n", ""},
	{"ADD COLUMN", "ALTER TABLE %s ADD COLUMN added UInt8", ""},
	{"DELETE", "ALTER TABLE %s DELETE WHERE 0", ""},
	{"OPTIMIZE", "OPTIMIZE TABLE %s", ""},
	{"TRUNCATE", "TRUNCATE TABLE %s", ""},
	{"RENAME", "RENAME TABLE %s TO elsewhere", ""},
	{"CREATE", "CREATE TABLE %s_more (a UInt8) ENGINE = MergeTree ORDER BY a", "CREATE VIEW %s_more AS SELECT 1 AS a"},
	{"DROP", "DROP TABLE %s", "DROP VIEW %s"},
}

func mayDo(user, object, operation string) bool {
	kind, _, _ := strings.Cut(object, "_")
	return slices.ContainsFunc(rules, func(r struct{ user, kinds, operations string }) bool {
		return r.user == user && (r.kinds == "" || slices.Contains(strings.Fields(r.kinds), kind)) &&
			slices.Contains(strings.Split(r.operations, ", "), operation)
	})
}

// TestRights tries every operation on every table and view as every user and compares each cell with the rules.
func TestRights(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	objects := testkit.Rows(t, testkit.As(t, c, embedded.Admin),
		"SELECT name, engine = 'View' FROM system.tables WHERE database = currentDatabase() ORDER BY name")
	cells := 0
	for _, user := range []string{embedded.Reader, embedded.Loader, embedded.Admin} {
		for _, operation := range operations {
			if operation.name == "RENAME" && user == embedded.Admin {
				continue // allowed by DROP and CREATE together; it would only move what is tried next
			}
			for _, row := range objects {
				object, view := row[0].(string), row[1].(uint8) == 1
				statement := operation.table
				if view && operation.view != "" {
					statement = operation.view
				}
				text, code := post(t, testkit.As(t, c, user), fmt.Sprintf(statement, object), nil)
				allowed, known := verdict(code, view)
				if want := mayDo(user, object, operation.name); !known || allowed != want {
					t.Errorf("%s: %s %s: allowed %v, want %v (code %q: %s)", user, operation.name, object, allowed, want, code, text)
				}
				cells++
			}
		}
	}
	if cells < 1000 {
		t.Errorf("only %d cells were compared", cells)
	}
}

// verdict of an answer: the server checks rights before it finds out that a view cannot do such a thing.
func verdict(code string, view bool) (allowed, known bool) {
	switch {
	case code == "":
		return true, true
	case view && code == "48": // not implemented
		return true, true
	case code == "497", code == "164": // not enough privileges, read-only
		return false, true
	}
	return false, false
}

// adminMay are the two things an administrator gets with rights it needs: SHOW ACCESS, for "SHOW GRANTS FOR", shows who
// there is (no passwords), and CREATE TABLE lets it name a program, of which the server has none.
var adminMay = regexp.MustCompile(`^SELECT \* FROM (system\.(users|roles|quotas|row_policies) |executable\(.*does not exist inside user scripts folder)`)

// TestNobodyLeavesTheDatabase: no user reads what the server knows about itself and others, files or addresses, and
// none governs the server, its users or their rights.
func TestNobodyLeavesTheDatabase(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	statements := []string{
		"SELECT * FROM file('/etc/passwd', LineAsString)", "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
		"SELECT * FROM remote('127.0.0.1:1', system.one)", "SELECT * FROM s3('http://127.0.0.1:1/bucket/key', LineAsString)",
		"SELECT * FROM executable('a.sh', TSV, 'a String')", "SELECT * FROM mysql('127.0.0.1:1', 'a', 'a', 'a', 'a')",
		"SELECT * FROM postgresql('127.0.0.1:1', 'a', 'a', 'a', 'a')",
		"INSERT INTO FUNCTION file('a.tsv', TSV, 'a UInt8') VALUES (1)",
		"SYSTEM SHUTDOWN", "SYSTEM FLUSH LOGS", "SYSTEM DROP MARK CACHE", "SYSTEM STOP MERGES publish", "SYSTEM RELOAD USERS",
		"KILL QUERY WHERE user != currentUser()", "KILL MUTATION WHERE 1",
		"BACKUP DATABASE zakaz TO Disk('backups', 'a')", "BACKUP ALL TO File('/tmp/a')",
		"CREATE USER stranger", "ALTER USER etl_writer IDENTIFIED BY 'a'", "DROP USER etl_writer", "CREATE ROLE stranger",
		"CREATE ROW POLICY p ON zakaz.publish USING 1", "CREATE QUOTA q", "CREATE SETTINGS PROFILE p",
		"GRANT SELECT ON zakaz.* TO datalens_reader", "REVOKE ALL ON *.* FROM etl_writer",
		"CREATE DATABASE stranger", "CREATE TABLE default.stranger (a UInt8) ENGINE = Memory", "CREATE FUNCTION f AS a -> a",
		"CREATE NAMED COLLECTION n AS a = 1", "SHOW PROCESSLIST",
	}
	for _, table := range []string{
		"query_log", "users", "roles", "grants", "quotas", "row_policies", "parts", "processes", "mutations", "merges",
		"disks",
		"backups", "clusters", "server_settings", "metrics", "events", "asynchronous_metrics", "errors", "crash_log",
		"user_processes",
	} {
		statements = append(statements, "SELECT * FROM system."+table+" LIMIT 1")
	}
	// Logs and metrics that only a real server has.
	absent := regexp.MustCompile(`system\.(query_log|crash_log|asynchronous_metrics) `)
	for _, user := range []string{embedded.Reader, embedded.Loader, embedded.Admin} {
		for _, statement := range statements {
			text, code := post(t, testkit.As(t, c, user), statement, nil)
			if (code == "60" && absent.MatchString(statement)) ||
				(user == embedded.Admin && adminMay.MatchString(statement+text)) {
				continue
			}
			if allowed, known := verdict(code, false); allowed || !known {
				t.Errorf("%s: %s: code %q, want a refusal: %s", user, statement, code, text)
			}
		}
	}
}
