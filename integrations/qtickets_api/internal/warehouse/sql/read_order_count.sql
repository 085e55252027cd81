-- Orders that are stored or in quarantine, the greatest id among them (of an order that is gone, too: that needs no
-- reading), and whether rows without an id wait there.
WITH
    waiting AS (SELECT id AS waiting_id FROM state_quarantine FINAL WHERE feed = 'orders'),
    stored AS (SELECT order_id FROM state_orders FINAL WHERE order_id IN (SELECT waiting_id FROM waiting))
SELECT toInt64(o.amount + w.amount), greatest(i.highest, w.highest), w.unnamed > 0
FROM (SELECT count() AS amount FROM state_orders FINAL) AS o
CROSS JOIN (SELECT max(order_id) AS highest FROM state_orders) AS i
CROSS JOIN
(
    SELECT
        countIf(waiting_id != 0 AND waiting_id NOT IN (SELECT order_id FROM stored)) AS amount,
        max(waiting_id) AS highest,
        countIf(waiting_id = 0) AS unnamed
    FROM waiting
) AS w
