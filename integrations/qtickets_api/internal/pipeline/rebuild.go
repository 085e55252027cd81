package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ErrNothingLoaded is returned when there is no complete history to compute anything from.
var ErrNothingLoaded = errors.New("the history is not loaded yet: run \"qtickets_api\" first")

// Rebuild derives every order's rows again from its stored payload, writes those that differ, computes all
// facts anew and publishes them. It asks QTickets nothing and must change nothing: a difference means
// that the rules changed with the program, or that somebody changed the tables. The report says how many rows.
func Rebuild(ctx context.Context, db *warehouse.DB, by RunInfo, o Options) (*Report, error) {
	line := lineOptions{by: by, lease: ledger.DefaultLeaseTimes, log: o.Logger}
	return runWithLease(ctx, db, line, func(ctx context.Context, id string) (*Report, error) {
		report := newReport(id, ModeRebuild)
		err := rebuild(ctx, db, report, o)
		report.Duration = time.Since(report.StartedAt)
		return report, err
	})
}

func rebuild(ctx context.Context, db *warehouse.DB, report *Report, o Options) error {
	state, err := db.State(ctx)
	if err != nil {
		return err
	}
	if state.Checkpoint == nil {
		return ErrNothingLoaded
	}
	if err := deriveAgain(ctx, db, report); err != nil {
		return err
	}
	before, asOf := state.Publication, state.Checkpoint.At
	if before != nil {
		asOf = before.AsOf
	}
	done, err := db.Publish(ctx, warehouse.PublishOptions{
		Run: report.RunID, AsOf: asOf, AcceptLosses: o.AcceptLosses, Anew: true,
	})
	report.Batch, report.Checks = done.Batch, done.Checks
	if err != nil {
		return err
	}
	if before != nil {
		if report.Differences, err = db.Differences(ctx, before.Batch, report.Batch); err != nil {
			return err
		}
	}
	o.Logger.Info("Rebuilt",
		"orders", report.Orders, "rows_changed", report.RowsInserted, "marts_changed", report.Differences)
	if err := db.DropOldBatches(ctx); err != nil {
		report.problem("old batches were not dropped: %v", err)
	}
	return nil
}

// deriveAgain rewrites orders whose stored rows are not what the rules make of their payload.
func deriveAgain(ctx context.Context, db *warehouse.DB, report *Report) error {
	related, err := db.RelatedOrders(ctx, 0)
	if err != nil {
		return err
	}
	differ, together := countedOnce(related, report)
	if err := rewrite(ctx, db, report, differ); err != nil {
		return err
	}
	for after := uint64(0); ; {
		stored, err := db.StoredOrders(ctx, after, insertRows)
		if err != nil || len(stored) == 0 {
			return err
		}
		differ = differ[:0]
		for i := range stored {
			s := &stored[i]
			if together[s.Row.OrderID] {
				report.SalesRows += len(s.Row.Tickets)
				continue
			}
			derived, err := derive(s)
			if err != nil {
				report.problem("order %d cannot be derived from its stored payload: %v", s.Row.OrderID, err)
				continue
			}
			if differs(&derived, s) {
				differ = append(differ, warehouse.Observed[sales.Order]{Row: derived, At: s.At.Add(1)})
			}
			report.SalesRows += len(derived.Tickets)
		}
		report.Orders += len(stored)
		if err := rewrite(ctx, db, report, differ); err != nil {
			return err
		}
		after = stored[len(stored)-1].Row.OrderID
	}
}

func rewrite(ctx context.Context, db *warehouse.DB, report *Report, rows []warehouse.Observed[sales.Order]) error {
	if err := db.RewriteOrders(ctx, rows, report.RunID); err != nil {
		return fmt.Errorf("rewrite orders: %w", err)
	}
	report.RowsInserted += len(rows)
	return nil
}
