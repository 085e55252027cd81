-- What some orders bring as they are stored, by day, event and currency.
SELECT
    toString(toDate(assumeNotNull(sale_ts))), event_id, toString(currency_id),
    toInt64(sumIf(ticket.quantity, ticket.state = 'sold')), sum(ticket.revenue)
FROM (SELECT sale_ts, event_id, currency_id, tickets FROM state_orders FINAL WHERE order_id IN ({ids}) AND sale_ts IS NOT NULL)
ARRAY JOIN tickets AS ticket
WHERE ticket.counted = 1 AND ticket.state IN ('sold', 'refunded')
GROUP BY 1, 2, 3
