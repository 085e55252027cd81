package pipeline

import (
	"context"
	"errors"
	"fmt"

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

// venue is a show with its event.
type venue struct {
	event sales.Event
	show  sales.Show
}

// events reads all events with their shows: a few hundred rows, so always all of them.
func (r *run) events(ctx context.Context) ([]venue, error) {
	var venues []venue
	met := map[int64]bool{}
	q := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}, PerPage: pageSize, Select: eventColumns}
	_, err := qtickets.Walk(ctx, r.api.Events, q, r.InFlight, func(p qtickets.Page[qtickets.Event]) error {
		feed := collector[sales.Event]{run: r, name: "events", at: p.ObservedAt}
		feed.bad(p.Invalid)
		var shows []warehouse.Observed[sales.Show]
		for _, source := range p.Rows {
			if met[source.ID] { // a page that was read again
				continue
			}
			met[source.ID] = true
			event, dates, err := sales.FromEvent(source)
			feed.row(uint64(max(source.ID, 0)), event, err)
			for _, show := range dates {
				venues = append(venues, venue{event, show})
				shows = append(shows, warehouse.Observed[sales.Show]{Row: show, At: p.ObservedAt})
			}
		}
		r.report.Events += len(feed.rows)
		r.report.Shows += len(shows)
		r.progress("events", int64(r.report.Events), p.Paging.Total)
		return firstError(
			func() error { return feed.settle(ctx) },
			func() error { return write(ctx, r, "events", r.store.InsertEvents, feed.rows) },
			func() error { return write(ctx, r, "shows", r.store.InsertShows, shows) },
		)
	})
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	if err := r.readWhole(ctx, "events"); err != nil {
		return nil, err
	}
	r.Logger.Info("Fetched events", "events", r.report.Events, "shows", r.report.Shows)
	return venues, nil
}

// reference reads discounts, promo codes and colours. They only name things, so one that fails leaves
// the run partial.
func (r *run) reference(ctx context.Context) error {
	byID := qtickets.Query{OrderBy: []qtickets.Sort{qtickets.Asc("id")}}
	whole := qtickets.Query{} // colours come on one page, in no order of ids (API notes, section 6)
	return firstError(
		func() error {
			return list(ctx, r, "discounts", r.api.Discounts, byID, sales.FromDiscount, func(d qtickets.Discount) int64 { return d.ID }, r.store.InsertDiscounts)
		},
		func() error {
			return list(ctx, r, "promo-codes", r.api.PromoCodes, byID, sales.FromPromoCode, func(p qtickets.PromoCode) int64 { return p.ID }, r.store.InsertPromoCodes)
		},
		func() error {
			return list(ctx, r, "color-themes", r.api.ColorThemes, whole, sales.FromColorTheme, func(c qtickets.ColorTheme) int64 { return c.ID }, r.store.InsertColorThemes)
		},
	)
}

// list reads one small list whole and writes its rows.
func list[S, T any](
	ctx context.Context, r *run, name string,
	read func(context.Context, qtickets.Query) (qtickets.Page[S], error), query qtickets.Query,
	from func(S) (T, error), id func(S) int64,
	insert func(context.Context, []warehouse.Observed[T], string) (int, error),
) error {
	take := func(p qtickets.Page[S]) error {
		feed := collector[T]{run: r, name: name, at: p.ObservedAt}
		feed.bad(p.Invalid)
		for _, source := range p.Rows {
			row, err := from(source)
			feed.row(uint64(max(id(source), 0)), row, err)
		}
		return firstError(
			func() error { return feed.settle(ctx) },
			func() error { return write(ctx, r, name, insert, feed.rows) },
		)
	}
	_, err := qtickets.Walk(ctx, read, query, r.InFlight, take)
	if errors.Is(err, qtickets.ErrIgnored) { // in the server's own order then; the walk still counts the rows
		_, err = qtickets.Walk(ctx, read, qtickets.Query{}, r.InFlight, take)
	}
	if err == nil {
		return r.readWhole(ctx, name)
	}
	if qtickets.Class(err) != "other" && ctx.Err() == nil {
		r.report.problem("%s: %v", name, err)
		r.Logger.Warn("List not read", "feed", name, "error", err)
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

func write[T any](
	ctx context.Context, r *run, feed string,
	insert func(context.Context, []warehouse.Observed[T], string) (int, error), rows []warehouse.Observed[T],
) error {
	inserted, err := insert(ctx, rows, r.id)
	r.wrote(feed, len(rows), inserted)
	return err
}

// firstError runs the steps until one fails.
func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
