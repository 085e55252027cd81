-- What was sold and not refunded by days left, of some shows.
SELECT
    show_id,
    greatest(0, toInt32(assumeNotNull(show_date)) - toInt32(toDate(at))) AS days_left,
    sum(m.tickets) - sum(m.refunded_tickets)                            AS sold_on_day
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND isNotNull(show_date) AND show_id IN {shows:Array(UInt64)}
GROUP BY show_id, days_left
ORDER BY show_id, days_left DESC
