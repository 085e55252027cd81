-- The orders paid on a Moscow day with a ticket that does not count, as QTickets sent them. Payloads are large: they are
-- read for these orders alone.
SELECT order_id, payload_json
FROM state_orders FINAL
WHERE order_id IN
(
    SELECT order_id
    FROM state_orders FINAL
    WHERE ifNull(toDate(sale_ts) = {day:Date}, 0) AND ({event:UInt64} = 0 OR event_id = {event:UInt64}) AND has(ticket_counts, 0)
)
