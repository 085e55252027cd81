-- What the batch is made of: the slices it takes over from the batch before as they are, those computed anew with the
-- totals of their orders, and the fingerprints of what all marts depend on.
INSERT INTO store_parts (batch, part, slice, built, fingerprint, totals)
SELECT {batch:UInt64}, part, slice, built, fingerprint, totals
FROM store_parts
WHERE batch = {base:UInt64} AND part = 'orders' AND slice IN ({taken})
UNION ALL
SELECT {batch:UInt64}, 'orders', anew.1, {batch:UInt64}, anew.2, sums.totals
FROM (SELECT arrayJoin({anew}) AS anew) AS known
LEFT JOIN
(
    SELECT slice, groupArray((toString(currency_id), gross_tickets, tickets_sold, gross_revenue, revenue)) AS totals
    FROM
    (
        SELECT
            roundDown(order_id, {slices}) AS slice,
            currency_id,
            toInt64(sum(arraySum(arrayMap((n, c) -> n * c, tickets.quantity, ticket_counts)))) AS gross_tickets,
            toInt64(sum(arraySum(arrayMap((n, c, s) -> n * c * (s = 'sold'), tickets.quantity, ticket_counts, tickets.state)))) AS tickets_sold,
            toDecimal64(sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.gross_revenue, ticket_counts))), 2) AS gross_revenue,
            toDecimal64(sum(arraySum(arrayFilter((m, c) -> c = 1, tickets.revenue, ticket_counts))), 2) AS revenue
        FROM state_orders FINAL
        WHERE {orders}
        GROUP BY slice, currency_id
        HAVING gross_tickets > 0
    )
    GROUP BY slice
) AS sums ON sums.slice = known.anew.1
UNION ALL
SELECT {batch:UInt64}, input.1, 0, {batch:UInt64}, input.2, []
FROM (SELECT arrayJoin({inputs}) AS input)
