-- The parts of a show's hall, the dearest first.
SELECT zone_name, currency_id, capacity, sold, held, free, closed, min_price, max_price, possible_revenue,
    greatest(z.snapshot_ts, again.observed_at)
FROM batch_zones_latest AS z
LEFT JOIN (SELECT show_id, observed_at FROM batch_seats_read WHERE batch = {batch:UInt64}) AS again ON again.show_id = z.show_id
WHERE batch = {batch:UInt64} AND z.show_id = {show:UInt64}
ORDER BY max_price DESC NULLS LAST, zone_name, zone_id
