-- Figures of a period and of what it is compared with, by UTM parameters.
SELECT
    utm_source, utm_medium, utm_campaign,
    toUInt8(at < toDateTime({from:UInt32}, 'UTC')) AS before,
    currency_id,
    sum(m.tickets), sum(m.tickets_free), sum(m.orders), sum(m.refunded_tickets), sum(m.gross_revenue), sum(m.refunded_revenue)
FROM batch_movements AS m
WHERE (batch, slice) IN (SELECT built, slice FROM batch_parts WHERE batch = {batch:UInt64})
    AND ((at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC'))
        OR (at >= toDateTime({before_from:UInt32}, 'UTC') AND at < toDateTime({before_to:UInt32}, 'UTC')))
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY utm_source, utm_medium, utm_campaign, before, currency_id
