-- The rows of fact_qtickets_sales_daily in one publication. By batch and not through the view: a publication
-- in the middle of an explanation must not mix two.
SELECT
    event_id, show_id, toString(currency_id), toInt64(orders), tickets_sold, tickets_free, gross_tickets, refunded_tickets,
    gross_revenue, refunded_revenue, revenue, discount
FROM store_sales_daily
WHERE batch = {batch:UInt64} AND sales_date = {day:Date}
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64}) AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
