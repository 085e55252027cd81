-- The audit between building a batch and publishing it: one row per check, what was found and what must
-- be. The expectations come from the orders themselves, by another path than the marts were built on.
WITH
    -- as text and as one total over currencies: these sums compare, nobody reads them as money
    paid AS
    (
        SELECT
            arrayFilter((state, n) -> n = 1 AND state IN ('sold', 'refunded'), tickets.state, tickets.counted)                         AS states,
            arrayFilter((amount, state, n) -> n = 1 AND state IN ('sold', 'refunded'), tickets.gross_revenue, tickets.state, tickets.counted)   AS gross,
            arrayFilter((amount, state, n) -> n = 1 AND state IN ('sold', 'refunded'), tickets.refunded_amount, tickets.state, tickets.counted) AS refunded,
            arrayFilter((amount, state, n) -> n = 1 AND state IN ('sold', 'refunded'), tickets.revenue, tickets.state, tickets.counted)         AS revenue,
            arrayFilter((amount, state, n) -> n = 1 AND state IN ('sold', 'refunded'), tickets.quantity, tickets.state, tickets.counted)        AS quantity
        FROM state_orders FINAL
        WHERE sale_ts IS NOT NULL
    ),
    state AS
    (
        SELECT
            sum(arraySum(quantity))                                                              AS gross_tickets,
            sum(arraySum(arrayMap((n, state) -> if(state = 'sold', n, 0), quantity, states)))    AS tickets_sold,
            sum(arraySum(arrayMap((n, state) -> if(state = 'refunded', n, 0), quantity, states))) AS refunded_tickets,
            sum(arraySum(gross))                                                                 AS gross_revenue,
            sum(arraySum(refunded))                                                              AS refunded_revenue,
            sum(arraySum(revenue))                                                               AS revenue
        FROM paid
    ),
    facts AS
    (
        SELECT
            sum(s.gross_tickets) AS gross_tickets, sum(s.tickets_sold) AS tickets_sold, sum(s.refunded_tickets) AS refunded_tickets,
            sum(s.gross_revenue) AS gross_revenue, sum(s.refunded_revenue) AS refunded_revenue, sum(s.revenue) AS revenue,
            countIf(s.tickets_sold < 0 OR s.tickets_free < 0 OR s.gross_revenue < 0 OR s.refunded_revenue < 0 OR s.revenue < 0) AS negative,
            countIf(s.gross_revenue != s.refunded_revenue + s.revenue OR s.gross_tickets != s.refunded_tickets + s.tickets_sold) AS torn
        FROM store_sales_daily AS s
        WHERE batch = {batch:UInt64}
    ),
    utm AS
    (
        SELECT sum(u.gross_tickets) AS gross_tickets, sum(u.tickets_sold) AS tickets_sold, sum(u.refunded_tickets) AS refunded_tickets,
            sum(u.gross_revenue) AS gross_revenue, sum(u.refunded_revenue) AS refunded_revenue, sum(u.revenue) AS revenue
        FROM store_sales_utm_daily AS u
        WHERE batch = {batch:UInt64}
    ),
    refunds AS
    (
        SELECT sum(r.refunded_tickets) AS refunded_tickets, sum(r.refunded_revenue) AS refunded_revenue
        FROM store_refunds_daily AS r
        WHERE batch = {batch:UInt64}
    ),
    dashboard AS
    (
        SELECT sum(d.tickets_sold) AS tickets_sold, sum(d.revenue) AS revenue
        FROM store_sales_dashboard AS d
        WHERE batch = {batch:UInt64}
    ),
    seats AS (SELECT count() AS shows FROM store_inventory_latest WHERE batch = {batch:UInt64}),
    seats_state AS (SELECT uniqExact(show_id) AS shows FROM state_inventory)
SELECT 'sales_daily ties to orders' AS check,
    concat(toString(f.gross_tickets), ' / ', toString(f.tickets_sold), ' / ', toString(f.gross_revenue), ' / ', toString(f.revenue)) AS found,
    concat(toString(s.gross_tickets), ' / ', toString(s.tickets_sold), ' / ', toString(s.gross_revenue), ' / ', toString(s.revenue)) AS expected
FROM facts AS f CROSS JOIN state AS s
UNION ALL
SELECT 'sales_utm_daily ties to orders',
    concat(toString(u.gross_tickets), ' / ', toString(u.tickets_sold), ' / ', toString(u.gross_revenue), ' / ', toString(u.revenue)),
    concat(toString(s.gross_tickets), ' / ', toString(s.tickets_sold), ' / ', toString(s.gross_revenue), ' / ', toString(s.revenue))
FROM utm AS u CROSS JOIN state AS s
UNION ALL
SELECT 'refunds_daily ties to orders',
    concat(toString(r.refunded_tickets), ' / ', toString(r.refunded_revenue)),
    concat(toString(s.refunded_tickets), ' / ', toString(s.refunded_revenue))
FROM refunds AS r CROSS JOIN state AS s
UNION ALL
SELECT 'sales_dashboard ties to sales_daily',
    concat(toString(d.tickets_sold), ' / ', toString(d.revenue)),
    concat(toString(f.tickets_sold), ' / ', toString(f.revenue))
FROM dashboard AS d CROSS JOIN facts AS f
UNION ALL
SELECT 'no negative amounts', toString(negative), '0' FROM facts
UNION ALL
SELECT 'gross = refunded + kept in every row', toString(torn), '0' FROM facts
UNION ALL
SELECT 'inventory_latest has every show', toString(a.shows), toString(b.shows) FROM seats AS a CROSS JOIN seats_state AS b
