-- Minutes of the last days in which orders of a show were paid or refunded, how many, and the tickets that were paid.
SELECT
    show_id,
    at AS minute,
    countIf(m.tickets > 0) AS sales,
    countIf(m.refunded_tickets > 0) AS refunds,
    toInt64(sum(m.tickets)) AS sold
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND at > {as_of:DateTime64(3, 'UTC')} - toIntervalDay({days:UInt16})
GROUP BY show_id, minute
ORDER BY minute, show_id
