-- How tickets are bought: by weekday and hour of the Moscow clock, by days before the show (-1: the show has no date), and by
-- the number of tickets of the order, those of many tickets together (0: no sale). Within one of these the columns of the
-- others are 0.
SELECT
    multiIf(grouping(hour) = 0, 'hour', grouping(days_left) = 0, 'days_left', 'size') AS by,
    toDayOfWeek(at) AS weekday,
    toHour(at) AS hour,
    if(isNull(show_date), -1, greatest(0, toInt32(assumeNotNull(show_date)) - toInt32(toDate(at)))) AS days_left,
    if(orders = 1, least(order_tickets, {most:UInt32}), 0) AS size,
    sum(m.tickets), sum(m.orders), sum(m.orders * m.order_tickets)
FROM batch_movements AS m
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY GROUPING SETS ((weekday, hour), (days_left), (size))
SETTINGS force_grouping_standard_compatibility = 1
