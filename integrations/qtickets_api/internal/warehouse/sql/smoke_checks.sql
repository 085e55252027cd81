-- Smoke checks, after a deployment and at any later time. Each line: the check, ok / warn / fail, what was
-- found, the limit. "qtickets_api check" runs the same text and exits with 1 when a line fails.

-- What session.sql says, with the reasons: the statements below rely on these settings, whatever the profile says.
SET
    async_insert = 0, optimize_on_insert = 1, insert_null_as_default = 0, input_format_null_as_default = 0,
    max_insert_block_size = 1048449, min_insert_block_size_rows = 1048449, min_insert_block_size_bytes = 268402944,
    input_format_defaults_for_omitted_fields = 1,
    describe_compact_output = 0, describe_include_subcolumns = 0, describe_include_virtual_columns = 0,
    output_format_native_encode_types_in_binary_format = 0, input_format_native_decode_types_in_binary_format = 0, input_format_native_allow_types_conversion = 1,
    final = 0, do_not_merge_across_partitions_select_final = 0,
    use_query_cache = 0,
    dialect = 'clickhouse', allow_experimental_analyzer = 1, prefer_column_name_to_alias = 0, enable_positional_arguments = 1,
    enable_global_with_statement = 1, joined_subquery_requires_alias = 1, single_join_prefer_left_table = 1,
    join_use_nulls = 0, group_by_use_nulls = 0, cast_keep_nullable = 0, transform_null_in = 0,
    aggregate_functions_null_for_empty = 0, empty_result_for_aggregation_by_empty_set = 0,
    use_variant_as_common_type = 0, enable_extended_results_for_datetime_functions = 0,
    data_type_default_nullable = 0, flatten_nested = 1,
    join_default_strictness = 'ALL', any_join_distinct_right_table_keys = 0, union_default_mode = '',
    limit = 0, offset = 0, additional_table_filters = '', additional_result_filter = '', extremes = 0,
    read_overflow_mode = 'throw', result_overflow_mode = 'throw', group_by_overflow_mode = 'throw',
    sort_overflow_mode = 'throw', set_overflow_mode = 'throw', join_overflow_mode = 'throw',
    distinct_overflow_mode = 'throw', timeout_overflow_mode = 'throw', transfer_overflow_mode = 'throw',
    force_primary_key = 0, force_index_by_date = 0, force_optimize_projection = 0, implicit_transaction = 0,
    decimal_check_overflow = 1, date_time_overflow_behavior = 'ignore', session_timezone = 'Europe/Moscow',
    date_time_input_format = 'basic', date_time_output_format = 'simple';

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
