-- One row per show and currency: what was sold, what is left. Reads the facts of the same batch, those it
-- takes over included, so it cannot disagree with them. "today" is the Moscow day of as_of, not of the reader.
INSERT INTO store_sales_dashboard
    (batch, event_id, show_id, currency_id, event_name, city, show_name, show_date, show_time, start_at, finish_at,
     tickets_sold_today, revenue_today, tickets_sold_14d, revenue_14d, tickets_sold, tickets_free, refunded_tickets,
     gross_revenue, refunded_revenue, revenue, capacity, closed, tickets_left, fill, inventory_ts, as_of, place_name, timezone, cancelled,
     sale_start_at, sold_revenue, possible_revenue)
WITH
    toDate({as_of:DateTime64(3, 'Europe/Moscow')}) AS today,
    sales AS
    (
        SELECT
            event_id,
            show_id,
            currency_id,
            sumIf(s.tickets_sold, s.sales_date = today)     AS tickets_sold_today,
            sumIf(s.revenue, s.sales_date = today)          AS revenue_today,
            sumIf(s.tickets_sold, s.sales_date > today - 14) AS tickets_sold_14d,
            sumIf(s.revenue, s.sales_date > today - 14)      AS revenue_14d,
            sum(s.tickets_sold)                              AS tickets_sold,
            sum(s.tickets_free)                              AS tickets_free,
            sum(s.refunded_tickets)                          AS refunded_tickets,
            sum(s.gross_revenue)                             AS gross_revenue,
            sum(s.refunded_revenue)                          AS refunded_revenue,
            sum(s.revenue)                                   AS revenue
        FROM store_sales_daily AS s
        WHERE (batch, slice) IN (SELECT built, slice FROM store_parts WHERE batch = {batch:UInt64} AND part = 'orders')
        GROUP BY event_id, show_id, currency_id
    ),
    refunds AS
    (
        SELECT event_id, show_id, currency_id, sum(r.gross_revenue) AS gross_revenue
        FROM store_refunds_daily AS r
        WHERE (batch, slice) IN (SELECT built, slice FROM store_parts WHERE batch = {batch:UInt64} AND part = 'orders')
        GROUP BY event_id, show_id, currency_id
    ),
    events AS (SELECT event_id, name, city, place_name, timezone, currency_id, deleted_at FROM state_events FINAL),
    shows AS (SELECT show_id, event_id, name, show_date, show_time, start_at, finish_at, sale_start_at, deleted_at FROM state_shows FINAL),
    zones AS
    (
        SELECT show_id, if(countIf(isNull(z.possible_revenue)) = 0, sum(z.possible_revenue), NULL) AS possible_revenue
        FROM store_zones_latest AS z
        WHERE batch = {batch:UInt64}
        GROUP BY show_id
    ),
    lines AS
    (
        SELECT event_id, show_id, currency_id FROM sales
        UNION ALL
        SELECT shows.event_id, shows.show_id, events.currency_id
        FROM shows
        INNER JOIN events ON events.event_id = shows.event_id
        WHERE shows.deleted_at IS NULL AND events.deleted_at IS NULL AND shows.show_id NOT IN (SELECT show_id FROM sales)
    ),
    sold_by_show AS (SELECT show_id, sum(tickets_sold) AS tickets FROM sales GROUP BY show_id)
SELECT
    {batch:UInt64}, lines.event_id, lines.show_id, lines.currency_id, events.name, events.city,
    shows.name, shows.show_date, shows.show_time, shows.start_at, shows.finish_at,
    sales.tickets_sold_today, sales.revenue_today, sales.tickets_sold_14d, sales.revenue_14d,
    sales.tickets_sold, sales.tickets_free, sales.refunded_tickets,
    sales.gross_revenue, sales.refunded_revenue, sales.revenue,
    seats.capacity, seats.closed, seats.free,
    if(seats.capacity - seats.closed > 0, sold_by_show.tickets / (seats.capacity - seats.closed), NULL),
    seats.snapshot_ts,
    {as_of:DateTime64(3, 'Europe/Moscow')},
    events.place_name, events.timezone, isNotNull(shows.deleted_at) OR isNotNull(events.deleted_at), shows.sale_start_at,
    sales.gross_revenue - refunds.gross_revenue,
    if(lines.currency_id = events.currency_id, zones.possible_revenue, NULL)
FROM lines
LEFT JOIN sales ON sales.event_id = lines.event_id AND sales.show_id = lines.show_id AND sales.currency_id = lines.currency_id
LEFT JOIN refunds ON refunds.event_id = lines.event_id AND refunds.show_id = lines.show_id AND refunds.currency_id = lines.currency_id
LEFT JOIN zones ON zones.show_id = lines.show_id
LEFT JOIN sold_by_show ON sold_by_show.show_id = lines.show_id
LEFT JOIN shows ON shows.show_id = lines.show_id
LEFT JOIN events ON events.event_id = lines.event_id
LEFT JOIN
(
    SELECT show_id, capacity, closed, free, toNullable(snapshot_ts) AS snapshot_ts
    FROM store_inventory_latest
    WHERE batch = {batch:UInt64}
) AS seats ON seats.show_id = lines.show_id
