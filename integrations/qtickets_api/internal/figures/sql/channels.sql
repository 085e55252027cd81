-- Figures of a period and of what it is compared with: by UTM parameters, by promo code, by the way of paying and by
-- site. Within
-- one of these the columns of the others are empty.
SELECT
    multiIf(grouping(promo_code) = 0, 'promo_code', grouping(payment_type_id) = 0, 'payment_type', grouping(site) = 0, 'site', 'utm') AS by,
    concat(utm_source, promo_code, payment_type_id, site) AS key, utm_medium, utm_campaign,
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
GROUP BY GROUPING SETS
(
    (utm_source, utm_medium, utm_campaign, before, currency_id), (promo_code, before, currency_id), (payment_type_id, before, currency_id),
    (site, before, currency_id)
)
SETTINGS force_grouping_standard_compatibility = 1
