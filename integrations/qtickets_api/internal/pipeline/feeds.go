package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// eventColumns keeps scheme_properties, 94 % of the bytes and useless here, off the wire
// (API notes, section 9).
var eventColumns = []string{
	"id", "name", "is_active", "place_name", "age", "currency_id", "city.id", "city.name", "city.timezone",
	"created_at", "updated_at", "deleted_at",
	"shows.id", "shows.name", "shows.is_active", "shows.start_date", "shows.finish_date", "shows.open_date",
	"shows.sale_start_date", "shows.sale_finish_date", "shows.min_price", "shows.max_price",
	"shows.created_at", "shows.updated_at", "shows.deleted_at",
}

// eventShow is a show with its event.
type eventShow struct {
	event sales.Event
	show  sales.Show
}

// eventList is what the list of events says.
type eventList struct {
	asked  time.Time
	ids    map[uint64]bool // of its events
	untold map[uint64]bool // events whose rows say nothing about their shows
	shows  []eventShow
}

// add tells whether an event is met for the first time.
func (l *eventList) add(event uint64, tellsShows bool) bool {
	if l.ids[event] {
		return false
	}
	l.ids[event] = true
	if !tellsShows {
		l.untold[event] = true
	}
	return true
}

// readEvents reads all events with their shows: a few hundred rows, so always all of them.
func (r *run) readEvents(ctx context.Context) ([]eventShow, error) {
	s := r.newSink(warehouse.FeedEvents)
	r.report.feed(warehouse.FeedShows)
	list := eventList{asked: time.Now(), ids: map[uint64]bool{}, untold: map[uint64]bool{}}
	stored, err := r.store.ListedShows(ctx)
	if err != nil {
		return nil, err
	}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize, Select: eventColumns}
	for page, err := range qtickets.Pages(ctx, r.api.Events, q, r.InFlight, 0) {
		if err != nil {
			return nil, fmt.Errorf("events: %w", err)
		}
		page.Rows = slices.DeleteFunc(page.Rows, func(e qtickets.Event) bool { // a page that was read again
			return !list.add(uint64(e.ID), e.HasShows)
		})
		id := func(e *qtickets.Event) int64 { return e.ID }
		for _, invalid := range page.Invalid {
			list.add(uint64(max(invalid.ID, 0)), false)
		}
		if err := r.proveByEvents(stored, list.ids, page.Paging); err != nil {
			return nil, err
		}
		takePage(s, &s.rows.Events, page, id, func(e qtickets.Event) (sales.Event, error) {
			event, dates, err := sales.FromEvent(e)
			for _, show := range dates {
				list.shows = append(list.shows, eventShow{event, show})
				s.rows.Shows = append(s.rows.Shows, warehouse.Observed[sales.Show]{Row: show, At: page.ObservedAt})
			}
			return event, err
		})
		r.report.Events += len(s.rows.Events)
		r.report.Shows += len(s.rows.Shows)
		r.progress("events", int64(r.report.Events), page.Paging.Total)
		if err := s.flush(ctx); err != nil {
			return nil, fmt.Errorf("events: %w", err)
		}
	}
	if err := r.releaseUnnamed(ctx, warehouse.FeedEvents); err != nil {
		return nil, err
	}
	if err := r.vanishedShows(ctx, stored, list); err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	r.Logger.Info("Fetched events", "events", r.report.Events, "shows", r.report.Shows)
	return list.shows, nil
}

// readReference reads discounts, promo codes and colours. They only name things, so one that fails leaves
// the run partial.
func (r *run) readReference(ctx context.Context) error {
	byID := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}}
	err := readList(ctx, r, reference[qtickets.Discount, sales.Discount]{
		feed: warehouse.FeedDiscounts, read: r.api.Discounts, query: byID,
		id: func(d *qtickets.Discount) int64 { return d.ID }, row: sales.FromDiscount,
		into: func(rows *warehouse.Rows) *[]warehouse.Observed[sales.Discount] { return &rows.Discounts },
	})
	if err != nil {
		return err
	}
	err = readList(ctx, r, reference[qtickets.PromoCode, sales.PromoCode]{
		feed: warehouse.FeedPromoCodes, read: r.api.PromoCodes, query: byID,
		id: func(p *qtickets.PromoCode) int64 { return p.ID }, row: sales.FromPromoCode,
		into: func(rows *warehouse.Rows) *[]warehouse.Observed[sales.PromoCode] { return &rows.PromoCodes },
	})
	if err != nil {
		return err
	}
	return readList(ctx, r, reference[qtickets.ColorTheme, sales.ColorTheme]{
		feed: warehouse.FeedColorThemes, read: r.api.ColorThemes, // on one page, in no order of ids (API notes, section 6)
		id: func(c *qtickets.ColorTheme) int64 { return c.ID }, row: sales.FromColorTheme,
		into: func(rows *warehouse.Rows) *[]warehouse.Observed[sales.ColorTheme] { return &rows.ColorThemes },
	})
}

// reference is a small list of the API that only names things.
type reference[S, T any] struct {
	feed  string
	read  func(context.Context, qtickets.Query) (qtickets.Page[S], error)
	query qtickets.Query
	id    func(*S) int64
	row   func(S) (T, error)
	into  func(*warehouse.Rows) *[]warehouse.Observed[T]
}

// readList reads a small list and writes its rows.
func readList[S, T any](ctx context.Context, r *run, list reference[S, T]) error {
	asking := ctx
	if r.tired {
		asking = qtickets.Once(ctx)
	}
	err := readListBy(asking, r, list, list.query)
	if errors.Is(err, qtickets.ErrIgnored) { // in the server's own order then; its rows are still counted
		err = readListBy(asking, r, list, qtickets.Query{})
	}
	r.tired = r.tired || hopeless(err)
	if err == nil {
		return r.releaseUnnamed(ctx, list.feed)
	}
	if qtickets.Class(err) != "other" && ctx.Err() == nil {
		r.report.problem("%s: %v", list.feed, err)
		r.Logger.Warn("List not read", "feed", list.feed, "error", err)
		return nil
	}
	return fmt.Errorf("%s: %w", list.feed, err)
}

func readListBy[S, T any](ctx context.Context, r *run, list reference[S, T], q qtickets.Query) error {
	s := r.newSink(list.feed)
	for page, err := range qtickets.Pages(ctx, list.read, q, r.InFlight, 0) {
		if err != nil {
			return err
		}
		takePage(s, list.into(&s.rows), page, list.id, list.row)
		if err := s.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}
