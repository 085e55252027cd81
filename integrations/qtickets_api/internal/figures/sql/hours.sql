-- The day of the data and the 8 weeks before it by day, and those of the same weekday by hour; the hour of the data is cut at
-- its minute, so that days can be compared to the same minute.
SELECT
    toDate(at) AS day,
    if(toDayOfWeek(at) = {weekday:UInt8}, toHour(at), 0) AS hour,
    toUInt8(toDayOfWeek(at) = {weekday:UInt8} AND toHour(at) * 60 + toMinute(at) > {minute:UInt16}) AS later,
    currency_id,
    sum(m.tickets), sum(m.tickets_free), sum(m.orders), sum(m.refunded_tickets), sum(m.gross_revenue), sum(m.refunded_revenue)
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY day, hour, later, currency_id
