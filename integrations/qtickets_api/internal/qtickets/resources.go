package qtickets

import (
	"context"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Orders reads a page of orders, deleted ones included unless filtered out. With an *IgnoredError
// the page is returned too, so that a probe can look at it; the same holds for the other lists.
func (c *Client) Orders(ctx context.Context, q Query) (Page[Order], error) {
	return list[Order](ctx, c, "orders", q, false)
}

// Events reads a page of events with their shows. An event is big, 128 KB on average, so small
// pages or Select are advisable (API notes, section 4).
func (c *Client) Events(ctx context.Context, q Query) (Page[Event], error) {
	return list[Event](ctx, c, "events", q, false)
}

// Discounts reads a page of discounts (API notes, section 12).
func (c *Client) Discounts(ctx context.Context, q Query) (Page[Discount], error) {
	return list[Discount](ctx, c, "discounts", q, false)
}

// PromoCodes reads a page of promo codes; their default order is not by id (API notes, section 4).
func (c *Client) PromoCodes(ctx context.Context, q Query) (Page[PromoCode], error) {
	return list[PromoCode](ctx, c, "promo-codes", q, false)
}

// ColorThemes reads the colours; the response may come without paging and is then complete.
func (c *Client) ColorThemes(ctx context.Context, q Query) (Page[ColorTheme], error) {
	return list[ColorTheme](ctx, c, "color-themes", q, true)
}

func list[T any, P listRow[T]](ctx context.Context, c *Client, path string, q Query, unpaged bool) (Page[T], error) {
	if len(q.Select) > 0 && !q.selects("id") {
		q.Select = append([]string{"id"}, q.Select...) // a row without its id is of no use
	}
	var page Page[T]
	sent, err := c.get(ctx, path, q, func(dec *jsontext.Decoder) (rows int, err error) {
		page, err = decodePage[T, P](dec, path, unpaged)
		return len(page.Rows) + len(page.Invalid), err
	})
	if err != nil {
		return Page[T]{}, err
	}
	page.ObservedAt = sent
	if news := c.stats.news(path, page.unread); len(news) > 0 {
		c.log.WarnContext(ctx, "Fields that cannot be read are taken for unknown", "list", path, "fields", news)
	}
	if err := checkPage[T, P](path, q, page); err != nil {
		return page, err
	}
	return page, nil
}

// Order reads one order by id. It matches ErrNotFound when there is none, and a *InvalidRowError when
// it is invalid. observedAt is when the request was sent, in UTC.
func (c *Client) Order(ctx context.Context, id int64) (o Order, observedAt time.Time, err error) {
	path := "orders/" + strconv.FormatInt(id, 10)
	var invalid *InvalidRow
	sent, err := c.get(ctx, path, Query{}, func(dec *jsontext.Decoder) (int, error) {
		var err error
		o, invalid, err = decodeDetail(dec)
		return 1, err
	})
	switch {
	case err != nil:
		return Order{}, time.Time{}, err
	case invalid != nil:
		return Order{}, sent, &InvalidRowError{*invalid}
	case o.ID != id:
		return Order{}, sent, &IgnoredError{Path: path, What: "where", Column: "id", RowID: o.ID}
	}
	return o, sent, nil
}

// Seats reads the inventory of a show with its quantities. A show without seats gives an empty response.
func (c *Client) Seats(ctx context.Context, showID int64) (SeatsResponse, error) {
	path := "shows/" + strconv.FormatInt(showID, 10) + "/seats"
	var response SeatsResponse
	sent, err := c.get(ctx, path, Query{Select: seatColumns}, func(dec *jsontext.Decoder) (rows int, err error) {
		response, err = decodeSeats(dec, showID)
		return len(response.Seats) + len(response.Invalid), err
	})
	if err != nil {
		return SeatsResponse{}, err
	}
	response.ObservedAt = sent
	if response.lacksQuantities() {
		return response, &IgnoredError{Path: path, What: "select"}
	}
	return response, nil
}
