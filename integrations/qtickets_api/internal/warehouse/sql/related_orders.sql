-- Orders that have to do with others: two hold one ticket, or one replaces the other. Only those of which one was
-- written since a batch (0: all), and those of which a part does not count because of another order. Older versions may
-- name an order that is in no such relation any more: what the orders say now is decided by the loader. The conditions on
-- lengths and bounds say nothing new: the index "related" of the table knows them.
WITH
    touched AS
    (
        SELECT order_id, tickets.ticket_id AS ticket_ids FROM state_orders WHERE {batch:UInt64} > 0 AND version > {batch:UInt64}
        UNION ALL
        SELECT order_id, tickets.ticket_id AS ticket_ids
        FROM state_orders
        WHERE {batch:UInt64} > 0 AND length(anomalies) > 0 AND hasAny(anomalies, ['replaced_alive', 'ticket_twice'])
    ),
    touched_tickets AS (SELECT arrayJoin(ticket_ids) AS ticket_id FROM touched),
    (SELECT (min(ticket_id), max(ticket_id)) FROM touched_tickets) AS bounds
SELECT DISTINCT order_id
FROM
(
    SELECT order_id FROM state_orders WHERE length(anomalies) > 0 AND hasAny(anomalies, ['replaced_alive', 'ticket_twice'])
    UNION ALL
    SELECT arrayJoin(holders)
    FROM
    (
        SELECT groupUniqArray(order_id) AS holders
        FROM
        (
            SELECT order_id, arrayJoin(tickets.ticket_id) AS ticket_id
            FROM state_orders
            WHERE {batch:UInt64} = 0
                OR (arrayMax(tickets.ticket_id) >= bounds.1 AND arrayMin(tickets.ticket_id) <= bounds.2
                    AND arrayExists(id -> id IN (touched_tickets), tickets.ticket_id))
        )
        WHERE {batch:UInt64} = 0 OR ticket_id IN (touched_tickets)
        GROUP BY ticket_id
        HAVING length(holders) > 1
    )
    UNION ALL
    SELECT arrayJoin([newer, older])
    FROM (SELECT order_id AS newer, arrayJoin(primary_orders) AS older FROM state_orders WHERE length(primary_orders) > 0)
    WHERE {batch:UInt64} = 0 OR newer IN (SELECT order_id FROM touched) OR older IN (SELECT order_id FROM touched)
)
ORDER BY order_id
