-- Some stored orders, the newest and the oldest, and any one: an account that is still the same knows at least one of
-- them. The newest and the oldest are looked for among so many rows at the ends, as FINAL with an order reads all.
SELECT order_id FROM state_orders FINAL
WHERE order_id IN (SELECT order_id FROM state_orders ORDER BY order_id DESC LIMIT 1000) ORDER BY order_id DESC LIMIT 4
UNION DISTINCT
SELECT order_id FROM state_orders FINAL
WHERE order_id IN (SELECT order_id FROM state_orders ORDER BY order_id LIMIT 1000) ORDER BY order_id LIMIT 2
UNION DISTINCT
SELECT order_id FROM state_orders FINAL LIMIT 1
