-- The same facts by UTM parameters instead of shows. They belong to the order, so its tickets are summed inside its row.
INSERT INTO store_sales_utm_daily
    (batch, slice, sales_date, event_id, currency_id, utm_source, utm_medium, utm_campaign, event_name, city, orders,
     tickets_sold, tickets_free, gross_tickets, refunded_tickets, gross_revenue, refunded_revenue, revenue)
SELECT
    {batch:UInt64}, facts.slice, facts.sales_date, facts.event_id, facts.currency_id, facts.utm_source, facts.utm_medium,
    facts.utm_campaign, event.name, event.city, facts.orders, facts.tickets_sold, facts.tickets_free,
    facts.tickets_sold + facts.refunded_tickets, facts.refunded_tickets, facts.gross_revenue, facts.refunded_revenue, facts.revenue
FROM
(
    SELECT
        slice,
        sales_date,
        event_id,
        currency_id,
        utm_source,
        utm_medium,
        utm_campaign,
        countIf(has(arrayMap((x, s) -> x AND s = 'sold', counts, tickets.state), 1))                                      AS orders,
        sum(arraySum(arrayMap((n, x, s) -> n * (x AND s = 'sold'), tickets.quantity, counts, tickets.state)))             AS tickets_sold,
        sum(arraySum(arrayMap((n, x, s, p) -> n * (x AND s = 'sold' AND p = 0), tickets.quantity, counts, tickets.state, tickets.price))) AS tickets_free,
        sum(arraySum(arrayMap((n, x, s) -> n * (x AND s = 'refunded'), tickets.quantity, counts, tickets.state)))         AS refunded_tickets,
        sum(arraySum(arrayFilter((m, x) -> x, tickets.gross_revenue, counts)))                                            AS gross_revenue,
        sum(arraySum(arrayFilter((m, x) -> x, tickets.refunded_amount, counts)))                                          AS refunded_revenue,
        sum(arraySum(arrayFilter((m, x) -> x, tickets.revenue, counts)))                                                  AS revenue
    FROM
    (
        SELECT
            roundDown(order_id, {slices}) AS slice, toDate(assumeNotNull(sale_ts)) AS sales_date, event_id, currency_id, utm_source, utm_medium, utm_campaign,
            tickets.quantity, tickets.state, tickets.price, tickets.gross_revenue, tickets.refunded_amount, tickets.revenue,
            ticket_counts AS counts
        FROM state_orders FINAL
        WHERE {orders} AND sale_ts IS NOT NULL
    )
    WHERE has(counts, 1)
    GROUP BY slice, sales_date, event_id, currency_id, utm_source, utm_medium, utm_campaign
) AS facts
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = facts.event_id
