-- The plans of an event as a whole, for all of its sales (month 0) and for months, beside what was sold, refunds subtracted.
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
        arrayJoin([0, toYYYYMM(at)]) AS month, currency_id, sum(v.tickets - v.refunded_tickets) AS sold,
        sum(v.gross_revenue - v.refunded_revenue) AS brought
    FROM batch_movements AS v
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND event_id = {event:UInt64}
    GROUP BY month, currency_id
) AS m ON m.month = p.month AND m.currency_id = p.currency_id
ORDER BY p.month, p.currency_id
