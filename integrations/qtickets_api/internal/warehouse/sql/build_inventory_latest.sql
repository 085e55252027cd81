-- The last known seats of every show, each with the moment it was read.
INSERT INTO store_inventory_latest
    (batch, event_id, show_id, snapshot_ts, event_name, city, show_date, show_time, capacity, sold, held, free, closed)
SELECT
    {batch:UInt64}, inventory.event_id, inventory.show_id, greatest(seen.observed_at, inventory.changed_at), event.name, event.city,
    show.show_date, show.show_time,
    inventory.capacity, inventory.sold, inventory.held, inventory.free, inventory.closed
FROM
(
    SELECT show_id, event_id, capacity, sold, held, free, closed, fromUnixTimestamp64Milli(toInt64(intDiv(version, 1000000)), 'Europe/Moscow') AS changed_at
    FROM state_inventory FINAL
) AS inventory
LEFT JOIN (SELECT show_id, observed_at FROM state_inventory_seen FINAL) AS seen ON seen.show_id = inventory.show_id
LEFT JOIN (SELECT show_id, show_date, show_time FROM state_shows FINAL) AS show ON show.show_id = inventory.show_id
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = inventory.event_id
