-- Stored orders that hold some tickets, or held them in an older version.
SELECT DISTINCT order_id
FROM (SELECT order_id, arrayJoin(tickets.ticket_id) AS ticket_id FROM state_orders)
WHERE ticket_id IN ({ids})
