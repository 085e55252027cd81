-- Facts by Moscow sales day, event, show and currency, of some slices of the orders.
INSERT INTO store_sales_daily
    (batch, slice, sales_date, event_id, show_id, currency_id, event_name, city, orders, tickets_sold, tickets_free,
     gross_tickets, refunded_tickets, gross_revenue, refunded_revenue, revenue, discount)
SELECT
    {batch:UInt64}, facts.slice, facts.sales_date, facts.event_id, facts.show_id, facts.currency_id, event.name, event.city,
    facts.orders, facts.tickets_sold, facts.tickets_free, facts.gross_tickets, facts.refunded_tickets,
    facts.gross_revenue, facts.refunded_revenue, facts.revenue, facts.discount
FROM
(
    SELECT
        roundDown(order_id, {slices})                        AS slice,
        toDate(assumeNotNull(sale_ts))                                              AS sales_date,
        event_id,
        ticket.show_id                                                              AS show_id,
        currency_id,
        uniqExactIf(order_id, ticket.state = 'sold')                                AS orders,
        sumIf(toInt64(ticket.quantity), ticket.state = 'sold')                      AS tickets_sold,
        sumIf(toInt64(ticket.quantity), ticket.state = 'sold' AND ticket.price = 0) AS tickets_free,
        sum(toInt64(ticket.quantity))                                               AS gross_tickets,
        sumIf(toInt64(ticket.quantity), ticket.state = 'refunded')                  AS refunded_tickets,
        sum(ticket.gross_revenue)                                                   AS gross_revenue,
        sum(ticket.refunded_amount)                                                 AS refunded_revenue,
        sum(ticket.revenue)                                                         AS revenue,
        sumIf(ticket.discount, ticket.state = 'sold')                               AS discount
    FROM (SELECT order_id, event_id, currency_id, sale_ts, tickets, ticket_counts FROM state_orders FINAL WHERE {orders} AND sale_ts IS NOT NULL)
    ARRAY JOIN tickets AS ticket, ticket_counts AS counts
    WHERE counts = 1
    GROUP BY slice, sales_date, event_id, show_id, currency_id
) AS facts
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = facts.event_id
