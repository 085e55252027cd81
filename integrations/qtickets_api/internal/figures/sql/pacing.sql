-- What was sold and not refunded by Moscow day: of one show, or (0) of all of the last two years that were not cancelled.
-- The daily facts have it for a fraction of what the movements cost.
SELECT show_id, day, sum(tickets) AS sold_on_day
FROM
(
    SELECT show_id, sales_date AS day, gross_tickets AS tickets
    FROM batch_sales_daily
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    UNION ALL
    SELECT show_id, refund_date AS day, -refunded_tickets AS tickets
    FROM batch_refunds_daily
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
)
WHERE show_id = {show:UInt64} OR ({show:UInt64} = 0 AND show_id IN
(
    SELECT show_id
    FROM batch_sales_dashboard
    WHERE batch = {batch:UInt64} AND cancelled = 0 AND show_date >= toDate({as_of:DateTime64(3, 'UTC')}) - INTERVAL 2 YEAR
))
GROUP BY show_id, day
ORDER BY show_id, day
