-- The parts of the hall of every show whose seats were read, named as the inventory of the same batch names it. Each has its
-- seats; when a sold one was sold is what the orders of the same batch say.
INSERT INTO store_zones_latest
    (batch, event_id, show_id, zone_id, zone_name, event_name, city, show_date, show_time, currency_id, capacity, sold, held, free,
     closed, min_price, max_price, possible_revenue, snapshot_ts, `seats.row`, `seats.place`, `seats.state`, `seats.price`,
     `seats.days_left`)
SELECT
    {batch:UInt64}, hall.event_id, hall.show_id, hall.zone_id, hall.zone_name, latest.event_name, latest.city, latest.show_date,
    latest.show_time, event.currency_id, hall.capacity, hall.sold, hall.held, hall.free, hall.closed, hall.min_price, hall.max_price,
    hall.possible, latest.snapshot_ts,
    seats.list.row, seats.list.place, seats.list.state, seats.list.price,
    arrayMap(s -> if(s.state = 'sold', greatest(0, toInt32(latest.show_date) - toInt32(toDate(s.sold_at))), NULL), seats.list)
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
        show_id, zone_id,
        arraySort(s -> s.number, groupArray(CAST((number, row, place, state, price, sold_at),
            'Tuple(number UInt32, row String, place String, state String, price Nullable(Decimal(18, 2)), sold_at Nullable(DateTime(\'Europe/Moscow\')))'))) AS list
    FROM
    (
        SELECT
            s.show_id AS show_id, s.number AS number, any(s.zone) AS zone_id, any(s.row) AS row, any(s.place) AS place,
            any(s.state) AS state, anyRespectNulls(s.price) AS price, max(sale.sold_at) AS sold_at
        FROM
        (
            SELECT
                show_id, number, seat.zone AS zone, seat.row AS row, seat.place AS place, seat.state AS state, seat.price AS price,
                arrayJoin(seat.ids) AS seat_id
            FROM (SELECT show_id, seats, arrayEnumerate(seats.row) AS numbers FROM state_inventory FINAL)
            ARRAY JOIN seats AS seat, numbers AS number
        ) AS s
        LEFT JOIN
        (
            SELECT ticket.show_id AS show_id, ticket.seat_id AS seat_id, max(sale_ts) AS sold_at
            FROM (SELECT sale_ts, tickets FROM state_orders FINAL WHERE sale_ts IS NOT NULL)
            ARRAY JOIN tickets AS ticket
            WHERE ticket.state = 'sold' AND ticket.show_id IN (SELECT show_id FROM state_inventory WHERE notEmpty(seats.row))
            GROUP BY show_id, seat_id
        ) AS sale ON sale.show_id = s.show_id AND sale.seat_id = s.seat_id
        GROUP BY show_id, number
    )
    GROUP BY show_id, zone_id
) AS seats ON seats.show_id = hall.show_id AND seats.zone_id = hall.zone_id
