package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// worthAPage is how many announced orders a page of the newest orders must hold to be cheaper than asking one by one.
const worthAPage = 4

// readAnnounced reads the orders of Options.IDs and publishes when one had changed, under the moment of the publication
// before. What waits in quarantine since an earlier run is left to the next load.
func (r *run) readAnnounced(ctx context.Context) error {
	err := r.scan(ctx, ScanWebhook, r.scanAnnounced)
	if err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	r.reportWaiting()
	r.reportOrders()
	if r.before.Publication == nil {
		return nil
	}
	changed, err := r.store.OrdersChangedSince(ctx, r.before.Publication.Batch)
	if err != nil || !changed {
		return err
	}
	return r.publish(ctx, r.before.Publication.AsOf)
}

// scanAnnounced reads the orders of Options.IDs: a burst by pages of the newest orders, and what is left then one by
// one.
func (r *run) scanAnnounced(ctx context.Context, s *sink) error {
	var last Probe // without one, or with one of another version of the program, nothing is proven
	_ = json.Unmarshal([]byte(r.before.Probe), &last)
	if last.Transport == transportBrackets {
		r.api = r.api.WithEncoding(qtickets.BracketParams)
	}
	wanted := map[uint64]bool{}
	for _, id := range r.IDs {
		wanted[id] = true
	}
	if err := r.scanNewest(ctx, s, wanted); err != nil {
		return err
	}
	return r.scanIDs(ctx, s, slices.Sorted(maps.Keys(wanted)))
}

// scanNewest reads pages of the newest orders, of at most as many as are wanted, as long as that is cheaper than
// reading the wanted ones by their ids, and takes those it met out of wanted. After a start of sales a page holds a
// hundred of them.
func (r *run) scanNewest(ctx context.Context, s *sink, wanted map[uint64]bool) error {
	if len(wanted) < worthAPage {
		return nil
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: min(len(wanted), pageSize)}
	for page, err := range qtickets.Pages(ctx, r.api.Orders, q, 1, 0) {
		if notHonoured(err) { // one by one, then
			return nil
		}
		if err == nil {
			err = r.provePage(ctx, page)
		}
		if err != nil {
			return err
		}
		before := len(wanted)
		if err := s.takeWanted(ctx, page, wanted); err != nil {
			return err
		}
		if len(wanted) < worthAPage || before-len(wanted) < worthAPage {
			return nil
		}
	}
	return nil
}

// takeWanted takes the orders of a page, out of wanted too.
func (s *sink) takeWanted(ctx context.Context, page qtickets.Page[qtickets.Order], wanted map[uint64]bool) error {
	for i := range page.Rows {
		delete(wanted, uint64(page.Rows[i].ID))
	}
	for _, invalid := range page.Invalid {
		delete(wanted, uint64(max(invalid.ID, 0)))
	}
	return s.takeOrders(ctx, page)
}
