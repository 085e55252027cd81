-- Every ticket of a paid order that was sold or refunded on a Moscow day, as its order stands now, whether
-- it counts or not. 0 asks for all events or shows.
SELECT
    order_id, ticket.ticket_id, event_id, ticket.show_id, toString(currency_id), toString(ticket.state), ticket.counted,
    toInt64(ticket.quantity), ticket.price, ticket.discount, ticket.gross_revenue, ticket.refunded_amount, ticket.revenue,
    assumeNotNull(sale_ts), ticket.refunded_at, coalesce(ticket.deleted_at, deleted_at), run_id, version
FROM
(
    SELECT order_id, version, run_id, event_id, currency_id, sale_ts, deleted_at, tickets
    FROM state_orders FINAL
    WHERE sale_ts IS NOT NULL AND ({event:UInt64} = 0 OR event_id = {event:UInt64})
)
ARRAY JOIN tickets AS ticket
WHERE ({show:UInt64} = 0 OR ticket.show_id = {show:UInt64})
    AND (toDate(assumeNotNull(sale_ts)) = {day:Date} OR ifNull(toDate(ticket.refunded_at) = {day:Date}, 0))
ORDER BY event_id, ticket.show_id, currency_id, order_id, ticket.ticket_id
