-- The days on which seats of a show were sold for the last time: of those that were sold more often than returned.
SELECT seat_id, maxIf(toDate(at, 'Europe/Moscow'), tickets > 0) AS day
FROM batch_movements
ARRAY JOIN seat_ids AS seat_id
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND show_id = {show:UInt64}
GROUP BY seat_id
HAVING countIf(tickets > 0) > countIf(refunded_tickets > 0)
