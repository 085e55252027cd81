-- The audit between building a batch and publishing it: one row per check, what was found and what must
-- be. The expected values come from the orders themselves, in another way than the marts were built.
-- Sums are compared as text, currency by currency; what breaks a rule is named. Slices that the batch computed anew are
-- compared with their orders. Those it takes over were, when they were computed; now they must be whole, and all
-- slices together must bring the totals that their orders had.
WITH
    -- 1 sales by currency, 2 refunds by currency, 3 orders that break the money rules, 4 what was paid and discounted by
    -- currency, 5 orders with a paid ticket, 6 sold tickets and those that were scanned, by currency
    (
        SELECT
            (
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(gross_tickets), ' / ', toString(tickets_sold), ' / ', toString(gross_revenue), ' / ', toString(revenue), ' ', currency_id), gross_tickets > 0)), ', '),
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(refunded_tickets), ' / ', toString(refunded_revenue), ' / ', toString(kept_revenue), ' ', currency_id), refunded_tickets > 0)), ', '),
                if(sum(broken) = 0, '0', concat(toString(sum(broken)), ' orders: ', arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(arrayFlatten(groupArray(examples))), 1, 10)), ', '))),
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(gross_tickets), ' / ', toString(gross_revenue), ' / ', toString(discount), ' ', currency_id), gross_tickets > 0)), ', '),
                toString(sum(paid)),
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(tickets_sold), ' / ', toString(scanned), ' ', currency_id), tickets_sold > 0)), ', ')
            )
        FROM
        (
            SELECT
                currency_id,
                sum(arraySum(arrayMap((n, c) -> n * c, tickets.quantity, counts)))                            AS gross_tickets,
                sum(arraySum(arrayMap((n, c, s) -> n * c * (s = 'sold'), tickets.quantity, counts, tickets.state)))     AS tickets_sold,
                sum(arraySum(arrayMap((n, c, s) -> n * c * (s = 'refunded'), tickets.quantity, counts, tickets.state))) AS refunded_tickets,
                sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.gross_revenue, counts)))                    AS gross_revenue,
                sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.refunded_amount, counts)))                  AS refunded_revenue,
                sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.revenue, counts)))                          AS revenue,
                sum(arraySum(arrayFilter((m, c, s) -> c = 1 AND s = 'refunded', tickets.revenue, counts, tickets.state))) AS kept_revenue,
                sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.discount, counts)))                         AS discount,
                sum(arraySum(arrayMap((n, c, s, at) -> n * c * (s = 'sold' AND at IS NOT NULL), tickets.quantity, counts, tickets.state, tickets.checked_at))) AS scanned,
                countIf(has(counts, 1))               AS paid,
                countIf(breaks_rules)                 AS broken,
                groupArrayIf(10)(order_id, breaks_rules) AS examples
            FROM
            (
                SELECT
                    order_id, currency_id, tickets.quantity, tickets.state, tickets.gross_revenue, tickets.refunded_amount, tickets.revenue,
                    tickets.discount, tickets.checked_at,
                    ticket_counts AS counts,
                    -- its tickets do not add up, or their states contradict the order's
                    arrayExists((gross, refunded, kept, s, price, at) ->
                            gross != refunded + kept OR gross < 0 OR refunded < 0 OR kept < 0 OR (s = 'sold' AND price != kept)
                            OR (s IN ('held', 'cancelled') AND kept != 0) OR (s = 'refunded' AND at IS NULL),
                        tickets.gross_revenue, tickets.refunded_amount, tickets.revenue, tickets.state, tickets.price, tickets.refunded_at)
                    OR (has(tickets.state, 'sold') AND (sale_ts IS NULL OR deleted_at IS NOT NULL))
                    OR (has(tickets.state, 'held') AND sale_ts IS NOT NULL)
                    OR (has(tickets.state, 'refunded') AND sale_ts IS NULL) AS breaks_rules
                FROM state_orders FINAL
                WHERE {orders}
            )
            GROUP BY currency_id
        )
    ) AS orders,
    -- the least and the greatest ticket of the slices computed anew: orders without one between them are not looked at
    (SELECT (min(id), max(id)) FROM (SELECT arrayJoin(tickets.ticket_id) AS id FROM state_orders WHERE {orders})) AS bounds,
    -- tickets that count in two orders, one of them in a slice computed anew
    (
        SELECT if(count() = 0, '0', concat(toString(count()), ' tickets, in orders ',
            arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(groupUniqArrayArray(held_by)), 1, 10)), ', ')))
        FROM
        (
            SELECT ticket_id, [min(order_id), max(order_id)] AS held_by
            FROM
            (
                SELECT order_id, arrayJoin(arrayFilter((id, c) -> c = 1, tickets.ticket_id, ticket_counts)) AS ticket_id
                FROM state_orders FINAL
                WHERE ({orders}) OR order_id IN
                (
                    SELECT order_id
                    FROM state_orders
                    WHERE NOT ({orders})
                        AND arrayMax(tickets.ticket_id) >= bounds.1 AND arrayMin(tickets.ticket_id) <= bounds.2
                        AND arrayExists(id -> id IN (SELECT arrayJoin(tickets.ticket_id) FROM state_orders WHERE {orders}), tickets.ticket_id)
                )
            )
            GROUP BY ticket_id
            HAVING count() > 1
        )
    ) AS twice,
    -- orders that count although another one, which brings a sale, replaces them
    (
        SELECT if(count() = 0, '0', concat(toString(count()), ' orders: ',
            arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(groupArray(order_id)), 1, 10)), ', ')))
        FROM
        (
            SELECT order_id
            FROM state_orders FINAL
            WHERE order_id IN
                (
                    SELECT arrayJoin(arrayFilter(older -> older < order_id, primary_orders)) -- not in a circle
                    FROM state_orders FINAL
                    WHERE order_id IN (SELECT order_id FROM state_orders WHERE length(primary_orders) > 0)
                        AND (has(tickets.state, 'sold') OR has(tickets.state, 'refunded'))
                )
                AND arrayExists((s, c) -> s = 'sold' AND c = 1, tickets.state, ticket_counts)
        )
    ) AS replaced,
    -- of the slices computed anew: 1 sales by currency, 2-4 rows that must not be
    (
        SELECT
            (
                arrayStringConcat(arraySort(groupArray(concat(toString(gross), ' / ', toString(sold), ' / ', toString(gross_money), ' / ', toString(money), ' ', currency_id))), ', '),
                toString(sum(negative)), toString(sum(torn)), toString(countIf(currency_id = ''))
            )
        FROM
        (
            SELECT
                currency_id, sum(s.gross_tickets) AS gross, sum(s.tickets_sold) AS sold, sum(s.gross_revenue) AS gross_money, sum(s.revenue) AS money,
                countIf(s.tickets_sold < 0 OR s.tickets_free < 0 OR s.gross_revenue < 0 OR s.refunded_revenue < 0 OR s.revenue < 0) AS negative,
                countIf(s.gross_revenue != s.refunded_revenue + s.revenue OR s.gross_tickets != s.refunded_tickets + s.tickets_sold) AS torn
            FROM store_sales_daily AS s
            WHERE batch = {batch:UInt64}
            GROUP BY currency_id
        )
    ) AS daily,
    (
        SELECT arrayStringConcat(arraySort(groupArray(concat(toString(gross), ' / ', toString(sold), ' / ', toString(gross_money), ' / ', toString(money), ' ', currency_id))), ', ')
        FROM
        (
            SELECT currency_id, sum(u.gross_tickets) AS gross, sum(u.tickets_sold) AS sold, sum(u.gross_revenue) AS gross_money, sum(u.revenue) AS money
            FROM store_sales_utm_daily AS u
            WHERE batch = {batch:UInt64}
            GROUP BY currency_id
        )
    ) AS utm,
    -- of all slices: 1 sales by currency, 2 what of them the dashboard shows
    (
        SELECT
            (
                arrayStringConcat(arraySort(groupArray(concat(toString(gross), ' / ', toString(sold), ' / ', toString(gross_money), ' / ', toString(money), ' ', currency_id))), ', '),
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(sold), ' / ', toString(money), ' ', currency_id), sold > 0 OR money > 0)), ', ')
            )
        FROM
        (
            SELECT currency_id, sum(s.gross_tickets) AS gross, sum(s.tickets_sold) AS sold, sum(s.gross_revenue) AS gross_money, sum(s.revenue) AS money
            FROM store_sales_daily AS s
            WHERE (batch, slice) IN (SELECT built, slice FROM store_parts WHERE batch = {batch:UInt64} AND part = 'orders')
            GROUP BY currency_id
        )
    ) AS live,
    -- what the orders of all slices brought when these were computed
    (
        SELECT arrayStringConcat(arraySort(groupArray(concat(toString(gross), ' / ', toString(sold), ' / ', toString(gross_money), ' / ', toString(money), ' ', currency))), ', ')
        FROM
        (
            SELECT total.1 AS currency, sum(total.2) AS gross, sum(total.3) AS sold, sum(total.4) AS gross_money, sum(total.5) AS money
            FROM store_parts
            ARRAY JOIN totals AS total
            WHERE batch = {batch:UInt64}
            GROUP BY currency
        )
    ) AS totals,
    -- batches of which slices are taken over, and that have not all their rows any more
    (
        SELECT if(count() = 0, '0', concat(toString(count()), ' batches: ', arrayStringConcat(arrayMap(b -> toString(b), arraySort(groupArray(batch))), ', ')))
        FROM (SELECT batch, max(p.rows) AS named FROM publish AS p GROUP BY batch) AS published
        LEFT JOIN batch_rows AS found ON found.batch = published.batch
        WHERE published.named != found.rows
            AND published.batch IN (SELECT built FROM store_parts WHERE batch = {batch:UInt64} AND built != {batch:UInt64})
    ) AS torn,
    (
        SELECT arrayStringConcat(arraySort(groupArray(concat(toString(refunded), ' / ', toString(money), ' / ', toString(kept), ' ', currency_id))), ', ')
        FROM
        (
            SELECT currency_id, sum(r.refunded_tickets) AS refunded, sum(r.refunded_revenue) AS money, sum(r.kept_revenue) AS kept
            FROM store_refunds_daily AS r
            WHERE batch = {batch:UInt64}
            GROUP BY currency_id
        )
    ) AS refunds,
    -- 1 sales with discounts and 2 refunds by currency, by the minute they happened in, 3 their orders
    (
        SELECT
            (
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(gross), ' / ', toString(gross_money), ' / ', toString(off), ' ', currency_id), gross > 0)), ', '),
                arrayStringConcat(arraySort(groupArrayIf(concat(toString(refunded), ' / ', toString(money), ' / ', toString(kept), ' ', currency_id), refunded > 0)), ', '),
                toString(sum(paid_orders))
            )
        FROM
        (
            SELECT
                currency_id, sum(m.tickets) AS gross, sum(m.gross_revenue) AS gross_money, sum(m.refunded_tickets) AS refunded,
                sum(m.refunded_revenue) AS money, sum(m.refunded_gross) - sum(m.refunded_revenue) AS kept, sum(m.orders) AS paid_orders, sum(m.discount) AS off
            FROM store_movements AS m
            WHERE batch = {batch:UInt64}
            GROUP BY currency_id
        )
    ) AS movements,
    (
        SELECT arrayStringConcat(arraySort(groupArrayIf(concat(toString(sold), ' / ', toString(came), ' ', currency_id), sold > 0)), ', ')
        FROM
        (
            SELECT currency_id, sum(e.tickets) AS sold, sumIf(e.tickets, isNotNull(e.checked_at)) AS came
            FROM store_entries AS e
            WHERE batch = {batch:UInt64}
            GROUP BY currency_id
        )
    ) AS entries,
    -- halls whose zones do not add up to their places
    (
        SELECT toString(countIf(places != capacity))
        FROM
        (
            SELECT show_id, if(countIf(isNull(z.capacity)) = 0, sum(z.capacity), NULL) AS places
            FROM store_zones_latest AS z
            WHERE batch = {batch:UInt64}
            GROUP BY show_id
        ) AS parts
        INNER JOIN (SELECT show_id, capacity FROM store_inventory_latest WHERE batch = {batch:UInt64}) AS hall ON hall.show_id = parts.show_id
    ) AS uneven,
    (
        SELECT arrayStringConcat(arraySort(groupArrayIf(concat(toString(sold), ' / ', toString(money), ' ', currency_id), sold > 0 OR money > 0)), ', ')
        FROM
        (
            SELECT currency_id, sum(d.tickets_sold) AS sold, sum(d.revenue) AS money
            FROM store_sales_dashboard AS d
            WHERE batch = {batch:UInt64}
            GROUP BY currency_id
        )
    ) AS dashboard,
    -- by event: published tickets that are neither sold nor explained by a refund or cancellation now. Orders that
    -- vanished from the source keep their last content on record
    (
        SELECT if(count() = 0, '0', concat(toString(sum(missing)), ' sold tickets are missing without a refund or cancellation, events: ',
            arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(groupArray(event_id)), 1, 10)), ', '),
            ' (if they are really gone, run "qtickets_api rebuild --accept-losses")'))
        FROM
        (
            SELECT event_id, sum(published) - sum(explained) AS missing
            FROM
            (
                SELECT event_id, toInt64(s.gross_tickets) AS published, toInt64(0) AS explained
                FROM store_sales_daily AS s
                WHERE (batch, slice) IN
                (
                    SELECT built, slice
                    FROM batch_parts
                    WHERE batch = {base:UInt64} AND (built, slice) NOT IN (SELECT built, slice FROM store_parts WHERE batch = {batch:UInt64})
                )
                UNION ALL
                SELECT event_id, toInt64(0), toInt64(arraySum(arrayMap((n, s) -> if(sale_ts IS NOT NULL OR deleted_at IS NOT NULL OR s = 'cancelled', n, 0), tickets.quantity, tickets.state)))
                FROM state_orders FINAL
                WHERE {orders}
                UNION ALL
                SELECT argMax(event_id, version), toInt64(0), toInt64(argMax(arraySum(tickets.quantity), version))
                FROM state_orders
                WHERE order_id IN (SELECT order_id FROM state_orders WHERE is_deleted = 1 AND ({orders}))
                GROUP BY order_id
                HAVING argMax(is_deleted, version) = 1
            )
            GROUP BY event_id
            HAVING missing > 0 AND {accept_losses:UInt8} = 0
        )
    ) AS fallen,
    (SELECT count() FROM store_inventory_latest WHERE batch = {batch:UInt64}) AS shows,
    (SELECT uniqExact(show_id) FROM state_inventory) AS stored_shows
SELECT check.1 AS check_name, check.2 AS found, check.3 AS expected
FROM
(
    SELECT arrayJoin([
        ('sales_daily ties to orders', daily.1, orders.1),
        ('sales_utm_daily ties to orders', utm, orders.1),
        ('refunds_daily ties to orders', refunds, orders.2),
        ('movements tie to orders', concat(movements.1, ', orders: ', movements.3), concat(orders.4, ', orders: ', orders.5)),
        ('refunds of movements tie to orders', movements.2, orders.2),
        ('entries tie to orders', entries, orders.6),
        ('zones add up to halls', uneven, '0'),
        ('sales_dashboard ties to sales_daily', dashboard, live.2),
        ('all slices tie to orders', live.1, totals),
        ('slices taken over are whole', torn, '0'),
        ('no negative amounts', daily.2, '0'),
        ('gross = refunded + kept in every row', daily.3, '0'),
        ('every amount has a currency', daily.4, '0'),
        ('orders keep the money rules', orders.3, '0'),
        ('no ticket counts twice', twice, '0'),
        ('no replaced order counts', replaced, '0'),
        ('no unexplained fall', fallen, '0'),
        ('inventory_latest has every show', toString(shows), toString(stored_shows))
    ]) AS check
)
