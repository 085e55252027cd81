-- Figures by Moscow day.
SELECT
    toDate(at) AS day, currency_id,
    sum(m.tickets), sum(m.tickets_free), sum(m.orders), sum(m.refunded_tickets), sum(m.gross_revenue), sum(m.refunded_revenue)
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY day, currency_id
