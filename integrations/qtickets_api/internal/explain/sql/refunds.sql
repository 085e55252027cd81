-- The rows of fact_qtickets_refunds_daily in one publication.
SELECT event_id, show_id, toString(currency_id), refunded_tickets, gross_revenue, refunded_revenue, kept_revenue
FROM store_refunds_daily
WHERE batch = {batch:UInt64} AND refund_date = {day:Date}
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64}) AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
