-- Shows with what was sold, what is left and how they sold in the last two weeks; a line per currency.
SELECT
    event_id, line.show_id, currency_id, event_name, show_name, city, place_name, start_at, finish_at, timezone, show_date, show_time,
    cancelled, sale_start_at, tickets_sold, tickets_free, refunded_tickets, gross_revenue, refunded_revenue, sold_revenue,
    capacity, closed, tickets_left,
    if(isNull(line.inventory_ts), NULL, greatest(assumeNotNull(line.inventory_ts), again.observed_at)), possible_revenue,
    ifNull(pace.week, 0) AS speed, ifNull(pace.week_before, 0) AS speed_before
FROM
(
    SELECT * FROM batch_sales_dashboard WHERE batch = {batch:UInt64}
        AND ({city:String} = '' OR city = {city:String})
        AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
        AND ({coming:UInt8} = 0 OR (cancelled = 0 AND ifNull(ifNull(finish_at, start_at) > {as_of:DateTime64(3, 'UTC')}, 1)))
) AS line
LEFT JOIN (SELECT show_id, observed_at FROM batch_seats_read WHERE batch = {batch:UInt64}) AS again ON again.show_id = line.show_id
LEFT JOIN
(
    SELECT
        show_id,
        sumIf(m.tickets, at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 7 DAY)  AS week,
        sumIf(m.tickets, at <= {as_of:DateTime64(3, 'UTC')} - INTERVAL 7 DAY) AS week_before
    FROM batch_movements AS m
    WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND at > {as_of:DateTime64(3, 'UTC')} - INTERVAL 14 DAY
    GROUP BY show_id
) AS pace ON pace.show_id = line.show_id
ORDER BY start_at NULLS LAST, line.show_id, currency_id
