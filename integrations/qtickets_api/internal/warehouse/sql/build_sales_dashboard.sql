-- One row per show and currency: what was sold, what is left. Reads the facts of the same batch, those it
-- takes over included, so it cannot disagree with them. "today" is the Moscow day of as_of, not of the reader.
INSERT INTO store_sales_dashboard
    (batch, event_id, show_id, currency_id, event_name, city, show_name, show_date, show_time, start_at, finish_at,
     tickets_sold_today, revenue_today, tickets_sold_14d, revenue_14d, tickets_sold, tickets_free, refunded_tickets,
     gross_revenue, refunded_revenue, revenue, capacity, closed, tickets_left, fill, inventory_ts, as_of, place_name, timezone, cancelled,
     sale_start_at, sold_revenue, possible_revenue)
WITH
    toDate({as_of:DateTime64(3, 'Europe/Moscow')}) AS today,
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
    -- shows without a sale have a line too, in the currency of their event
    lines AS
    (
        SELECT *, sum(tickets_sold) OVER (PARTITION BY show_id) AS tickets_of_show, max(sales) OVER (PARTITION BY show_id) AS sales_of_show
        FROM
        (
            SELECT
                event_id,
                show_id,
                currency_id,
                sumIf(s.tickets_sold, s.sales_date = today)      AS tickets_sold_today,
                sumIf(s.revenue, s.sales_date = today)           AS revenue_today,
                sumIf(s.tickets_sold, s.sales_date > today - 14) AS tickets_sold_14d,
                sumIf(s.revenue, s.sales_date > today - 14)      AS revenue_14d,
                sum(s.tickets_sold)                              AS tickets_sold,
                sum(s.tickets_free)                              AS tickets_free,
                sum(s.refunded_tickets)                          AS refunded_tickets,
                sum(s.gross_revenue)                             AS gross_revenue,
                sum(s.refunded_revenue)                          AS refunded_revenue,
                sum(s.revenue)                                   AS revenue,
                max(s.sale)                                      AS sales
            FROM
            (
                SELECT event_id, show_id, currency_id, sales_date, tickets_sold, tickets_free, refunded_tickets, gross_revenue, refunded_revenue, revenue, 1 AS sale
                FROM store_sales_daily
                WHERE (batch, slice) IN (SELECT built, slice FROM store_parts WHERE batch = {batch:UInt64} AND part = 'orders')
                UNION ALL
                SELECT shows.event_id, shows.show_id, events.currency_id, toDate(0), 0, 0, 0, toDecimal64(0, 2), toDecimal64(0, 2), toDecimal64(0, 2), 0
                FROM shows
                INNER JOIN events ON events.event_id = shows.event_id
                WHERE shows.deleted_at IS NULL AND events.deleted_at IS NULL
            ) AS s
            GROUP BY event_id, show_id, currency_id
        )
    )
SELECT
    {batch:UInt64}, lines.event_id, lines.show_id, lines.currency_id, events.name, events.city,
    shows.name, shows.show_date, shows.show_time, shows.start_at, shows.finish_at,
    lines.tickets_sold_today, lines.revenue_today, lines.tickets_sold_14d, lines.revenue_14d,
    lines.tickets_sold, lines.tickets_free, lines.refunded_tickets,
    lines.gross_revenue, lines.refunded_revenue, lines.revenue,
    seats.capacity, seats.closed, seats.free,
    if(seats.capacity - seats.closed > 0, lines.tickets_of_show / (seats.capacity - seats.closed), NULL),
    seats.snapshot_ts,
    {as_of:DateTime64(3, 'Europe/Moscow')},
    events.place_name, events.timezone, isNotNull(shows.deleted_at) OR isNotNull(events.deleted_at), shows.sale_start_at,
    lines.gross_revenue - refunds.gross_revenue,
    if(lines.currency_id = events.currency_id, zones.possible_revenue, NULL)
FROM lines
LEFT JOIN refunds ON refunds.event_id = lines.event_id AND refunds.show_id = lines.show_id AND refunds.currency_id = lines.currency_id
LEFT JOIN zones ON zones.show_id = lines.show_id
LEFT JOIN shows ON shows.show_id = lines.show_id
LEFT JOIN events ON events.event_id = lines.event_id
LEFT JOIN
(
    SELECT show_id, capacity, closed, free, toNullable(snapshot_ts) AS snapshot_ts
    FROM store_inventory_latest
    WHERE batch = {batch:UInt64}
) AS seats ON seats.show_id = lines.show_id
WHERE lines.sales = 1 OR lines.sales_of_show = 0
