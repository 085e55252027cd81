-- The parts of a show's hall, the dearest first.
SELECT zone_name, currency_id, capacity, sold, held, free, closed, min_price, max_price, possible_revenue, snapshot_ts
FROM batch_zones_latest
WHERE batch = {batch:UInt64} AND show_id = {show:UInt64}
ORDER BY max_price DESC NULLS LAST, zone_name, zone_id
