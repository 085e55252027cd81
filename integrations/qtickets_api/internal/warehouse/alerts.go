package warehouse

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// AlertRules are the rules of the alerts, in the order they are evaluated. Each is sql/alert_RULE.sql.
var AlertRules = []string{"no_data", "failed_runs", "partial_runs", "orders_drop", "dead_run", "quarantine",
	"probe_change", "reconcile", "orders_missing", "assumption", "backup", "restore_drill"}

// AlertLimits are the limits of the rules that have one.
type AlertLimits struct {
	NoData      time.Duration // readers' data may be this old
	FailedShare float64       // per cent of the runs of a day
	OrdersDrop  float64       // per cent below yesterday
}

// AlertFinding is what a rule found.
type AlertFinding struct {
	Rule    string
	Subject string     // what it is about, where a rule may be broken in several ways at once
	Verdict string     // firing, quiet, or between: neither
	Level   uint64     // how many, 0: does not count
	Since   *time.Time // nil: unknown
	Facts   map[string]string
	Err     error // the rule could not be evaluated; the rest is empty then
}

// AlertFindings evaluates every rule. One that cannot be evaluated is a finding with an error: it must not look as
// if nothing had been found.
func (db *DB) AlertFindings(ctx context.Context, limits AlertLimits) []AlertFinding {
	seconds := func(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }
	parameters := clickhouse.Parameters{
		"no_data":       seconds(limits.NoData),
		"failed_share":  strconv.FormatFloat(limits.FailedShare, 'f', -1, 64),
		"orders_drop":   strconv.FormatFloat(limits.OrdersDrop, 'f', -1, 64),
		"oldest_backup": seconds(OldestBackup),
		"oldest_drill":  seconds(OldestDrill),
	}
	var findings []AlertFinding
	for _, rule := range AlertRules {
		found, err := db.evaluate(ctx, rule, parameters)
		if err != nil {
			found = []AlertFinding{{Rule: rule, Err: err}}
		}
		findings = append(findings, found...)
	}
	return findings
}

func (db *DB) evaluate(ctx context.Context, rule string, parameters clickhouse.Parameters) ([]AlertFinding, error) {
	var found []AlertFinding
	err := db.query(ctx, statement("alert_"+rule), parameters, func(r driver.Rows) error {
		f := AlertFinding{Rule: rule}
		err := r.Scan(&f.Subject, &f.Verdict, &f.Level, &f.Since, &f.Facts)
		found = append(found, f)
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("alert rule %s: no answer", rule)
	}
	return found, err
}

// Alert is a line of the history of incidents (meta_alerts).
type Alert struct {
	ID         string
	Rule       string
	Subject    string
	OpenedAt   time.Time
	EndedAt    *time.Time // nil: goes on
	NotifiedAt *time.Time // when the first channel was notified; nil: none was
	Level      uint64
	Text       string
}

// SaveAlerts writes incidents into the history, a newer version of each line winning.
func (db *DB) SaveAlerts(ctx context.Context, alerts []Alert) error {
	ver := version(time.Now())
	return db.Write(ctx, "state_alerts", len(alerts), func(i int) []Column {
		a := &alerts[i]
		return []Column{
			{"alert_id", a.ID}, {"version", ver}, {"rule", a.Rule}, {"subject", a.Subject}, {"opened_at", a.OpenedAt},
			{"ended_at", a.EndedAt}, {"told_at", a.NotifiedAt}, {"level", a.Level}, {"text", a.Text},
		}
	})
}
