-- The parts of the hall of every show whose seats were read, named as the inventory of the same batch names it, with their seats.
INSERT INTO store_zones_latest
    (batch, event_id, show_id, zone_id, zone_name, event_name, city, show_date, show_time, currency_id, capacity, sold, held, free,
     closed, min_price, max_price, possible_revenue, snapshot_ts, `seats.row`, `seats.place`, `seats.state`, `seats.price`,
     `seats.ids`)
SELECT
    {batch:UInt64}, hall.event_id, hall.show_id, hall.zone_id, hall.zone_name, latest.event_name, latest.city, latest.show_date,
    latest.show_time, event.currency_id, hall.capacity, hall.sold, hall.held, hall.free, hall.closed, hall.min_price, hall.max_price,
    hall.possible, latest.snapshot_ts,
    seats.list.1, seats.list.2, seats.list.3, seats.list.4, seats.list.5
FROM
(
    SELECT
        event_id, show_id, zone.id AS zone_id, zone.name AS zone_name, zone.capacity AS capacity, zone.sold AS sold, zone.held AS held,
        zone.free AS free, zone.closed AS closed, zone.min_price AS min_price, zone.max_price AS max_price, zone.possible AS possible
    FROM (SELECT event_id, show_id, zones FROM state_inventory FINAL)
    ARRAY JOIN zones AS zone
) AS hall
INNER JOIN (SELECT * FROM store_inventory_latest WHERE batch = {batch:UInt64}) AS latest ON latest.show_id = hall.show_id
LEFT JOIN (SELECT event_id, currency_id FROM state_events FINAL) AS event ON event.event_id = hall.event_id
LEFT JOIN
(
    SELECT
        show_id, seat.zone AS zone_id,
        groupArray((seat.row, seat.place, seat.state, seat.price, seat.ids)) AS list
    FROM (SELECT show_id, seats FROM state_inventory FINAL)
    ARRAY JOIN seats AS seat
    GROUP BY show_id, zone_id
) AS seats ON seats.show_id = hall.show_id AND seats.zone_id = hall.zone_id
