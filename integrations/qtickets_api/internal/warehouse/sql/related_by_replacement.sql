-- Orders that replace some orders, and those that are replaced by them.
SELECT DISTINCT arrayJoin([newer, older])
FROM (SELECT order_id AS newer, arrayJoin(primary_orders) AS older FROM state_orders WHERE length(primary_orders) > 0)
WHERE newer IN ({ids}) OR older IN ({ids})
