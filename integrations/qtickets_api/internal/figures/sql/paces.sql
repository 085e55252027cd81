-- Tickets of each show in the last week.
SELECT
    show_id,
    sum(m.tickets) AS week
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 7 DAY
GROUP BY show_id
