-- The numbered places of a show's hall by zone, the dearest first.
SELECT show_date, zone_name, currency_id, seats.row, seats.place, seats.state, seats.price, seats.ids, snapshot_ts
FROM batch_zones_latest
WHERE batch = {batch:UInt64} AND show_id = {show:UInt64} AND notEmpty(seats.row)
ORDER BY max_price DESC NULLS LAST, zone_name, zone_id
