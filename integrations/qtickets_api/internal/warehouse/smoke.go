package warehouse

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Verdict is one line of the smoke checks.
type Verdict struct {
	Check  string `json:"check"`
	Status string `json:"status"` // ok, warn or fail
	Found  string `json:"found"`
	Limit  string `json:"limit"`
}

// SmokeChecks runs the file an operator pipes into clickhouse-client, line by line, and compares the version of the
// schema with this release's. A check that cannot run has failed.
func (db *DB) SmokeChecks(ctx context.Context) []Verdict {
	var verdicts []Verdict
	for i, statement := range statementsFor(db.config.Database, "smoke_checks") {
		answered := false
		err := db.query(ctx, statement, nil, func(r driver.Rows) error {
			var v Verdict
			err := r.Scan(&v.Check, &v.Status, &v.Found, &v.Limit)
			verdicts = append(verdicts, v)
			answered = true
			return err
		})
		if err != nil || !answered {
			verdicts = append(verdicts, Verdict{
				Check: fmt.Sprintf("check %d", i+1), Status: "fail", Found: fmt.Sprint("could not run: ", err), Limit: "an answer",
			})
		}
	}
	return append(verdicts, db.schemaVerdict(ctx))
}
