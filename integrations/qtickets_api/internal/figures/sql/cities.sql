-- Figures of a period and of what it is compared with, by city.
SELECT
    'city' AS by, city AS key, '' AS second_key, '' AS third_key,
    toUInt8(at < toDateTime({from:UInt32}, 'UTC')) AS before,
    currency_id,
    sum(m.tickets), sum(m.tickets_free), sum(m.orders), sum(m.refunded_tickets), sum(m.gross_revenue), sum(m.refunded_revenue)
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    AND ((at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC'))
        OR (at >= toDateTime({before_from:UInt32}, 'UTC') AND at < toDateTime({before_to:UInt32}, 'UTC')))
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY city, before, currency_id
