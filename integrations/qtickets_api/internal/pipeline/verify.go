package pipeline

import (
	"context"
	"errors"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// totalCheck is the name of the check that the number of orders in ClickHouse is paging.total of QTickets.
const totalCheck = "orders in ClickHouse = orders in QTickets"

// verifyTotal makes sure that every order which QTickets counts is accounted for, and no other. Where the numbers
// differ by other orders than those the sweeps missed, the whole list is read and compared.
func (r *run) verifyTotal(ctx context.Context, found scanned) error {
	equal, err := r.totalsEqual(ctx)
	if err != nil || equal {
		return err
	}
	if n := int64(len(found.missing)); n > 0 && r.report.OrdersStored-r.report.OrdersTotal == n {
		err := r.scan(ctx, ScanSweep,
			func(ctx context.Context, s *sink) error { return r.confirmVanished(ctx, s, found.missing) })
		if err != nil {
			return err
		}
		if equal, err = r.totalsEqual(ctx); err != nil || equal {
			return err
		}
	}
	if !found.full {
		r.Logger.Warn("The stored orders are not those of QTickets: comparing all of them",
			"stored", r.report.OrdersStored, "total", r.report.OrdersTotal)
		if _, err := r.fullScan(ctx, ScanReconcile); err != nil {
			return err
		}
		if equal, err = r.totalsEqual(ctx); err != nil || equal {
			return err
		}
	}
	stored, total := r.report.OrdersStored, r.report.OrdersTotal
	if stored < total && r.AcceptLosses {
		r.acceptMissing(total - stored)
		return nil
	}
	if stored < total {
		return r.notListed(&qtickets.IncompleteError{Distinct: stored, Expected: total,
			Why: "paging.total counts orders that no page holds"})
	}
	r.report.problem("%d orders are stored that QTickets gives by their ids but does not list: they still count",
		stored-total)
	return nil
}

// totalsEqual compares the numbers, with the newest orders read in the same request as paging.total. Orders may
// come at any moment, so a difference is looked at again.
func (r *run) totalsEqual(ctx context.Context) (bool, error) {
	for range scanTries {
		err := r.scan(ctx, ScanNew, r.scanNew)
		if err != nil && !notHonoured(err) {
			return false, err
		}
		// Where the order by id is not honoured, the total is that of the whole list just read.
		stored, err := r.store.CountOrders(ctx)
		if err != nil {
			return false, err
		}
		r.report.OrdersStored = stored.Orders
		total := r.report.OrdersTotal
		missing := total - stored.Orders
		accepted := missing > 0 && missing <= r.acceptedMissing()
		if missing == 0 || (stored.Unnamed && missing > 0) || accepted {
			r.report.OrdersMissing = 0
			if accepted {
				r.report.OrdersMissing = missing
			}
			r.report.Checks = append(r.report.Checks, warehouse.Check{
				Name: totalCheck, Found: fmt.Sprint(stored.Orders), Expected: fmt.Sprint(stored.Orders),
			})
			return true, nil
		}
	}
	return false, nil
}

// acceptedMissing is how many orders that no list holds a person has accepted.
func (r *run) acceptedMissing() int64 {
	if r.before.Checkpoint == nil {
		return r.report.OrdersMissing
	}
	return max(int64(r.before.Checkpoint.Missing), r.report.OrdersMissing)
}

// acceptMissing takes a difference as it is from now on, by a person's word.
func (r *run) acceptMissing(n int64) {
	r.report.OrdersMissing = n
	r.Logger.Warn("QTickets counts orders that no list holds: accepted", "orders", n)
}

// notListed adds to an error about orders that no list holds how a person can go on.
func (r *run) notListed(err error) error {
	return fmt.Errorf("%w; if QTickets support says that they do not exist, accept the difference for good with "+
		"\"qtickets_api reconcile --accept-losses\"", err)
}

// tolerates tells whether a list of orders that lacks rows of its total is taken as it is: so many are accepted.
func (r *run) tolerates(err error) bool {
	incomplete := (*qtickets.IncompleteError)(nil)
	if !errors.As(err, &incomplete) {
		return false
	}
	missing := incomplete.Expected - incomplete.Distinct
	return missing > 0 && missing <= r.acceptedMissing()
}
