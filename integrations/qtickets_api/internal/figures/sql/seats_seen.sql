-- The oldest reading of seats among shows to come. 1970: none was read.
SELECT min(i.snapshot_ts)
FROM batch_inventory_latest AS i
INNER JOIN
(
    SELECT DISTINCT show_id FROM batch_sales_dashboard WHERE batch = {batch:UInt64} AND cancelled = 0 AND start_at > {as_of:DateTime64(3, 'UTC')}
) AS coming ON coming.show_id = i.show_id
WHERE batch = {batch:UInt64}
