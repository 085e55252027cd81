package chserver

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Options of one engine.
type Options struct {
	// Library is the path of libchdb.so, see FindLibrary.
	Library string
	// DataDir holds everything the engine keeps: configuration, log and, in
	// its folder data, the databases. Created with mode 0700 and durable.
	DataDir string
	// HTTPPort and TCPPort (native protocol) on 127.0.0.1. Zero lets the
	// kernel pick a free one, so two engines never collide.
	HTTPPort, TCPPort int
	// NoTCP leaves the native protocol off. The engine ends when a login over
	// it is refused (a wrong password is enough; over HTTP it is not), so a
	// server that others can reach should be asked over HTTP.
	NoTCP bool
	// Users are all who may log in.
	Users []User
	// Timezone of the server; empty means Europe/Moscow. One that the engine
	// does not know is an error.
	Timezone string
	// Env are variables for from_env in configuration of the caller's own, NAME=VALUE: the engine sees nothing
	// else of our environment.
	Env []string
	// Stderr, when set, receives a copy of what the engine prints there.
	Stderr io.Writer
	// unconfined starts the engine as on a kernel without Landlock.
	unconfined bool
}

// User is an account of the server.
type User struct {
	Name string
	// Password is stored as its SHA-256 only. Empty is refused unless NoLogin.
	Password string
	// NoLogin makes an account that only owns views (SQL SECURITY DEFINER).
	NoLogin bool
	// Grants are statements without TO: "GRANT SELECT ON zakaz.*" or, without
	// the first word, "SELECT ON zakaz.*". No grants means no rights.
	Grants []string
	// Settings of the user's profile, such as readonly or session_timezone.
	Settings map[string]string
	// Constraints on those settings, by the name of the setting.
	Constraints map[string]Constraint
	// Listed is the condition for a row of system.tables to be shown; "": every table the user has a right on.
	Listed string
}

// Constraint limits what a user may set a setting to. Empty fields do not
// limit; give Min too where zero means unlimited. ReadOnly forbids any change.
type Constraint struct {
	Min, Max string
	ReadOnly bool
}

const (
	defaultTimezone = "Europe/Moscow"
	// sessionUser is who `clickhouse local` itself runs as; the name is fixed.
	sessionUser = "default"
)

// identifier is what may become the name of an XML element.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// check reports everything wrong with the options at once.
func (o Options) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if o.DataDir == "" {
		bad("no data folder given")
	}
	if o.Library == "" {
		bad("no library given: FindLibrary names one")
	}
	for _, port := range []int{o.HTTPPort, o.TCPPort} {
		if port < 0 || port > 65535 {
			bad("port %d is not between 0 and 65535", port)
		}
	}
	if o.HTTPPort != 0 && o.HTTPPort == o.TCPPort {
		bad("HTTP and native protocol cannot share port %d", o.HTTPPort)
	}
	seen := map[string]bool{sessionUser: true}
	for _, u := range o.Users {
		switch {
		case !identifier.MatchString(u.Name):
			bad("user name %q must be letters, digits and _", u.Name)
		case seen[u.Name]:
			bad("user name %q is taken", u.Name)
		case u.Password == "" && !u.NoLogin:
			bad("user %s has no password", u.Name)
		}
		seen[u.Name] = true
		for _, g := range u.Grants {
			// The engine would take it for the name of a role and ignore it.
			if !strings.Contains(strings.ToUpper(g), " ON ") {
				bad("user %s: grant %q does not say ON what", u.Name, g)
			}
		}
		for name := range u.Settings {
			if !identifier.MatchString(name) {
				bad("user %s: setting name %q must be letters, digits and _", u.Name, name)
			}
		}
		for name := range u.Constraints {
			if !identifier.MatchString(name) {
				bad("user %s: constraint name %q must be letters, digits and _", u.Name, name)
			}
		}
	}
	return errors.Join(errs...)
}

// zone is the time zone the server is to have.
func (o Options) zone() string {
	if o.Timezone == "" {
		return defaultTimezone
	}
	return o.Timezone
}
