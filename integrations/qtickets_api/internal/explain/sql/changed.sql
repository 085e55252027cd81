-- Orders read anew since a publication, and whether they have to do with a day: by their current version or by
-- an older one. Older ones are only there until a merge, hence without FINAL and hence no proof of the contrary.
SELECT
    order_id,
    toBool(max(
        (({event:UInt64} = 0) OR (event_id = {event:UInt64}))
        AND sale_ts IS NOT NULL
        AND arrayExists(
            (show, refunded) -> (({show:UInt64} = 0) OR (show = {show:UInt64}))
                AND (ifNull(toDate(sale_ts) = {day:Date}, 0) OR ifNull(toDate(refunded) = {day:Date}, 0)),
            tickets.show_id, tickets.refunded_at))) AS of_the_day
FROM state_orders
WHERE order_id IN (SELECT order_id FROM state_orders WHERE version > {batch:UInt64})
GROUP BY order_id
ORDER BY order_id
