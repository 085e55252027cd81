-- What was taken off the list price in a period, by promo code and show. Orders made after the end of their code are late;
-- the end is that of the code's number, as one text may belong to several. Rows of older loaders lack the minute of the order.
SELECT
    promo_code, show_id, currency_id,
    sum(m.tickets), sum(m.tickets_free), sum(m.tickets_unpriced), sum(m.gross_revenue), sum(m.discount), sum(m.free_discount),
    sum(m.refunded_revenue),
    sumIf(m.tickets, ends.until > 0 AND toUnixTimestamp(ordered_at) > ends.until) AS late,
    countIf(ends.until > 0 AND m.tickets > 0) AS ending,
    countIf(toUnixTimestamp(ordered_at) = 0) AS unknown
FROM batch_movements AS m
LEFT JOIN
(
    SELECT promo_code_id, toUnixTimestamp(assumeNotNull(active_to)) AS until FROM dim_promo_codes WHERE active_to IS NOT NULL
) AS ends ON ends.promo_code_id = m.promo_code_id
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY promo_code, show_id, currency_id
