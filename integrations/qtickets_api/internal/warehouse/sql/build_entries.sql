-- Who of the sold tickets came and when, by show, UTM source and price, of some slices of the orders.
INSERT INTO store_entries
    (batch, slice, event_id, show_id, currency_id, event_name, city, show_date, utm_source, price, checked_at, tickets)
SELECT
    {batch:UInt64}, facts.slice, facts.event_id, facts.show_id, facts.currency_id, event.name, event.city, show.show_date,
    facts.utm_source, facts.price, facts.checked_at, facts.amount
FROM
(
    SELECT
        roundDown(order_id, {slices})      AS slice,
        event_id,
        ticket.show_id                     AS show_id,
        currency_id,
        utm_source,
        ticket.price                       AS price,
        toStartOfMinute(ticket.checked_at) AS checked_at,
        sum(toInt64(ticket.quantity))      AS amount
    FROM (SELECT order_id, event_id, currency_id, utm_source, tickets, ticket_counts FROM state_orders FINAL WHERE {orders} AND sale_ts IS NOT NULL)
    ARRAY JOIN tickets AS ticket, ticket_counts AS counts
    WHERE counts = 1 AND ticket.state = 'sold'
    GROUP BY slice, event_id, show_id, currency_id, utm_source, price, checked_at
) AS facts
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = facts.event_id
LEFT JOIN (SELECT show_id, show_date FROM state_shows FINAL) AS show ON show.show_id = facts.show_id
