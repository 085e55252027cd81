-- Stored orders in a range of ids, of one event or of all (0). FINAL reads only the parts of the table that hold orders of
-- the event; an order that belonged to it once is in them too.
SELECT order_id
FROM state_orders FINAL
WHERE order_id > {after:UInt64} AND order_id <= {last:UInt64}
    AND ({event:UInt64} = 0 OR (event_id = {event:UInt64} AND order_id IN (SELECT order_id FROM state_orders WHERE event_id = {event:UInt64})))
ORDER BY order_id
