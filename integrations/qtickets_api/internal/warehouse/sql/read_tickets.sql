-- The stored tickets of some orders, and when these were paid.
SELECT
    order_id, sale_ts, primary_orders, ticket.ticket_id AS ticket_id, ticket.show_id AS show_id, toString(ticket.state) AS state,
    ticket.counted AS counted, ticket.quantity AS quantity, ticket.seat_id AS seat_id,
    ticket.price AS price, ticket.discount AS discount, ticket.gross_revenue AS gross_revenue,
    ticket.refunded_amount AS refunded_amount, ticket.revenue AS revenue,
    ticket.checked_at AS checked_at, ticket.deleted_at AS deleted_at, ticket.refunded_at AS refunded_at
FROM (SELECT order_id, sale_ts, primary_orders, tickets FROM state_orders FINAL WHERE order_id IN ({ids}))
ARRAY JOIN tickets AS ticket
