-- Paid orders by the number of their tickets, those of many tickets together.
SELECT least(order_tickets, {most:UInt32}) AS size, sum(m.orders), sum(m.orders * m.order_tickets)
FROM batch_movements AS m
WHERE (batch, slice) IN (SELECT built, slice FROM batch_parts WHERE batch = {batch:UInt64}) AND orders = 1
    AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    AND ({city:String} = '' OR city = {city:String})
    AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
    AND ({show:UInt64} = 0 OR show_id = {show:UInt64})
GROUP BY size
