-- The rows of fact_qtickets_refunds_daily in one publication.
SELECT event_id, show_id, toString(currency_id), sum(s.refunded_tickets), sum(s.gross_revenue), sum(s.refunded_revenue), sum(s.kept_revenue)
FROM store_refunds_daily AS s
WHERE (batch, slice) IN (SELECT built, slice FROM batch_parts WHERE batch = {batch:UInt64}) AND refund_date = {day:Date}
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64}) AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY event_id, show_id, currency_id
