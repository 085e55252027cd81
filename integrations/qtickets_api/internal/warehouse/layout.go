package warehouse

import (
	"fmt"
	"regexp"
	"strings"
)

// Layout says for what kind of server the schema is written. The zero value but for the database: one of its own.
type Layout struct {
	Database   string
	Replicated bool   // tables are the same on all replicas
	NoDatabase bool   // the database is there, and may not be created
	Cluster    string // of ON CLUSTER; "": each server is told by itself
}

// Schema is what an administrator pipes into clickhouse-client, safe to run again: the file itself, or what a layout
// makes of it. Replicated tables without a cluster: into one server after the other.
func Schema(l Layout) string {
	if !l.Replicated && !l.NoDatabase {
		return strings.ReplaceAll(SQL("schema"), DefaultDatabase, l.Database)
	}
	var text strings.Builder
	session, _, _ := strings.Cut(withoutComments(SQL("schema")), ";")
	text.WriteString(strings.TrimSpace(session) + ";\n")
	for _, s := range l.statements() {
		text.WriteString("\n" + s + ";\n")
	}
	return text.String()
}

// statements of the schema, one by one.
func (l Layout) statements() []string {
	plain := statementsFor(l.Database, "schema")
	var statements []string
	for _, s := range plain {
		switch {
		case l.NoDatabase && strings.HasPrefix(s, "CREATE DATABASE "):
			continue
		case l.Replicated && createsTable.MatchString(s):
			s = l.replicated(s, plain)
		case l.Replicated && altersTable.MatchString(s):
			s = once(s)
		}
		if l.Cluster != "" {
			s = changes.ReplaceAllString(s, "$0 ON CLUSTER '"+l.Cluster+"'")
		}
		statements = append(statements, s)
	}
	return statements
}

// The forms of the statements of schema.sql.
var (
	changes = regexp.MustCompile(`^(?:CREATE DATABASE IF NOT EXISTS|CREATE TABLE IF NOT EXISTS|CREATE OR REPLACE VIEW|` +
		`ALTER TABLE) \S+`)
	createsTable = regexp.MustCompile(`^CREATE TABLE IF NOT EXISTS \w+\.(\w+)`)
	altersTable  = regexp.MustCompile(`^ALTER TABLE \w+\.(\w+)`)
	adds         = regexp.MustCompile(`(?s)^ALTER TABLE \S+ ADD (?:COLUMN |(INDEX ))IF NOT EXISTS (.*)$`)
	changesTTL   = regexp.MustCompile(`(?s)^ALTER TABLE \S+ MODIFY (TTL .*) SETTINGS (?:.*)$`)
	endOfColumns = regexp.MustCompile(`\n\)\nENGINE = (\w*MergeTree)(?:\((.*)\))?\n`)
)

// tableOf is the table that a statement creates or alters; "": none.
func tableOf(statement string) string {
	for _, form := range []*regexp.Regexp{createsTable, altersTable} {
		if found := form.FindStringSubmatch(statement); found != nil {
			return found[1]
		}
	}
	return ""
}

// replicated is the CREATE of a table as all its replicas have it: Keeper refuses a replica whose columns, indices or
// TTL are other than those of the first, so they are the final ones from the beginning.
func (l Layout) replicated(create string, all []string) string {
	table := tableOf(create)
	var columns, ttl string
	for _, s := range all {
		if !altersTable.MatchString(s) || tableOf(s) != table {
			continue
		}
		if added := adds.FindStringSubmatch(s); added != nil {
			columns += ",\n    " + added[1] + added[2]
		} else if changed := changesTTL.FindStringSubmatch(s); changed != nil {
			ttl = "\n" + changed[1]
		}
	}
	engine := endOfColumns.FindStringSubmatch(create)
	arguments := fmt.Sprintf("'/clickhouse/tables/{shard}/%s/%s', '{replica}'", l.Database, table)
	if engine[2] != "" {
		arguments += ", " + engine[2]
	}
	create = strings.Replace(create, engine[0], columns+"\n)\nENGINE = Replicated"+engine[1]+"("+arguments+")\n", 1)
	if before, comment, found := strings.Cut(create, "\nCOMMENT '"); found {
		return before + ttl + "\nCOMMENT '" + comment
	}
	return create + ttl
}

// once is an ALTER that is done when all replicas have done it.
func once(alter string) string {
	if strings.Contains(alter, " SETTINGS ") {
		return alter + ", alter_sync = 2"
	}
	return alter + " SETTINGS alter_sync = 2"
}
