package warehouse

import (
	"context"
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Server is what a ClickHouse says about itself.
type Server struct {
	Version string
	Ahead   time.Duration // how far its clock is ahead of ours, give or take the time of a round trip
}

// Server reads the version and the clock.
func (db *DB) Server(ctx context.Context) (Server, error) {
	var s Server
	sent := time.Now()
	err := db.query(ctx, statement("server"), nil, func(r driver.Rows) error {
		var now time.Time
		err := r.Scan(&s.Version, &now)
		s.Ahead = now.Sub(sent.Add(time.Since(sent) / 2))
		return err
	})
	return s, err
}

// DashboardRows counts the lines of the dashboard, as any reader may.
func (db *DB) DashboardRows(ctx context.Context) (rows uint64, err error) {
	err = db.query(ctx, statement("dashboard_rows"), nil, func(r driver.Rows) error { return r.Scan(&rows) })
	return rows, err
}

// RightsOf are the statements that give a user the rights which the project's list gives to another name, in a
// database.
func RightsOf(database, as, user string) ([]string, error) {
	grants, err := Grants(database)
	var statements []string
	for _, g := range grants {
		if g.User == as {
			statements = append(statements, "GRANT "+g.Rights+" TO "+quotedName(user))
		}
	}
	return statements, err
}

// CreateUser is the statement that makes a user where there is none of this name. It holds the hash of the password.
// settings are those of its profile; "": none.
func CreateUser(name, password, settings string) string {
	statement := fmt.Sprintf("CREATE USER IF NOT EXISTS %s IDENTIFIED WITH sha256_hash BY '%x'", quotedName(name),
		sha256.Sum256([]byte(password)))
	if settings != "" {
		statement += " SETTINGS " + settings
	}
	return statement
}

// Administer runs statements of CreateUser and RightsOf. It needs an administrator who may make users and hand on
// rights.
func (db *DB) Administer(ctx context.Context, statements []string) error {
	for _, s := range statements {
		if err := db.exec(ctx, s, nil); err != nil {
			return err
		}
	}
	return nil
}

// plainName needs no quotes.
var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func quotedName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

// CompareRights compares the rights of the connected user with those the project's list gives to a user.
// missing and extra are rights on objects, as GRANT and REVOKE take them. Rights on other databases are not compared.
func (db *DB) CompareRights(ctx context.Context, as string) (missing, extra []string, err error) {
	grants, err := Grants(db.config.Database)
	if err != nil {
		return nil, nil, err
	}
	var want, have []right
	for _, g := range grants {
		if g.User == as {
			want = append(want, parseRights(g.Rights)...)
		}
	}
	err = db.query(ctx, statement("own_rights"), nil, func(r driver.Rows) error {
		var line string
		err := r.Scan(&line)
		text, _, _ := strings.Cut(strings.TrimPrefix(line, "GRANT "), " TO ")
		have = append(have, parseRights(text)...)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read own rights: %w", err)
	}
	elsewhere := func(r right) bool {
		of, _, _ := strings.Cut(r.on, ".")
		return of != "*" && of != db.config.Database
	}
	want, have = slices.DeleteFunc(want, elsewhere), slices.DeleteFunc(have, elsewhere)
	return uncovered(want, have), uncovered(have, want), nil
}

// right is one kind of access to a pattern of tables.
type right struct{ access, on string }

func (r right) String() string { return r.access + " ON " + r.on }

// parseRights takes "SELECT, INSERT ON zakaz.state_*" apart.
func parseRights(text string) []right {
	list, on, _ := strings.Cut(text, " ON ")
	var rights []right
	depth, begin := 0, 0
	for i := range len(list) + 1 {
		switch {
		case i < len(list) && list[i] == '(':
			depth++
		case i < len(list) && list[i] == ')':
			depth--
		case i == len(list) || (list[i] == ',' && depth == 0): // a comma between columns ends no right
			rights = append(rights, right{strings.TrimSpace(list[begin:i]), strings.ReplaceAll(on, "`", "")})
			begin = i + 1
		}
	}
	return rights
}

// uncovered are those of the first rights that none of the second includes.
func uncovered(rights, by []right) []string {
	var names []string
	for _, r := range rights {
		if !slices.ContainsFunc(by, func(b right) bool { return b.covers(r) }) {
			names = append(names, r.String())
		}
	}
	return names
}

func (r right) covers(other right) bool {
	if r.access != other.access && !slices.Contains(groups[r.access], other.access) && r.access != "ALL" {
		return false
	}
	if r.on == "*.*" || r.on == other.on {
		return true
	}
	prefix, wild := strings.CutSuffix(r.on, "*")
	return wild && strings.HasPrefix(other.on, prefix)
}

// groups are rights that include others of the project's list.
var groups = map[string][]string{
	"ALTER":       {"ALTER DELETE", "ALTER TABLE"},
	"ALTER TABLE": {"ALTER DELETE"},
}
