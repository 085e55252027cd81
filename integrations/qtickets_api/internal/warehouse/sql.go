package warehouse

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

// DefaultDatabase is the database the .sql files are written for.
const DefaultDatabase = "zakaz"

//go:embed sql/*.sql
var sqlFiles embed.FS

// SQL returns a .sql file of this package by its name, as an operator pipes it.
func SQL(name string) string { return readSQL(sqlFiles, name) }

func readSQL(files fs.FS, name string) string {
	text, err := fs.ReadFile(files, "sql/"+name+".sql")
	if err != nil { // names are constants of the program
		panic(err)
	}
	return string(text)
}

// Statement returns sql/NAME.sql of a package's embedded files, without its comments. It holds one statement, with
// the names of tables alone: they are looked up in the database of the connection.
func Statement(files fs.FS, name string) string {
	return strings.TrimSuffix(strings.TrimSpace(withoutComments(readSQL(files, name))), ";")
}

// statement is sql/NAME.sql of this package.
func statement(name string) string { return Statement(sqlFiles, name) }

func withoutComments(text string) string {
	var code strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			code.WriteString(line)
		}
	}
	return code.String()
}

// statementsFor are the statements of a .sql file, without comments, for a database of another name
// where one is configured. The files keep ";" out of texts and comments, so cutting at it is exact. What sets the
// session of a person who pipes the file is left out: ours is set (session.go).
func statementsFor(database, name string) []string {
	var statements []string
	for s := range strings.SplitSeq(withoutComments(SQL(name)), ";") {
		if s = strings.TrimSpace(s); s != "" && !strings.HasPrefix(s, "SET\n") {
			statements = append(statements, strings.ReplaceAll(s, DefaultDatabase, database))
		}
	}
	return statements
}

// Grant is one right of the project's list (sql/grants.sql).
type Grant struct {
	User string
	// Rights is "SELECT, INSERT ON zakaz.state_*".
	Rights string
}

const rowPolicy = "CREATE ROW POLICY "

// Grants is the list of rights for a database.
func Grants(database string) ([]Grant, error) {
	var grants []Grant
	for _, s := range statementsFor(database, "grants") {
		if strings.HasPrefix(s, rowPolicy) {
			continue
		}
		rights, user, ok := strings.Cut(strings.TrimPrefix(s, "GRANT "), " TO ")
		if !ok || !strings.HasPrefix(s, "GRANT ") {
			return nil, fmt.Errorf("grants.sql: %q is not GRANT … TO …", s)
		}
		grants = append(grants, Grant{User: user, Rights: rights})
	}
	return grants, nil
}

// Listed is the condition of the same file for a row of system.tables: which tables of the database
// datalens_reader is told of.
func Listed(database string) string {
	for _, s := range statementsFor(database, "grants") {
		if strings.HasPrefix(s, rowPolicy) {
			_, condition, _ := strings.Cut(s, " USING ")
			condition, _, _ = strings.Cut(condition, " TO ")
			return condition
		}
	}
	panic("grants.sql has no row policy")
}
