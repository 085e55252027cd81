-- What some orders bring as they are stored, by day, event and currency.
SELECT
    toString(toDate(assumeNotNull(sale_ts))), event_id, toString(currency_id),
    toInt64(sumIf(ticket.quantity, ticket.state = 'sold')), sum(ticket.revenue)
FROM (
    SELECT sale_ts, event_id, currency_id, tickets, ticket_counts FROM state_orders FINAL WHERE order_id IN ({ids})
)
ARRAY JOIN tickets AS ticket, ticket_counts AS counts
WHERE counts = 1
GROUP BY 1, 2, 3
