-- The plans of a month in each currency beside what the month has brought of what is planned, refunds subtracted. Where an
-- event has a plan, those of its shows are parts of it.
SELECT
    toString(p.currency_id) AS currency, uniqExact(p.event_id) AS events,
    ifNull(sum(p.tickets), 0) AS planned_tickets, sumIf(m.tickets, isNotNull(p.tickets)) AS tickets_so_far,
    ifNull(sum(p.revenue), 0) AS planned_revenue, sumIf(m.money, isNotNull(p.revenue)) AS revenue_so_far
FROM
(
    SELECT event_id, show_id, currency_id, tickets, revenue
    FROM dim_plan_targets
    WHERE month = {month:UInt32}
        AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
        AND ({city:String} = '' OR event_id IN
            (SELECT event_id FROM batch_sales_dashboard WHERE batch = {batch:UInt64} AND city = {city:String}))
        AND (show_id = 0 OR (event_id, currency_id) NOT IN
            (SELECT event_id, currency_id FROM dim_plan_targets WHERE month = {month:UInt32} AND show_id = 0))
) AS p
LEFT JOIN
(
    SELECT
        event_id, currency_id, arrayJoin([show_id, 0]) AS show_id, sum(v.tickets - v.refunded_tickets) AS tickets,
        sum(v.gross_revenue - v.refunded_revenue) AS money
    FROM batch_movements AS v
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
        AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
        AND event_id IN (SELECT event_id FROM dim_plan_targets WHERE month = {month:UInt32})
    GROUP BY event_id, currency_id, show_id
) AS m ON m.event_id = p.event_id AND m.currency_id = p.currency_id AND m.show_id = p.show_id
GROUP BY currency
HAVING planned_tickets > 0 OR planned_revenue > 0
