package warehouse

import (
	"strings"
	"testing"
	"time"
)

// TestWhatALoadWaitsFor: for rows that it would take for known, not for those that it reads again in any case.
func TestWhatALoadWaitsFor(t *testing.T) {
	t.Parallel()
	known := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	late := func(table string, since time.Duration) Replica {
		return Replica{Table: table, Missing: 2, MissingSince: known.Add(since)}
	}
	for name, c := range map[string]struct {
		table   Replica
		says    string // "": nothing is lacking
		mayCome bool
	}{
		"level":                             {Replica{Table: "state_orders"}, "", false},
		"orders of a run that went well":    {late("state_orders", -time.Hour), "2 inserts into state_orders", true},
		"by a clock that is a little ahead": {late("state_orders", apart-time.Second), "2 inserts into state_orders", true},
		"orders of a run under way":         {late("state_orders", apart+time.Second), "", false},
		"the ledger":                        {late("state_job_runs", -time.Hour), "", false},
		"a store":                           {late("store_movements", -time.Hour), "", false},
		"read-only":                         {Replica{Table: "state_alerts", ReadOnly: true}, "is read-only", false},
	} {
		mayCome, err := lacking([]Replica{{Table: "publish"}, c.table}, known)
		if mayCome != c.mayCome || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, may come: %v", name, err, mayCome)
		}
	}
}
