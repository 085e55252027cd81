-- The rows of fact_qtickets_sales_daily in one publication. By batch and not through the view: a publication
-- in the middle of an explanation must not mix two.
SELECT
    event_id, show_id, toString(currency_id), toInt64(sum(s.orders)), sum(s.tickets_sold), sum(s.tickets_free), sum(s.gross_tickets),
    sum(s.refunded_tickets), sum(s.gross_revenue), sum(s.refunded_revenue), sum(s.revenue), sum(s.discount)
FROM store_sales_daily AS s
WHERE (batch, slice) IN (SELECT built, slice FROM batch_parts WHERE batch = {batch:UInt64}) AND sales_date = {day:Date}
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64}) AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY event_id, show_id, currency_id
