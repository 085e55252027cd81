package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// ErrAccount is returned when QTickets knows nothing of what is stored: the token is another organiser's. Nothing is
// stored then.
var ErrAccount = errors.New("QTickets knows nothing of what is stored, so this looks like another organiser's account")

// proveAccount makes sure, before anything is stored, that the token is the organiser's whose orders are stored: an
// order of theirs answers, or stands on the newest page of the list, or one of their events is listed. As long as
// none is stored, readEvents looks at the events.
func (r *run) proveAccount(ctx context.Context) error {
	known, err := r.store.KnownOrders(ctx)
	if err != nil || len(known) == 0 {
		return err
	}
	r.proven = true // or the run ends here
	for _, id := range known {
		_, _, err := r.api.Order(ctx, int64(id))
		if err == nil || errors.Is(err, qtickets.ErrInvalidRow) {
			r.observed.Saw(contract.OwnAccount, true)
			return nil
		}
		if !errors.Is(err, qtickets.ErrNotFound) {
			break // orders cannot be asked for by id at the moment: the list has to do
		}
	}
	page, err := r.api.Orders(ctx, qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Desc("id")}, PerPage: pageSize})
	if err != nil && !notHonoured(err) {
		return err
	}
	listed, err := r.holdsStored(ctx, page)
	if err == nil && !listed {
		listed, err = r.listsStoredEvent(ctx)
	}
	if listed {
		r.observed.Saw(contract.OwnAccount, true)
	}
	if err != nil || listed {
		return err
	}
	return r.refuseAccount(fmt.Sprintf("orders %v", known))
}

// listsStoredEvent tells whether the account has an event that is stored: all of few orders may be gone from it.
func (r *run) listsStoredEvent(ctx context.Context) (bool, error) {
	stored, err := r.store.ListedShows(ctx)
	if err != nil {
		return false, err
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize, Select: []string{"id"}}
	page, err := r.api.Events(ctx, q)
	for _, s := range stored {
		for i := range page.Rows {
			if uint64(page.Rows[i].ID) == s.EventID {
				return true, nil
			}
		}
	}
	if notHonoured(err) {
		return false, nil
	}
	return false, err
}

// holdsStored tells whether an order of a page is stored.
func (r *run) holdsStored(ctx context.Context, page qtickets.Page[qtickets.Order]) (bool, error) {
	var listed []uint64
	for i := range page.Rows {
		listed = append(listed, uint64(page.Rows[i].ID))
	}
	for _, invalid := range page.Invalid {
		if invalid.ID > 0 {
			listed = append(listed, uint64(invalid.ID))
		}
	}
	if len(listed) == 0 {
		return false, nil
	}
	stored, err := r.store.OrderIDs(ctx, 0, slices.Min(listed)-1, slices.Max(listed))
	return slices.ContainsFunc(stored, func(id uint64) bool { return slices.Contains(listed, id) }), err
}

// provePage does so with a page of orders that nobody asked for by their ids.
func (r *run) provePage(ctx context.Context, page qtickets.Page[qtickets.Order]) error {
	if r.proven {
		return nil
	}
	held, err := r.holdsStored(ctx, page)
	if err != nil || held {
		r.proven = held
		return err
	}
	return r.proveAccount(ctx)
}

// proveByEvents does so as long as no order is stored: of an account whose events fit on one page, one that is stored
// must be on it. listed are the ids met so far.
func (r *run) proveByEvents(stored []warehouse.ListedShow, listed map[uint64]bool, paging qtickets.Paging) error {
	if r.proven || len(stored) == 0 || len(listed) == 0 || paging.CurrentPage > 1 || !paging.Last() {
		return nil
	}
	for _, s := range stored {
		if listed[s.EventID] {
			return nil
		}
	}
	return r.refuseAccount(fmt.Sprintf("%d events", len(stored)))
}

func (r *run) refuseAccount(asked string) error {
	r.observed.Saw(contract.OwnAccount, false)
	if r.AcceptLosses {
		return nil
	}
	return fmt.Errorf("%w (asked for %s): check that QTICKETS_TOKEN is this organiser's; nothing was stored; if the "+
		"stored data was another's, start with an empty database; if QTickets really deleted everything, run \"qtickets_api "+
		"reconcile --accept-losses\"", ErrAccount, asked)
}
