-- Some stored orders, the newest and the oldest: an account that is still the same knows at least one of them.
SELECT order_id FROM (SELECT order_id FROM state_orders FINAL ORDER BY order_id DESC LIMIT 4)
UNION DISTINCT
SELECT order_id FROM (SELECT order_id FROM state_orders FINAL ORDER BY order_id LIMIT 2)
