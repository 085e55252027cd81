-- What a number of the page is made of: the movements that have a part in it, a stretch of them by time, and beside each
-- how many there are, what they add up to, and the tickets of a price or a discount. Free tickets have no part in money,
-- and what had no discount has one in the average of discounts. What is planned is as in month_plans.sql.
WITH planned AS
(
    SELECT event_id, show_id, currency_id
    FROM dim_plan_targets
    WHERE month = toUInt32OrZero({key:String})
        AND if({medium:String} = 'revenue', isNotNull(revenue), isNotNull(tickets))
        AND ({city:String} = '' OR event_id IN
            (SELECT event_id FROM batch_sales_dashboard WHERE batch = {batch:UInt64} AND city = {city:String}))
        AND (show_id = 0 OR (event_id, currency_id) NOT IN
            (SELECT event_id, currency_id FROM dim_plan_targets WHERE month = toUInt32OrZero({key:String}) AND show_id = 0))
)
SELECT
    at, refunded_tickets > 0 AS refund, order_id, ticket_ids, event_id, toString(event_name), show_id, show_date, toString(currency_id),
    tickets + refunded_tickets AS moved, gross_revenue + refunded_revenue AS amount, part, toUInt64(count() OVER ()) AS movements,
    toDecimal64(sum(part) OVER (), 2) AS total, sum(if({figure:String} = 'gross', tickets - tickets_free, tickets)) OVER () AS among
FROM
(
    SELECT
        m.*,
        multiIf(
            {figure:String} = 'tickets', toDecimal64(tickets, 2),
            {figure:String} = 'refunded', toDecimal64(refunded_tickets, 2),
            {figure:String} = 'sold', toDecimal64(tickets - refunded_tickets, 2),
            {figure:String} = 'orders', toDecimal64(orders, 2),
            {figure:String} = 'gross', gross_revenue,
            {figure:String} = 'refunds', refunded_revenue,
            {figure:String} = 'revenue', gross_revenue - refunded_revenue,
            {figure:String} = 'free', toDecimal64(tickets_free, 2),
            {figure:String} = 'list', gross_revenue + discount,
            {figure:String} = 'codes', if(promo_code = '', toDecimal64(0, 2), discount - free_discount),
            {figure:String} = 'gifts', free_discount,
            {figure:String} = 'other', if(promo_code = '', discount - free_discount, toDecimal64(0, 2)),
            {figure:String} = 'discount', discount,
            {figure:String} = 'late', toDecimal64(if(ends.until > 0 AND toUnixTimestamp(ordered_at) > ends.until, tickets, 0), 2),
            toDecimal64(0, 2)) AS part
    FROM batch_movements AS m
    LEFT JOIN
    (
        SELECT promo_code_id, toUnixTimestamp(assumeNotNull(active_to)) AS until FROM dim_promo_codes WHERE active_to IS NOT NULL
    ) AS ends ON ends.promo_code_id = m.promo_code_id
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
        AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
        AND ({city:String} = '' OR {of:String} = 'plan' OR city = {city:String})
        AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
        AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
        AND ({currency:String} = '' OR currency_id = {currency:String})
        AND ({of:String} != 'city' OR city = {key:String})
        AND ({of:String} != 'promo_code' OR promo_code = {key:String})
        AND ({of:String} != 'payment_type' OR payment_type_id = {key:String})
        AND ({of:String} != 'site' OR site = {key:String})
        AND ({of:String} != 'size' OR (orders = 1 AND least(order_tickets, {largest:UInt32}) = toInt64OrZero({key:String})))
        AND ({of:String} != 'lead'
            OR if(isNull(show_date), -1, greatest(0, toInt32(assumeNotNull(show_date)) - toInt32(toDate(at))))
                BETWEEN toInt32OrZero({key:String}) AND toInt32OrZero({medium:String}))
        AND ({of:String} != 'hour' OR (toDayOfWeek(at) = toUInt8OrZero({key:String}) AND toHour(at) = toUInt8OrZero({medium:String})))
        AND ({of:String} != 'week' OR at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 7 DAY)
        AND ({of:String} != 'plan' OR (event_id, show_id, currency_id) IN (SELECT event_id, show_id, currency_id FROM planned)
            OR (event_id, toUInt64(0), currency_id) IN (SELECT event_id, show_id, currency_id FROM planned))
        AND ({of:String} != 'utm'
            OR (utm_source = {key:String} AND ({depth:UInt8} < 2 OR utm_medium = {medium:String})
                AND ({depth:UInt8} < 3 OR utm_campaign = {campaign:String})))
)
WHERE part != 0 OR ({figure:String} = 'discount' AND tickets > 0)
ORDER BY at, order_id, show_id, refund
LIMIT {most:UInt32} OFFSET {skipped:UInt64}
