-- Where slices that hold too many orders are to be cut: the least id of each new slice.
SELECT order_id
FROM
(
    SELECT order_id, row_number() OVER (PARTITION BY roundDown(order_id, {slices}) ORDER BY order_id) AS place
    FROM state_orders FINAL
    WHERE {orders}
)
WHERE place > 1 AND place % {size:UInt64} = 1
ORDER BY order_id
