package pipeline

import (
	"context"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// tieCheck is the name of the check that the number of orders in ClickHouse is paging.total of QTickets.
const tieCheck = "orders in ClickHouse = orders in QTickets"

// tie makes sure that every order which QTickets counts is accounted for, and no other. Where the numbers
// differ by other orders than those the sweeps missed, the whole list is read and compared.
func (r *run) tie(ctx context.Context) error {
	tied, err := r.tied(ctx)
	if err != nil || tied {
		return err
	}
	if n := int64(len(r.missing)); n > 0 && r.report.OrdersStored-r.report.OrdersTotal == n {
		err := r.layer(ctx, ScanSweep, func(ctx context.Context, sink *orderSink) error { return r.settle(ctx, sink, r.missing) })
		if err != nil {
			return err
		}
		if tied, err = r.tied(ctx); err != nil || tied {
			return err
		}
	}
	if !r.wholeRead {
		r.Logger.Warn("The stored orders are not those of QTickets: comparing all of them", "stored", r.report.OrdersStored, "total", r.report.OrdersTotal)
		if err := r.layer(ctx, ScanReconcile, r.whole); err != nil {
			return err
		}
		if tied, err = r.tied(ctx); err != nil || tied {
			return err
		}
	}
	stored, total := r.report.OrdersStored, r.report.OrdersTotal
	if stored < total {
		return &qtickets.IncompleteError{Distinct: stored, Expected: total, Why: "paging.total counts orders that no page holds"}
	}
	r.report.problem("%d orders are stored that QTickets gives by their ids but does not list: they still count", stored-total)
	return nil
}

// tied compares the numbers, with the newest orders read in the same request as paging.total. Orders may
// come at any moment, so a difference is looked at again.
func (r *run) tied(ctx context.Context) (bool, error) {
	for range walkTries {
		err := r.layer(ctx, ScanNew, r.newOrders)
		if err != nil && !notHonoured(err) {
			return false, err
		}
		// Where the order by id is not honoured, the total is that of the whole list just read.
		accounted, err := r.store.CountOrders(ctx)
		if err != nil {
			return false, err
		}
		r.report.OrdersStored = accounted.Orders
		total := r.report.OrdersTotal
		if accounted.Orders == total || (accounted.Unnamed && accounted.Orders < total) {
			r.report.Checks = append(r.report.Checks, warehouse.Check{
				Name: tieCheck, Found: fmt.Sprint(accounted.Orders), Expected: fmt.Sprint(accounted.Orders),
			})
			return true, nil
		}
	}
	return false, nil
}
