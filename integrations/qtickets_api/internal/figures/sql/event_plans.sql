-- The plans of an event as a whole, for all of its sales (month 0) and for months, beside what was sold, refunds subtracted.
-- The daily facts have it for a fraction of what the movements cost.
SELECT
    p.month, toString(p.currency_id), p.tickets, p.revenue, p.imported_at, p.changed_by, m.sold, m.brought
FROM
(
    SELECT month, currency_id, tickets, revenue, imported_at, changed_by
    FROM dim_plan_targets
    WHERE event_id = {event:UInt64} AND show_id = 0
) AS p
LEFT JOIN
(
    SELECT
        arrayJoin([0, toYYYYMM(day)]) AS month, currency_id, sum(tickets) AS sold, sum(money) AS brought
    FROM
    (
        SELECT sales_date AS day, currency_id, gross_tickets AS tickets, gross_revenue AS money
        FROM batch_sales_daily
        WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND event_id = {event:UInt64}
        UNION ALL
        SELECT refund_date AS day, currency_id, -refunded_tickets AS tickets, -refunded_revenue AS money
        FROM batch_refunds_daily
        WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND event_id = {event:UInt64}
    )
    GROUP BY month, currency_id
) AS m ON m.month = p.month AND m.currency_id = p.currency_id
ORDER BY p.month, p.currency_id
