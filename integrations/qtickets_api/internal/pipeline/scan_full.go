package pipeline

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// fullScanPages is up to how many pages the list of all orders is read in every run where changes cannot be asked for.
// A longer one is read event by event, in turn.
const fullScanPages = 100

// readAhead pages wait for the insert for each that is under way (the client keeps to its own limit): while
// ClickHouse writes, QTickets is asked on.
const readAhead = 3

// fullScan reads every order from the first to the last and compares the list with what is stored.
func (r *run) fullScan(ctx context.Context, name string) (scanned, error) {
	err := r.scan(ctx, name, func(ctx context.Context, s *sink) error {
		began := time.Now()
		missing, err := r.compareList(ctx, s, 0, func() error { return r.readWhole(ctx, s) })
		if err == nil {
			err = r.releaseUnnamed(ctx, warehouse.FeedOrders)
		}
		if err != nil || r.dry {
			return err
		}
		if err := r.confirmVanished(ctx, s, missing); err != nil {
			return err
		}
		return r.markAllSwept(ctx, began)
	})
	return scanned{full: true}, err
}

// readWhole reads the list of all orders. Where paging.total counts more than the list holds, a person may accept that.
func (r *run) readWhole(ctx context.Context, s *sink) error {
	err := r.readAllOrders(ctx, s, 1)
	incomplete := (*qtickets.IncompleteError)(nil)
	switch {
	case r.tolerates(err):
		return nil
	case !errors.As(err, &incomplete):
		return err
	case r.AcceptLosses:
		r.acceptMissing(incomplete.Expected - incomplete.Distinct)
		return nil
	default:
		return r.notListed(err)
	}
}

// errNotContinued is a list that does not go on where an earlier attempt stopped.
var errNotContinued = errors.New("the list does not go on where the earlier attempt stopped")

// resumeHistory reads the history from where an interrupted backfill stopped; resumed is false when there was none, or
// when the list does not go on there. New orders append, so no page shifts meanwhile: what was stored is the beginning
// of the list and the checkpoint at once.
func (r *run) resumeHistory(ctx context.Context) (resumed bool, err error) {
	page := int(r.plan.resume.Orders) / r.report.Probe.pageRows()
	if page <= 1 {
		return false, nil
	}
	err = r.scan(ctx, ScanHistory, func(ctx context.Context, s *sink) error {
		return r.readAllOrders(ctx, s, page) // from a page that is known, to see that the list goes on there
	})
	if errors.Is(err, errNotContinued) || errors.Is(err, qtickets.ErrIncomplete) {
		r.Logger.Warn("Reading the history from its beginning", "why", err.Error())
		return false, nil
	}
	r.report.Resumed = true
	return true, err
}

// readAllOrders reads the list of all orders from a page on.
func (r *run) readAllOrders(ctx context.Context, s *sink, from int) error {
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize, Page: from}
	done := int64(from-1) * int64(r.report.Probe.pageRows())
	first := true
	for page, err := range qtickets.Pages(ctx, r.api.Orders, q, readAhead*r.InFlight, r.report.Probe.pages) {
		if err != nil {
			return err
		}
		r.report.OrdersTotal = page.Paging.Total
		if first && from > 1 && (len(page.Rows) == 0 || uint64(page.Rows[0].ID) > r.plan.resume.MaxID) {
			return errNotContinued
		}
		first = false
		if err := s.takeOrders(ctx, page); err != nil {
			return err
		}
		done += int64(len(page.Rows) + len(page.Invalid))
		r.progress("orders", done, page.Paging.Total)
	}
	return nil
}

// markAllSwept records that every order was read since a moment.
func (r *run) markAllSwept(ctx context.Context, since time.Time) error {
	counts, err := r.store.OrdersByEvent(ctx)
	if err != nil {
		return err
	}
	return r.store.MarkSwept(ctx, slices.Collect(maps.Keys(counts)), since)
}
