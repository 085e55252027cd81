-- The audit between building a batch and publishing it: one row per check, what was found and what must
-- be. The expectations come from the orders themselves, by another path than the marts were built on.
-- Sums are compared as text, currency by currency; offenders are named.
WITH
    orders AS
    (
        SELECT
            order_id, event_id, currency_id, sale_ts, deleted_at, tickets.state, tickets.counted, tickets.price, tickets.gross_revenue,
            tickets.refunded_amount, tickets.revenue, tickets.quantity, tickets.refunded_at,
            arrayMap((state, n) -> toUInt8(n = 1 AND state IN ('sold', 'refunded')), tickets.state, tickets.counted) AS counts
        FROM state_orders FINAL
    ),
    state AS
    (
        SELECT
            currency_id,
            sum(arraySum(arrayMap((n, c) -> if(c = 1, n, 0), tickets.quantity, counts)))                                           AS gross_tickets,
            sum(arraySum(arrayMap((n, c, state) -> if(c = 1 AND state = 'sold', n, 0), tickets.quantity, counts, tickets.state)))  AS tickets_sold,
            sum(arraySum(arrayMap((n, c, state) -> if(c = 1 AND state = 'refunded', n, 0), tickets.quantity, counts, tickets.state))) AS refunded_tickets,
            sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.gross_revenue, counts)))                                             AS gross_revenue,
            sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.refunded_amount, counts)))                                           AS refunded_revenue,
            sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.revenue, counts)))                                                   AS revenue
        FROM orders
        WHERE sale_ts IS NOT NULL
        GROUP BY currency_id
        HAVING gross_tickets > 0
    ),
    -- an order breaks the money rules: its tickets do not add up, or their states contradict the order's
    broken AS
    (
        SELECT order_id
        FROM orders
        WHERE arrayExists((gross, refunded, revenue) -> gross != refunded + revenue OR gross < 0 OR refunded < 0 OR revenue < 0, tickets.gross_revenue, tickets.refunded_amount, tickets.revenue)
            OR arrayExists((state, price, revenue) -> (state = 'sold' AND price != revenue) OR (state IN ('held', 'cancelled') AND revenue != 0), tickets.state, tickets.price, tickets.revenue)
            OR (has(tickets.state, 'sold') AND (sale_ts IS NULL OR deleted_at IS NOT NULL))
            OR (has(tickets.state, 'held') AND sale_ts IS NOT NULL)
            OR (has(tickets.state, 'refunded') AND sale_ts IS NULL)
            OR arrayExists((state, at) -> state = 'refunded' AND at IS NULL, tickets.state, tickets.refunded_at)
    ),
    -- tickets that were ever sold or are accounted for by a cancellation, by event; orders that vanished from
    -- the source keep their last content on record
    explained AS
    (
        SELECT event_id, sum(n) AS tickets
        FROM
        (
            SELECT event_id, arraySum(arrayMap((n, state) -> if(sale_ts IS NOT NULL OR deleted_at IS NOT NULL OR state = 'cancelled', n, 0), tickets.quantity, tickets.state)) AS n
            FROM orders
            UNION ALL
            SELECT argMax(event_id, version) AS event_id, argMax(arraySum(tickets.quantity), version) AS n
            FROM state_orders
            WHERE order_id IN (SELECT order_id FROM state_orders WHERE is_deleted = 1)
            GROUP BY order_id
            HAVING argMax(is_deleted, version) = 1
        )
        GROUP BY event_id
    ),
    fallen AS
    (
        SELECT before.event_id AS event_id, before.tickets - ifNull(toInt64(explained.tickets), 0) AS missing
        FROM
        (
            SELECT event_id, sum(s.gross_tickets) AS tickets
            FROM store_sales_daily AS s
            WHERE batch = (SELECT argMax(batch, seq) FROM publish)
            GROUP BY event_id
        ) AS before
        LEFT JOIN explained ON explained.event_id = before.event_id
        WHERE missing > 0 AND {accept_losses:UInt8} = 0
    ),
    facts AS
    (
        SELECT
            currency_id,
            sum(s.gross_tickets) AS gross_tickets, sum(s.tickets_sold) AS tickets_sold, sum(s.refunded_tickets) AS refunded_tickets,
            sum(s.gross_revenue) AS gross_revenue, sum(s.refunded_revenue) AS refunded_revenue, sum(s.revenue) AS revenue
        FROM store_sales_daily AS s
        WHERE batch = {batch:UInt64}
        GROUP BY currency_id
    ),
    utm AS
    (
        SELECT currency_id, sum(u.gross_tickets) AS gross_tickets, sum(u.tickets_sold) AS tickets_sold, sum(u.gross_revenue) AS gross_revenue, sum(u.revenue) AS revenue
        FROM store_sales_utm_daily AS u
        WHERE batch = {batch:UInt64}
        GROUP BY currency_id
    ),
    refunds AS
    (
        SELECT currency_id, sum(r.refunded_tickets) AS refunded_tickets, sum(r.refunded_revenue) AS refunded_revenue, sum(r.kept_revenue) AS kept_revenue
        FROM store_refunds_daily AS r
        WHERE batch = {batch:UInt64}
        GROUP BY currency_id
    ),
    kept AS
    (
        SELECT currency_id, sum(arraySum(arrayFilter((m, c, state) -> c = 1 AND state = 'refunded', tickets.revenue, counts, tickets.state))) AS revenue
        FROM orders
        WHERE sale_ts IS NOT NULL
        GROUP BY currency_id
    ),
    dashboard AS
    (
        SELECT currency_id, sum(d.tickets_sold) AS tickets_sold, sum(d.revenue) AS revenue
        FROM store_sales_dashboard AS d
        WHERE batch = {batch:UInt64}
        GROUP BY currency_id
    )
SELECT 'sales_daily ties to orders' AS check,
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(gross_tickets), ' / ', toString(tickets_sold), ' / ', toString(gross_revenue), ' / ', toString(revenue), ' ', currency_id))), ', ') FROM facts) AS found,
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(gross_tickets), ' / ', toString(tickets_sold), ' / ', toString(gross_revenue), ' / ', toString(revenue), ' ', currency_id))), ', ') FROM state) AS expected
UNION ALL
SELECT 'sales_utm_daily ties to orders',
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(gross_tickets), ' / ', toString(tickets_sold), ' / ', toString(gross_revenue), ' / ', toString(revenue), ' ', currency_id))), ', ') FROM utm),
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(gross_tickets), ' / ', toString(tickets_sold), ' / ', toString(gross_revenue), ' / ', toString(revenue), ' ', currency_id))), ', ') FROM state)
UNION ALL
SELECT 'refunds_daily ties to orders',
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(refunded_tickets), ' / ', toString(refunded_revenue), ' / ', toString(kept_revenue), ' ', currency_id))), ', ') FROM refunds),
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(s.refunded_tickets), ' / ', toString(s.refunded_revenue), ' / ', toString(k.revenue), ' ', s.currency_id))), ', ')
        FROM state AS s INNER JOIN kept AS k ON k.currency_id = s.currency_id WHERE s.refunded_tickets > 0)
UNION ALL
SELECT 'sales_dashboard ties to sales_daily',
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(tickets_sold), ' / ', toString(revenue), ' ', currency_id))), ', ') FROM dashboard WHERE tickets_sold > 0 OR revenue > 0),
    (SELECT arrayStringConcat(arraySort(groupArray(concat(toString(tickets_sold), ' / ', toString(revenue), ' ', currency_id))), ', ') FROM facts WHERE tickets_sold > 0 OR revenue > 0)
UNION ALL
SELECT 'no negative amounts', toString(countIf(s.tickets_sold < 0 OR s.tickets_free < 0 OR s.gross_revenue < 0 OR s.refunded_revenue < 0 OR s.revenue < 0)), '0'
FROM store_sales_daily AS s
WHERE batch = {batch:UInt64}
UNION ALL
SELECT 'gross = refunded + kept in every row', toString(countIf(s.gross_revenue != s.refunded_revenue + s.revenue OR s.gross_tickets != s.refunded_tickets + s.tickets_sold)), '0'
FROM store_sales_daily AS s
WHERE batch = {batch:UInt64}
UNION ALL
SELECT 'every amount has a currency', toString(countIf(currency_id = '')), '0' FROM store_sales_daily WHERE batch = {batch:UInt64}
UNION ALL
SELECT 'orders keep the money rules',
    if(count() = 0, '0', concat(toString(count()), ' orders: ', arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(groupArray(order_id)), 1, 10)), ', '))), '0'
FROM broken
UNION ALL
SELECT 'no unexplained fall',
    if(count() = 0, '0', concat(toString(sum(missing)), ' sold tickets are missing without a refund or cancellation, events: ', arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(groupArray(event_id)), 1, 10)), ', '),
        ' (if they are really gone, run "qtickets_api rebuild --accept-losses")')), '0'
FROM fallen
UNION ALL
SELECT 'inventory_latest has every show', toString((SELECT count() FROM store_inventory_latest WHERE batch = {batch:UInt64})), toString((SELECT uniqExact(show_id) FROM state_inventory))
