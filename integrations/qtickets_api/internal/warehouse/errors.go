package warehouse

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// What can be wrong with a ClickHouse, as values for errors.Is. Each message ends with the next step.
var (
	// ErrUnavailable is returned when nothing answers at the address.
	ErrUnavailable = errors.New("ClickHouse does not answer")
	// ErrAuth is returned when ClickHouse refuses the user or the password (it does not say which).
	ErrAuth = errors.New("ClickHouse refused the user or the password")
	// ErrSchema is returned when a table, view or the database is missing.
	ErrSchema = errors.New("the schema is missing or incomplete")
	// ErrPermission is returned when the user may not do what the loader needs.
	ErrPermission = errors.New("the ClickHouse user lacks a right")
	// ErrDisk is returned when ClickHouse cannot write to its disk, because that is full or read-only.
	ErrDisk = errors.New("ClickHouse cannot write to its disk")
	// ErrLimit is returned when a limit of the user's settings profile or quota stopped a statement.
	ErrLimit = errors.New("a limit of ClickHouse stopped a statement")
	// ErrCoordination is returned when replicas cannot agree: their coordination service (Keeper) or another replica is
	// away, or what was written elsewhere has not arrived.
	ErrCoordination = errors.New("the replicas of ClickHouse cannot agree")
	// ErrSeveralServers is returned when requests to one address are answered by several servers.
	ErrSeveralServers = errors.New("several servers of ClickHouse answer")
	// ErrAudit is returned when a check before publication failed; readers keep the numbers they had.
	ErrAudit = errors.New("nothing was published: the new facts failed their checks")
)

// ClickHouse's own error numbers.
const (
	codeUnknownTable    = 60
	codeAborted         = 236 // the server is going down
	codeUnknownDatabase = 81
	codeUnknownColumn   = 16
	codeUnknownIdent    = 47
	codeReadOnly        = 164
	codeNoSpace         = 243
	codeConstraint      = 452 // a reader's profile limits settings that the loader needs
	codeAccessDenied    = 497
	codeUnknownSetting  = 115
	codeUnknownUser     = 192
	codeAuthFailed      = 516
)

// The error numbers of replicas.
const (
	codeReadOnlyTable = 242
	codeCannotAlter   = 517 // another ALTER was quicker
)

// coordination says what to do about the error numbers of replicas. What was asked for is not done, except after 319,
// where that is unknown; a run that is repeated writes nothing twice.
var coordination = map[int]string{
	225: "this server has no coordination service: look at <zookeeper> in its configuration, and whether Keeper runs",
	codeReadOnlyTable: "it has lost its session with Keeper: start Keeper again, or look at the way to it, then run " +
		"again; SYSTEM RESTORE REPLICA if Keeper lost its data",
	285: "insert_quorum of the user's profile asks for more replicas than are alive: start them, or take insert_quorum " +
		"out of the profile, the loader does without",
	286: "an insert before did not reach its quorum: start the other replicas and run again, or take insert_quorum out " +
		"of the user's profile",
	319:             "the answer of Keeper was lost, the rows may be there or not: run again, nothing is written twice",
	codeCannotAlter: "another change of the same table was quicker: run again",
	999:             "Keeper does not answer: start it, or look at the network between it and ClickHouse, then run again",
}

// limits are the error numbers of limits: of rows, of rows and bytes, of bytes, of a set, of time, of speed, of
// columns, of temporary columns, of subqueries, of a statement's size, of memory, of a quota, of queries at a time.
var limits = []int{158, 396, 307, 191, 159, 160, 161, 165, 166, 162, 167, 168, 241, 201, 202}

// What the operating system says of a disk. ClickHouse passes it on under several numbers (75 for a file,
// 1001 for a folder), so here the text decides; it is the C library's own and does not change.
const (
	noSpace      = "No space left on device"
	readOnlyDisk = "Read-only file system"
)

// describe turns an error of the driver into one a person can act on. Matching is by code, because
// texts change between versions; the HTTP interface sends the code inside the text only.
func (c Config) describe(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if described := c.describeCertificate(err); described != nil {
		return described
	}
	switch code := serverCode(err); code {
	case codeAuthFailed:
		return fmt.Errorf("%w: check CLICKHOUSE_USER (%s) and CLICKHOUSE_PASSWORD for %s", ErrAuth, c.User, c.address())
	case codeUnknownTable, codeUnknownDatabase, codeUnknownColumn, codeUnknownIdent:
		return fmt.Errorf("%w in database %s at %s: %s (%s)", ErrSchema, c.Database, c.address(), applySchema, firstLine(err))
	case codeReadOnly:
		return fmt.Errorf("%w: take \"readonly\" out of the settings profile of %s, or give CLICKHOUSE_USER the loader's "+
			"user (%s)", ErrPermission, c.User, firstLine(err))
	case codeUnknownUser:
		return fmt.Errorf("%w: the owner of the views is not a user of ClickHouse at %s: create the administrator there "+
			"under the same name, or run \"qtickets_api migrate\" as one who is (%s)", ErrPermission, c.address(),
			firstLine(err))
	case codeAccessDenied, codeConstraint:
		return fmt.Errorf("%w: give %s the rights of infra/clickhouse/grants.sql (%s)",
			ErrPermission, c.User, firstLine(err))
	}
	if step, known := coordination[serverCode(err)]; known {
		return fmt.Errorf("%w at %s: %s (%s)", ErrCoordination, c.address(), step, firstLine(err))
	}
	switch {
	case slices.Contains(limits, serverCode(err)):
		return fmt.Errorf("%w: raise what it names in the settings profile or quota of %s (%s)", ErrLimit, c.User,
			firstLine(err))
	case serverCode(err) == codeUnknownSetting:
		return fmt.Errorf("%w: ClickHouse at %s does not know a setting this program relies on: update it (%s)", ErrSchema,
			c.address(), firstLine(err))
	case serverCode(err) == codeNoSpace || strings.Contains(err.Error(), noSpace):
		return fmt.Errorf("%w: the disk is full: free space where ClickHouse at %s keeps its data, then run again (%s)",
			ErrDisk, c.address(), firstLine(err))
	case strings.Contains(err.Error(), readOnlyDisk):
		return fmt.Errorf("%w: the disk is mounted read-only: make the data folder of ClickHouse at %s writable, then run "+
			"again (%s)", ErrDisk, c.address(), firstLine(err))
	}
	if isNetwork(err) || serverCode(err) == codeAborted {
		return fmt.Errorf("%w at %s: check that it runs, and CLICKHOUSE_HOST and CLICKHOUSE_PORT (%s)", ErrUnavailable,
			c.address(), firstLine(err))
	}
	return err
}

// describeFirst is describe for the first answer of an address: one that is not understood did not come from
// ClickHouse.
func (c Config) describeFirst(err error) error {
	if serverCode(err) == codeConstraint {
		return fmt.Errorf("%w: the settings profile of %s forbids what the program sets in its session: take that "+
			"constraint out of the profile, or name the loader's user, of infra/clickhouse/grants.sql (%s)",
			ErrPermission, c.User, firstLine(err))
	}
	if serverCode(err) == codeReadOnly {
		return fmt.Errorf("%w: the profile forbids changing settings: readonly=1; use readonly=2 in the settings profile of "+
			"%s, or take \"readonly\" out of the settings profile of %[2]s if that is the loader's user (%[3]s)", ErrPermission,
			c.User, firstLine(err))
	}
	described := c.describe(err)
	if errors.Is(described, ErrCertificate) || errors.Is(described, ErrUnavailable) || serverCode(err) != 0 ||
		errors.Is(err, context.Canceled) {
		return described
	}
	return fmt.Errorf("%w at %s, something else does: check CLICKHOUSE_HOST and CLICKHOUSE_PORT, and CLICKHOUSE_SECURE "+
		"for TLS (%s)", ErrUnavailable, c.address(), firstLine(err))
}

func serverCode(err error) int {
	if err == nil {
		return 0
	}
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		return int(exception.Code)
	}
	_, after, found := strings.Cut(err.Error(), "Code: ")
	if !found {
		_, after, found = strings.Cut(err.Error(), "code: ")
	}
	var code int
	if found {
		_, _ = fmt.Sscanf(after, "%d", &code)
	}
	return code
}

// isNetwork tells whether the connection failed, so that there is no answer of the server. The driver passes some of
// these errors on as text only.
func isNetwork(err error) bool {
	var untrusted *tls.CertificateVerificationError
	if serverCode(err) != 0 || errors.As(err, &untrusted) {
		return false
	}
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, net.ErrClosed) || errors.Is(err, clickhouse.ErrAcquireConnTimeout) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "connection refused") || strings.Contains(text, "no such host") ||
		strings.Contains(text, "EOF")
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	if len(line) > 300 {
		line = line[:300]
	}
	return line
}
