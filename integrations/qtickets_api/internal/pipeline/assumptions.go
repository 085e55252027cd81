package pipeline

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// observeProbe adds what the probe says of the assumptions about the API, and asks for what loads need not know:
// whether an order by updated_at is honoured and a date of a filter understood to the second. Only the run's own end is
// an error.
func (r *run) observeProbe(ctx context.Context) error {
	p := r.report.Probe
	if !p.tested || r.dry {
		return nil
	}
	r.observed.Saw(contract.Where, p.Where)
	r.observed.Saw(contract.PageSize, p.PerPage == pageSize)
	if p.Where {
		r.observed.Saw(contract.Body, p.Transport == transportBody)
	}
	if p.ranged {
		r.observed.Saw(contract.Range, p.UpdatedAt)
	}
	newest, ordered := r.newestChanged(ctx)
	if ordered != (contract.Counts{}) {
		r.observed.Add(contract.OrderBy, ordered)
	}
	if p.UpdatedAt && ordered.For > 0 {
		r.observeDates(ctx, newest)
	}
	return ctx.Err()
}

// changedRows is how many orders are enough to see whether they come in an order.
const changedRows = 20

// newestChanged asks for the orders that changed last. Rows that stand by id as well prove nothing.
func (r *run) newestChanged(ctx context.Context) ([]qtickets.Order, contract.Counts) {
	page, err := r.api.Orders(qtickets.Once(ctx), qtickets.Query{
		OrderBy: []qtickets.Sort{qtickets.Desc("updated_at")}, PerPage: changedRows,
	})
	byID := func(a, b qtickets.Order) int { return cmp.Compare(a.ID, b.ID) }
	known := func(o qtickets.Order) bool { return o.UpdatedAt.Valid }
	switch {
	case notHonoured(err):
		return nil, contract.Counts{Against: 1}
	case err != nil, slices.IsSortedFunc(page.Rows, byID), !slices.ContainsFunc(page.Rows, known):
		return nil, contract.Counts{}
	}
	descending := slices.Clone(page.Rows)
	if slices.Reverse(descending); slices.IsSortedFunc(descending, byID) {
		return nil, contract.Counts{}
	}
	return page.Rows, contract.Counts{For: 1}
}

// observeDates asks for the orders changed since one of the newest: there must be as many as there are. Another order
// changed within the hours by which a zone could be mistaken, so a shifted moment would show.
func (r *run) observeDates(ctx context.Context, newest []qtickets.Order) {
	const shift = 3 * time.Hour
	for i := range len(newest) - 1 {
		at, before := newest[i].UpdatedAt, newest[i+1].UpdatedAt
		if !at.Valid || !before.Valid || !before.Value.Before(at.Value) || at.Value.Sub(before.Value) > shift {
			continue
		}
		since := qtickets.Condition{Column: "updated_at", Operator: ">=", Value: at.Value}
		total, err := count(qtickets.Once(ctx), r.api, qtickets.DateOffset, since)
		switch {
		case err == nil && total == int64(i+1):
			r.observed.Saw(contract.Dates, true)
		case err != nil && !notHonoured(err):
		default:
			again, _ := r.newestChanged(ctx) // an order may have changed meanwhile
			same := func(a, b qtickets.Order) bool { return a.ID == b.ID && a.UpdatedAt == b.UpdatedAt }
			if slices.EqualFunc(newest, again, same) {
				r.observed.Saw(contract.Dates, false)
			}
		}
		return
	}
}

// observePage looks whether a page of a list by ascending id goes on where the page before it ended.
func (s *sink) observePage(page qtickets.Page[qtickets.Order]) {
	number, rows := page.Paging.CurrentPage, page.Rows
	if number == 0 { // read by its id
		return
	}
	for i := range rows {
		s.run.observed.Saw(contract.RowsWhole, rows[i].HasBaskets)
	}
	if s.lastID > 0 && number == s.page+1 && len(rows) > 0 {
		s.run.observed.Saw(contract.PagesJoin, rows[0].ID > s.lastID)
	}
	s.page, s.lastID = number, 0
	if len(rows) > 1 && rows[0].ID < rows[1].ID {
		s.lastID = rows[len(rows)-1].ID
	}
}

// observeTogether looks at orders that count otherwise because of others.
func (r *run) observeTogether(differ []warehouse.Observed[sales.Order]) {
	for i := range differ {
		found := differ[i].Row.Anomalies
		if slices.Contains(found, sales.AnomalyReplacedAlive) {
			r.observed.Saw(contract.ReplacedTold, false)
		}
		if slices.Contains(found, sales.AnomalyTicketTwice) {
			r.observed.Saw(contract.TicketOnce, false)
		}
	}
}

// observeEnd adds what is known at the end of a run that ended with err.
func (r *run) observeEnd(before qtickets.Stats, err error) {
	stats, o, report := r.api.Stats(), &r.observed, r.report
	status := func(status int) uint64 { return uint64(stats.ByStatus[status] - before.ByStatus[status]) }
	since := func(now, then int64) uint64 { return uint64(max(now-then, 0)) }
	o.Add(contract.Fresh,
		contract.Counts{For: since(stats.Fresh, before.Fresh), Against: since(stats.Cached, before.Cached)})
	o.Add(contract.NoLimit, contract.Counts{For: status(http.StatusOK), Against: status(http.StatusTooManyRequests)})
	o.Add(contract.Outage,
		contract.Counts{For: since(stats.Outages, before.Outages), Against: since(stats.Refused, before.Refused)})
	o.Add(contract.Forbidden,
		contract.Counts{For: status(http.StatusForbidden), Against: status(http.StatusUnauthorized)})
	var vanished uint64
	for _, s := range report.Scans {
		vanished += uint64(s.Vanished)
	}
	gone := uint64(report.ShowsVanished)
	o.Add(contract.StayListed, contract.Counts{Against: vanished})
	o.Add(contract.EventsStay, contract.Counts{Against: gone})
	if errors.Is(err, qtickets.ErrIncomplete) {
		o.Saw(contract.PagesJoin, false)
	}
	if report.OrdersComplete && r.before.Checkpoint != nil {
		if vanished == 0 {
			o.Saw(contract.StayListed, true)
		}
		if gone == 0 {
			o.Saw(contract.EventsStay, true)
		}
	}
	if report.Batch > 0 && o.Counts(contract.TicketOnce).Against == 0 {
		o.Saw(contract.TicketOnce, true)
	}
	if o.Counts(contract.Fresh).Against > 0 {
		o.Forget()
	}
}

// saveAssumptions writes how the assumptions about the API stand after a load, also after one that QTickets made fail.
// Without it a load is as good.
func (r *run) saveAssumptions(ctx context.Context, before qtickets.Stats, err error) {
	failed := err != nil && qtickets.Class(err) == "other" && !errors.Is(err, ErrAccount)
	if r.dry || r.report.Mode == ModeWebhook || failed || ctx.Err() != nil {
		return
	}
	r.observeEnd(before, err)
	if err := r.standAssumptions(ctx); err != nil {
		r.Logger.Warn("Assumptions about the API are not saved", "error", err)
	}
}

func (r *run) standAssumptions(ctx context.Context) error {
	stored, err := r.store.Assumptions(ctx)
	if err != nil {
		return err
	}
	once, again, err := r.store.WebhooksCounted(ctx)
	if err != nil {
		return err
	}
	r.observed.Add(contract.WebhooksOnce, contract.Counts{For: once, Against: again})
	now := time.Now()
	var rows []warehouse.Assumption
	for _, s := range contract.Standings(stored) {
		next := s.Stand(r.observed.Counts(s.ID), now, r.id)
		if next != s {
			rows = append(rows, next.Row())
		}
		if next.State == contract.Refuted && s.State != contract.Refuted {
			r.Logger.Warn("An assumption about the API does not hold", "assumption", contract.Of(s.ID).Code)
		}
	}
	return r.store.SaveAssumptions(ctx, rows, now)
}
