-- Paid orders of today up to as_of, beside those of yesterday up to the same minute (Moscow). The second
-- opinion is the median of the same weekday in the last four weeks, as far as sales go back: the day after
-- an on-sale looks poor beside yesterday only. Fires when both are undercut. Between the limit and ten points
-- above it nothing changes, so that a count close to the limit does not open and end the alert again and again.
-- Nor does anything change while the data is of another day than today: there is nothing to compare then.
-- Fewer than 20 orders yesterday are too few to compare: nothing fires at night.
WITH
    assumeNotNull((SELECT argMax(p.as_of, seq) FROM publish AS p)) AS until,
    1 - {orders_drop:Float64} / 100 AS kept
SELECT
    '' AS subject,
    multiIf(
        toUnixTimestamp(until) = 0, 'quiet',
        toDate(until) != toDate(now('Europe/Moscow')), 'between',
        yesterday < 20, 'quiet',
        today < yesterday * kept AND (empty(weeks) OR today < usual * kept), 'firing',
        today < yesterday * (kept + 0.1) AND (empty(weeks) OR today < usual * (kept + 0.1)), 'between',
        'quiet') AS verdict,
    toUInt64(0) AS level,
    toNullable(until) AS since,
    map(
        'today', toString(today),
        'yesterday', toString(yesterday),
        'usual', if(empty(weeks), '-', toString(usual)),
        'until', formatDateTime(until, '%H:%i'),
        'limit', toString({orders_drop:Float64})
    ) AS facts
FROM
(
    SELECT
        countIf(days_ago = 0 AND by_now) AS today,
        countIf(days_ago = 1 AND by_now) AS yesterday,
        arraySlice(
            [countIf(days_ago = 7 AND by_now), countIf(days_ago = 14 AND by_now), countIf(days_ago = 21 AND by_now), countIf(days_ago = 28 AND by_now)],
            1, toUInt8(greatest(intDiv(max(days_ago), 7), 0))) AS weeks,
        if(empty(weeks), 0., arrayReduce('median', weeks)) AS usual
    FROM
    (
        SELECT
            dateDiff('day', toDate(assumeNotNull(sale_ts)), toDate(until)) AS days_ago,
            toUnixTimestamp(assumeNotNull(sale_ts)) - toUnixTimestamp(toStartOfDay(assumeNotNull(sale_ts)))
                <= toUnixTimestamp(until) - toUnixTimestamp(toStartOfDay(until)) AS by_now
        FROM state_orders FINAL
        WHERE isNotNull(sale_ts)
    )
);
