-- How many orders slices hold, and a fingerprint of their versions: equal ones are of equal orders.
SELECT roundDown(order_id, {slices}) AS slice, count(), sum(cityHash64(order_id, version))
FROM state_orders FINAL
WHERE {orders}
GROUP BY slice
