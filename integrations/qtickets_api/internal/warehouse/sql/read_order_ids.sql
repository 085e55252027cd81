-- Stored orders in a range of ids, of one event or of all (0).
SELECT order_id
FROM state_orders FINAL
WHERE order_id > {after:UInt64} AND order_id <= {last:UInt64} AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
ORDER BY order_id
