package crash_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

const ledgerInsert = "INSERT INTO state_job_runs"

var (
	written  = regexp.MustCompile(`^(INSERT INTO state_orders SELECT|INSERT INTO \w+|ALTER TABLE \w+ DROP PARTITION)`)
	anyID    = regexp.MustCompile(`/\d+`)
	comments = regexp.MustCompile(`(?m)^--.*\n`)
)

// statementName names a statement that writes; "" for others: an end before a read is an end after the
// write that was before it.
func statementName(r *http.Request, body []byte) string {
	statement := r.URL.Query().Get("query")
	if statement == "" {
		statement = string(body)
	}
	name := written.FindString(comments.ReplaceAllString(statement, ""))
	if name == ledgerInsert {
		return name + ledgerLine(body)
	}
	return name
}

// repeats tells steps of which the second is another place than the first: a further page, and the open
// line of the ledger that notes that the run now holds the lease. (Heartbeats repeat it at any time.)
func repeats(step string) bool {
	return strings.HasPrefix(step, "GET ") || step == ledgerInsert+" (open)"
}

// ledgerLine tells an open line of the ledger from its last one. The body is compressed, but LZ4 leaves a text that it
// meets for the first time as it is.
func ledgerLine(body []byte) string {
	if bytes.Contains(body, []byte("running")) {
		return " (open)"
	}
	return " (close)"
}

// requestName names a request to QTickets by its kind.
func requestName(r *http.Request, _ []byte) string {
	return "GET " + anyID.ReplaceAllString(strings.TrimPrefix(r.URL.Path, simulator.BasePath+"/"), "/{id}")
}

// boundaries are the places where a run of these steps can end: before the first, after each that writes, and within
// those that carry rows. A request to QTickets leaves nothing behind: an end after it is one after the write before.
func boundaries(steps []string) []boundary {
	places := []boundary{{before, steps[0]}}
	for _, step := range steps {
		if carriesRows(step) {
			places = append(places, boundary{within, step})
		}
		if !strings.HasPrefix(step, "GET ") {
			places = append(places, boundary{after, step})
		}
	}
	return places
}

func carriesRows(step string) bool {
	return strings.HasPrefix(step, "INSERT INTO state_") || step == "INSERT INTO publish"
}
