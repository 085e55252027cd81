-- What each Moscow day brought in each currency, refunds subtracted. The daily facts have it for a fraction of what the
-- movements cost.
SELECT day, toString(currency_id) AS currency, sum(tickets) AS sold, sum(money) AS brought
FROM
(
    SELECT event_id, sales_date AS day, currency_id, gross_tickets AS tickets, gross_revenue AS money
    FROM batch_sales_daily
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    UNION ALL
    SELECT event_id, refund_date AS day, currency_id, -refunded_tickets AS tickets, -refunded_revenue AS money
    FROM batch_refunds_daily
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
)
WHERE day >= {from:Date}
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({city:String} = '' OR event_id IN
        (SELECT event_id FROM batch_sales_dashboard WHERE batch = {batch:UInt64} AND city = {city:String}))
GROUP BY day, currency
