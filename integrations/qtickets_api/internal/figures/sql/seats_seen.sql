-- The oldest reading of seats among shows to come. 1970: none was read.
SELECT min(greatest(i.snapshot_ts, again.observed_at))
FROM batch_inventory_latest AS i
INNER JOIN
(
    SELECT DISTINCT show_id FROM batch_sales_dashboard WHERE batch = {batch:UInt64} AND cancelled = 0 AND start_at > {as_of:DateTime64(3, 'UTC')}
) AS coming ON coming.show_id = i.show_id
LEFT JOIN (SELECT show_id, observed_at FROM batch_seats_read WHERE batch = {batch:UInt64}) AS again ON again.show_id = i.show_id
WHERE batch = {batch:UInt64}
