-- The second clock: refunds by the Moscow day they were made on.
INSERT INTO store_refunds_daily
    (batch, slice, refund_date, event_id, show_id, currency_id, event_name, city, refunded_tickets, gross_revenue,
     refunded_revenue, kept_revenue)
SELECT
    {batch:UInt64}, facts.slice, facts.refund_date, facts.event_id, facts.show_id, facts.currency_id, event.name, event.city,
    facts.refunded_tickets, facts.gross_revenue, facts.refunded_revenue, facts.kept_revenue
FROM
(
    SELECT
        roundDown(order_id, {slices}) AS slice,
        toDate(assumeNotNull(ticket.refunded_at)) AS refund_date,
        event_id,
        ticket.show_id                            AS show_id,
        currency_id,
        sum(toInt64(ticket.quantity))             AS refunded_tickets,
        sum(ticket.gross_revenue)                 AS gross_revenue,
        sum(ticket.refunded_amount)               AS refunded_revenue,
        sum(ticket.revenue)                       AS kept_revenue
    FROM (SELECT order_id, event_id, currency_id, tickets, ticket_counts FROM state_orders FINAL WHERE {orders} AND sale_ts IS NOT NULL)
    ARRAY JOIN tickets AS ticket, ticket_counts AS counts
    WHERE counts = 1 AND ticket.state = 'refunded'
    GROUP BY slice, refund_date, event_id, show_id, currency_id
) AS facts
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = facts.event_id
