package warehouse

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// PlanKey is what a plan is for.
type PlanKey struct {
	Event, Show uint64 // Show 0: the whole event
	Month       uint32 // of the sales, in Moscow, 202612; 0: all sales
	Currency    string
}

// PlanTarget is what is to be sold. One of neither tickets nor revenue is no plan: imported, it takes the plan back.
type PlanTarget struct {
	PlanKey
	Tickets *int64 // nil: not planned
	Revenue *qtickets.Money
}

// Empty reports whether nothing is planned.
func (t PlanTarget) Empty() bool { return t.Tickets == nil && t.Revenue == nil }

// Equal reports whether the plans are the same.
func (t PlanTarget) Equal(other PlanTarget) bool {
	return t.PlanKey == other.PlanKey && equal(t.Tickets, other.Tickets) && equal(t.Revenue, other.Revenue)
}

func equal[V comparable](a, b *V) bool { return a == b || a != nil && b != nil && *a == *b }

// Compare orders plans by event, show, month and currency.
func (t PlanKey) Compare(other PlanKey) int {
	return cmp.Or(cmp.Compare(t.Event, other.Event), cmp.Compare(t.Show, other.Show), cmp.Compare(t.Month, other.Month),
		cmp.Compare(t.Currency, other.Currency))
}

// PlanEvent is an event that may be planned for.
type PlanEvent struct {
	ID         uint64
	Name       string
	Gone       bool     // deleted, or listed no more
	Currency   string   // its own; "": unknown
	Currencies []string // those it has sold in
	Shows      []PlanShow
}

// PlanShow is a show of a PlanEvent.
type PlanShow struct {
	ID   uint64
	Date string // the venue's calendar day, "2026-12-04"; "": no date is set
	Gone bool
}

// PlanEvents are all events that were ever read, by id, with their shows.
func (db *DB) PlanEvents(ctx context.Context) ([]PlanEvent, error) {
	var events []PlanEvent
	at := map[uint64]int{}
	err := db.query(ctx, statement("plan_events"), nil, func(r driver.Rows) error {
		var e PlanEvent
		err := r.Scan(&e.ID, &e.Name, &e.Gone, &e.Currency, &e.Currencies)
		at[e.ID] = len(events)
		events = append(events, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	err = db.query(ctx, statement("plan_shows"), nil, func(r driver.Rows) error {
		var event uint64
		var s PlanShow
		err := r.Scan(&event, &s.ID, &s.Date, &s.Gone)
		if i, ok := at[event]; ok {
			events[i].Shows = append(events[i].Shows, s)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read shows: %w", err)
	}
	return events, nil
}

// PlanTargets are the plans that hold now, in order.
func (db *DB) PlanTargets(ctx context.Context) ([]PlanTarget, error) {
	var targets []PlanTarget
	err := db.query(ctx, statement("plan_targets"), nil, func(r driver.Rows) error {
		var t PlanTarget
		var kopecks *int64
		err := r.Scan(&t.Event, &t.Show, &t.Month, &t.Currency, &t.Tickets, &kopecks)
		if kopecks != nil {
			t.Revenue = new(qtickets.Money(*kopecks))
		}
		targets = append(targets, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	slices.SortFunc(targets, func(a, b PlanTarget) int { return a.Compare(b.PlanKey) })
	return targets, nil
}

// PlanChange is when plans were changed, and by whom.
type PlanChange struct {
	At time.Time
	By string // the name the page knows its reader by; "": not known, or a file
}

// WritePlanTargets makes these the plans of what they are for, all of them or none; others stay. What held before stays
// in the table as history.
func (db *DB) WritePlanTargets(ctx context.Context, targets []PlanTarget, change PlanChange) error {
	next, err := db.nextVersion(ctx, "plan_version", change.At)
	if err != nil {
		return err
	}
	type row = PlanTarget
	return write(ctx, db, "plan_targets", targets, []column[row]{
		col("event_id", uint64s, func(t *row) uint64 { return t.Event }),
		col("show_id", uint64s, func(t *row) uint64 { return t.Show }),
		col("month", uint32s, func(t *row) uint32 { return t.Month }),
		col("currency_id", texts, func(t *row) string { return t.Currency }),
		col("version", uint64s, func(*row) uint64 { return next }),
		col("is_deleted", yesNo, func(t *row) bool { return t.Empty() }),
		col("tickets", optional(int64s), func(t *row) *int64 { return t.Tickets }),
		col("revenue", optional(amounts), func(t *row) *qtickets.Money { return t.Revenue }),
		col("imported_at", millis, func(*row) time.Time { return change.At }),
		col("changed_by", texts, func(*row) string { return change.By }),
	})
}

// nextVersion is the version of a moment, or just above the newest that a clock ahead of ours has written.
func (db *DB) nextVersion(ctx context.Context, name string, at time.Time) (uint64, error) {
	next := version(at)
	err := db.query(ctx, statement(name), nil, func(r driver.Rows) error {
		var last uint64
		err := r.Scan(&last)
		next = max(next, last+1)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read the newest version: %w", err)
	}
	return next, nil
}

// ShowForecast is what is kept of the forecast of a show to come; nil: not known.
type ShowForecast struct {
	Event, Show         uint64
	State               string
	Expected, Low, High *int64 // tickets in the end
	Usual, Goal         *int64 // tickets; Goal is what Chance is to: the plan, or else Usual
	Chance              *float64
}

// ForecastsKept tells whether the forecasts are those of a batch that is complete up to a moment.
func (db *DB) ForecastsKept(ctx context.Context, batch uint64, asOf time.Time) (bool, error) {
	parameters := batchParameter(batch)
	parameters["as_of"] = strconv.FormatFloat(float64(asOf.UnixMilli())/1000, 'f', 3, 64)
	kept, err := db.numbers(ctx, statement("forecasts_kept"), parameters)
	return len(kept) == 1 && kept[0] == 1, err
}

// WriteForecasts replaces the forecasts of the shows to come, all of them or none.
func (db *DB) WriteForecasts(ctx context.Context, asOf time.Time, forecasts []ShowForecast) error {
	next, err := db.nextVersion(ctx, "forecast_version", time.Now())
	if err != nil {
		return err
	}
	type row = ShowForecast
	count := func(name string, value func(*row) *int64) column[row] { return col(name, optional(int64s), value) }
	return write(ctx, db, "state_forecasts", forecasts, []column[row]{
		col("event_id", uint64s, func(f *row) uint64 { return f.Event }),
		col("show_id", uint64s, func(f *row) uint64 { return f.Show }),
		col("version", uint64s, func(*row) uint64 { return next }),
		col("as_of", millis, func(*row) time.Time { return asOf }),
		col("state", texts, func(f *row) string { return f.State }),
		count("expected", func(f *row) *int64 { return f.Expected }),
		count("low", func(f *row) *int64 { return f.Low }),
		count("high", func(f *row) *int64 { return f.High }),
		count("usual", func(f *row) *int64 { return f.Usual }),
		count("goal", func(f *row) *int64 { return f.Goal }),
		col("chance", optional(floats), func(f *row) *float64 { return f.Chance }),
	})
}
