-- Tickets of each show in the last week and in the week before it.
SELECT
    show_id,
    sumIf(m.tickets, at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 7 DAY)  AS week,
    sumIf(m.tickets, at <= {as_of:DateTime64(3, 'UTC')} - INTERVAL 7 DAY) AS week_before
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 14 DAY
GROUP BY show_id
