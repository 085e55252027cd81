-- Smoke checks, after a deployment and at any later time. Each line: the check, ok / warn / fail, what was
-- found, the limit. "qtickets_api check" runs the same text and exits with 1 when a line fails.

SELECT
    'tables exist' AS check,
    if(count() = 9, 'ok', 'fail') AS status,
    concat(toString(count()), ' of 9') AS found,
    'all of 9, else apply infra/clickhouse/migrations/2025-qtickets-api-final.sql' AS `limit`
FROM system.tables
WHERE database = 'zakaz' AND name IN (
    'stg_qtickets_api_orders_raw', 'stg_qtickets_api_inventory_raw', 'dim_events', 'fact_qtickets_sales_daily',
    'fact_qtickets_inventory_latest', 'v_qtickets_sales_dashboard', 'meta_job_runs', 'meta_schema', 'publish');

SELECT
    'no negative revenue or tickets' AS check,
    if(bad = 0, 'ok', 'fail') AS status,
    toString(bad) AS found,
    '0 rows' AS `limit`
FROM
(
    SELECT countIf(revenue < 0 OR gross_revenue < 0 OR refunded_revenue < 0 OR tickets_sold < 0 OR tickets_free < 0) AS bad
    FROM zakaz.fact_qtickets_sales_daily
);

SELECT
    'data is fresh' AS check,
    if(runs > 0 AND last > now() - INTERVAL 48 HOUR, 'ok', 'fail') AS status,
    if(runs > 0, concat('last good load ', toString(last)), 'no good load yet') AS found,
    'a load within 48 hours' AS `limit`
FROM
(
    SELECT count() AS runs, max(started_at) AS last
    FROM zakaz.meta_job_runs
    WHERE job = 'qtickets_api' AND status IN ('ok', 'partial') AND batch > 0
);

SELECT
    'no duplicates in staging' AS check,
    if(rows = orders AND sold = tickets, 'ok', 'fail') AS status,
    concat(toString(rows - orders), ' orders, ', toString(sold - tickets), ' sold tickets') AS found,
    'every order once, every sold ticket in one order' AS `limit`
FROM (SELECT count() AS rows, uniqExact(order_id) AS orders FROM zakaz.stg_qtickets_api_orders_raw) AS o
CROSS JOIN (SELECT count() AS sold, uniqExact(ticket_id) AS tickets FROM zakaz.stg_qtickets_api_tickets_raw WHERE state = 'sold' AND counted = 1) AS t;

SELECT
    'dashboard view holds data' AS check,
    if(shows > 0, 'ok', 'fail') AS status,
    concat(toString(shows), ' shows') AS found,
    'at least one show' AS `limit`
FROM (SELECT count() AS shows FROM zakaz.v_qtickets_sales_dashboard);

SELECT
    'facts equal the orders' AS check,
    multiIf(facts = orders AND tickets = order_tickets, 'ok', running > 0, 'warn', 'fail') AS status,
    concat(facts, ' for ', toString(tickets), ' tickets') AS found,
    concat(orders, ' for ', toString(order_tickets), ' tickets', if(running > 0, ', a run is going on', '')) AS `limit`
FROM
(
    SELECT arrayStringConcat(arraySort(groupArray(concat(toString(money), ' ', currency_id))), ', ') AS facts, sum(sold) AS tickets
    FROM
    (
        SELECT currency_id, sum(f.revenue) AS money, sum(f.tickets_sold) AS sold
        FROM zakaz.fact_qtickets_sales_daily AS f
        GROUP BY currency_id
        HAVING sum(f.gross_revenue) > 0 OR sold > 0
    )
) AS f
CROSS JOIN
(
    SELECT arrayStringConcat(arraySort(groupArray(concat(toString(money), ' ', currency_id))), ', ') AS orders, sum(sold) AS order_tickets
    FROM
    (
        SELECT currency_id, sum(s.revenue) AS money, sum(s.tickets_sold) AS sold
        FROM zakaz.stg_qtickets_api_orders_raw AS s
        WHERE sale_ts IS NOT NULL
        GROUP BY currency_id
        HAVING sum(s.gross_revenue) > 0 OR sold > 0
    )
) AS o
CROSS JOIN (SELECT count() AS running FROM zakaz.meta_job_runs WHERE job = 'qtickets_api' AND status = 'running') AS r;

SELECT
    'dashboard equals the facts' AS check,
    if(shown = facts, 'ok', 'fail') AS status,
    concat(toString(shown), ' tickets') AS found,
    concat(toString(facts), ' tickets') AS `limit`
FROM (SELECT sum(v.tickets_sold) AS shown FROM zakaz.v_qtickets_sales_dashboard AS v) AS v
CROSS JOIN (SELECT sum(f.tickets_sold) AS facts FROM zakaz.fact_qtickets_sales_daily AS f) AS f;

SELECT
    'refunds equal the sales' AS check,
    if(by_refund_day = by_sales_day, 'ok', 'fail') AS status,
    concat(toString(by_refund_day), ' refunded tickets by refund day') AS found,
    concat(toString(by_sales_day), ' by sales day') AS `limit`
FROM (SELECT sum(r.refunded_tickets) AS by_refund_day FROM zakaz.fact_qtickets_refunds_daily AS r) AS r
CROSS JOIN (SELECT sum(f.refunded_tickets) AS by_sales_day FROM zakaz.fact_qtickets_sales_daily AS f) AS f;

SELECT
    'no order of QTickets is missing' AS check,
    if(stored + held >= total, 'ok', 'warn') AS status,
    concat(toString(stored), ' orders', if(held > 0, concat(' and ', toString(held), ' in quarantine'), '')) AS found,
    concat(toString(total), ' at the last complete load') AS `limit`
FROM (SELECT count() AS stored FROM zakaz.stg_qtickets_api_orders_raw) AS o
CROSS JOIN (SELECT count() AS held FROM zakaz.meta_quarantine WHERE feed = 'orders') AS q
CROSS JOIN
(
    SELECT argMax(orders_total, started_at) AS total
    FROM zakaz.meta_job_runs
    WHERE job = 'qtickets_api' AND status IN ('ok', 'partial') AND orders_complete = 1 AND orders_total > 0
) AS t;

SELECT
    'last finished run' AS check,
    multiIf(runs = 0, 'fail', last = 'ok', 'ok', last = 'partial', 'warn', 'fail') AS status,
    if(runs = 0, 'none', concat(last, ' — ', text)) AS found,
    'ok' AS `limit`
FROM
(
    SELECT count() AS runs, argMax(status, started_at) AS last, argMax(message, started_at) AS text
    FROM zakaz.meta_job_runs
    WHERE job = 'qtickets_api' AND status != 'running'
);

SELECT
    'orders keep the rules of the source' AS check,
    if(odd = 0, 'ok', 'warn') AS status,
    concat(toString(odd), ' orders do not') AS found,
    '0, see anomalies in zakaz.stg_qtickets_api_orders_raw' AS `limit`
FROM (SELECT countIf(notEmpty(anomalies)) AS odd FROM zakaz.stg_qtickets_api_orders_raw);

SELECT
    'known orders can be read' AS check,
    if(stale = 0, 'ok', 'fail') AS status,
    if(stale = 0, '0', concat(toString(stale), ' cannot and are counted as read before: ', ids)) AS found,
    '0, see counted_read_at in zakaz.meta_quarantine' AS `limit`
FROM
(
    SELECT count() AS stale, arrayStringConcat(arrayMap(x -> toString(x), arraySlice(arraySort(groupArray(id)), 1, 10)), ', ') AS ids
    FROM zakaz.meta_quarantine
    WHERE counted_read_at IS NOT NULL
);

SELECT
    'no order is missing by consent' AS check,
    if(missing = 0, 'ok', 'warn') AS status,
    toString(missing) AS found,
    '0 orders that QTickets counts but does not list' AS `limit`
FROM
(
    SELECT argMax(orders_missing, started_at) AS missing
    FROM zakaz.meta_job_runs
    WHERE job = 'qtickets_api' AND status IN ('ok', 'partial') AND orders_complete = 1
);

SELECT
    'quarantine is empty' AS check,
    if(held = 0, 'ok', 'warn') AS status,
    toString(held) AS found,
    '0 rows, see zakaz.meta_quarantine' AS `limit`
FROM (SELECT count() AS held FROM zakaz.meta_quarantine);
