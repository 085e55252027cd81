-- QTickets sales in ClickHouse: the whole schema. Piped into clickhouse-client by an administrator, or
-- applied by "qtickets_api migrate": the same bytes. Safe to run again at any time: it creates what is
-- missing, replaces views, and never drops a table or a row of sales (webhooks and the runs they cause leave by age). Needs ClickHouse 24.10 or newer.
--
-- Four kinds of names:
--   state_*  what is known of each order, event, show ...: one current version per key, read with FINAL
--   store_*  computed facts by batch, and "publish", whose last row says which batch readers see. A batch takes over
--            what earlier ones computed of slices of the orders that did not change: "store_parts" says from which
--   stg_* dim_* meta_*   views of the state, right as they are read (no FINAL needed)
--   fact_* v_*           views of the published batch: exact facts, and what BI reads (through batch_*, which nobody reads)
-- A reader needs no right on the tables below the views.

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

CREATE DATABASE IF NOT EXISTS zakaz;

-- ------------------------------------------------------------------ state

CREATE TABLE IF NOT EXISTS zakaz.state_orders
(
    order_id        UInt64 COMMENT 'orders[].id',
    version         UInt64 COMMENT 'when the request for this row was sent, Unix nanoseconds. The newest wins',
    is_deleted      UInt8 DEFAULT 0 COMMENT '1: the order is gone from the source',
    content_hash    UInt64 COMMENT 'hash of the row, an equal one is not written again',
    run_id          String COMMENT 'the run that wrote this version',
    event_id        UInt64,
    site_id         UInt64 COMMENT '0: unknown',
    buyer_hash      String COMMENT 'keyed hash of the buyer, empty without QTICKETS_BUYER_KEY',
    currency_id     LowCardinality(String),
    payment_type_id LowCardinality(String),
    discount_id     Nullable(UInt64),
    promo_code_id   Nullable(UInt64),
    price           Decimal(18, 2) COMMENT 'orders[].price as sent, cancelled tickets included',
    utm_source      LowCardinality(String),
    utm_medium      LowCardinality(String),
    utm_campaign    String,
    utm_content     String,
    utm_term        String,
    created_at      DateTime('Europe/Moscow'),
    updated_at      Nullable(DateTime('Europe/Moscow')),
    sale_ts         Nullable(DateTime('Europe/Moscow')) COMMENT 'payed_at, NULL: never paid',
    reserved_to     Nullable(DateTime('Europe/Moscow')),
    deleted_at      Nullable(DateTime('Europe/Moscow')),
    anomalies       Array(LowCardinality(String)),
    tickets         Nested
    (
        ticket_id       UInt64,
        show_id         UInt64,
        state           LowCardinality(String),
        counted         UInt8,
        quantity        UInt32,
        seat_id         String,
        price           Decimal(18, 2),
        discount        Decimal(18, 2),
        gross_revenue   Decimal(18, 2),
        refunded_amount Decimal(18, 2),
        revenue         Decimal(18, 2),
        checked_at      Nullable(DateTime('Europe/Moscow')),
        deleted_at      Nullable(DateTime('Europe/Moscow')),
        refunded_at     Nullable(DateTime('Europe/Moscow'))
    ),
    payload_json    String COMMENT 'the order without personal data' CODEC(ZSTD(1)),
    CONSTRAINT sane_created_at CHECK created_at > toDateTime('2005-01-01 00:00:00', 'UTC')
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY order_id
COMMENT 'Orders with their tickets, one current version each';

CREATE TABLE IF NOT EXISTS zakaz.state_events
(
    event_id     UInt64,
    version      UInt64,
    is_deleted   UInt8 DEFAULT 0,
    content_hash UInt64,
    name         String,
    place_name   String,
    city_id      UInt64,
    city         String,
    timezone     LowCardinality(String),
    currency_id  LowCardinality(String),
    is_active    UInt8,
    updated_at   Nullable(DateTime('Europe/Moscow')),
    deleted_at   Nullable(DateTime('Europe/Moscow'))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY event_id
COMMENT 'Events, one current version each';

CREATE TABLE IF NOT EXISTS zakaz.state_shows
(
    show_id       UInt64,
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0,
    content_hash  UInt64,
    event_id      UInt64,
    name          String,
    is_active     UInt8,
    start_at      Nullable(DateTime('Europe/Moscow')),
    finish_at     Nullable(DateTime('Europe/Moscow')),
    sale_start_at Nullable(DateTime('Europe/Moscow')),
    sale_end_at   Nullable(DateTime('Europe/Moscow')),
    show_date     Nullable(Date) COMMENT 'calendar day at the venue',
    show_time     String COMMENT 'wall clock at the venue',
    min_price     Nullable(Decimal(18, 2)),
    max_price     Nullable(Decimal(18, 2)),
    deleted_at    Nullable(DateTime('Europe/Moscow'))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY show_id
COMMENT 'Shows (dates of events), one current version each';

CREATE TABLE IF NOT EXISTS zakaz.state_inventory
(
    show_id      UInt64,
    version      UInt64,
    is_deleted   UInt8 DEFAULT 0,
    content_hash UInt64,
    event_id     UInt64,
    capacity     Nullable(Int64),
    sold         Nullable(Int64),
    held         Nullable(Int64),
    free         Nullable(Int64),
    closed       Nullable(Int64)
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY show_id
COMMENT 'Seats of each show, one current version each';

CREATE TABLE IF NOT EXISTS zakaz.state_inventory_seen
(
    show_id     UInt64,
    observed_at DateTime64(3, 'Europe/Moscow')
)
ENGINE = ReplacingMergeTree(observed_at)
ORDER BY show_id
COMMENT 'When the seats of each show were last read, changed or not';

CREATE TABLE IF NOT EXISTS zakaz.state_sweeps
(
    event_id    UInt64,
    observed_at DateTime64(3, 'Europe/Moscow')
)
ENGINE = ReplacingMergeTree(observed_at)
ORDER BY event_id
COMMENT 'When all orders of each event were last read one by one, changed or not';

CREATE TABLE IF NOT EXISTS zakaz.state_webhooks
(
    webhook_id  String COMMENT 'hash of the event type and the raw body: a repeated delivery is the same row',
    version     UInt64,
    event_type  LowCardinality(String) COMMENT 'as the sender says, not signed',
    order_id    UInt64,
    deliveries  UInt32 COMMENT 'how often it was delivered',
    first_at    DateTime64(3, 'Europe/Moscow') COMMENT 'first delivery',
    received_at DateTime64(3, 'Europe/Moscow') COMMENT 'last delivery',
    handled_at  Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'NULL: the order waits to be read again',
    run_id      String COMMENT 'the run that read the order'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY webhook_id
TTL toDateTime(received_at) + INTERVAL 30 DAY
COMMENT 'What QTickets announced, without its content: which order to read again';

CREATE TABLE IF NOT EXISTS zakaz.state_alerts
(
    alert_id  String COMMENT 'sorts by the moment it was opened',
    version   UInt64,
    rule      LowCardinality(String),
    subject   String,
    opened_at DateTime64(3, 'Europe/Moscow'),
    ended_at  Nullable(DateTime64(3, 'Europe/Moscow')),
    told_at   Nullable(DateTime64(3, 'Europe/Moscow')),
    level     UInt64,
    text      String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY alert_id
COMMENT 'History of incidents. What is open now is known by the folder of ALERT_STATE_DIR';

CREATE TABLE IF NOT EXISTS zakaz.state_assumptions
(
    assumption_id UInt32 COMMENT 'up to 22 the row of section 18 of docs/qtickets-api.md, above that the last list of its section 8',
    version       UInt64,
    code          LowCardinality(String),
    assumes       String,
    affects       String,
    assumes_en    String,
    affects_en    String,
    alerts        UInt8 COMMENT '1: an alert tells when it turns out not to hold',
    state         LowCardinality(String) COMMENT 'not_seen, confirmed or refuted',
    confirming    UInt64 COMMENT 'observations, an order that several loads read counts in each',
    refuting      UInt64,
    since         DateTime64(3, 'Europe/Moscow'),
    first_seen    Nullable(DateTime64(3, 'Europe/Moscow')),
    confirmed_at  Nullable(DateTime64(3, 'Europe/Moscow')),
    refuted_at    Nullable(DateTime64(3, 'Europe/Moscow')),
    run_id        String COMMENT 'of the newest observation'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY assumption_id
COMMENT 'What is assumed about the API of QTickets, and what loads observed of it';

CREATE TABLE IF NOT EXISTS zakaz.state_backups
(
    kind        LowCardinality(String) COMMENT 'backup or drill',
    good        UInt8,
    finished_at DateTime64(3, 'Europe/Moscow'),
    copy_name   String
)
ENGINE = ReplacingMergeTree(finished_at)
ORDER BY (kind, good)
COMMENT 'The newest good and the newest failed backup, and try to bring one back. Written by backup.sh and restore_drill.sh';

CREATE TABLE IF NOT EXISTS zakaz.state_discounts
(
    discount_id  UInt64,
    version      UInt64,
    is_deleted   UInt8 DEFAULT 0,
    content_hash UInt64,
    name         String,
    is_active    UInt8,
    active_from  Nullable(DateTime('Europe/Moscow')),
    active_to    Nullable(DateTime('Europe/Moscow')),
    deleted_at   Nullable(DateTime('Europe/Moscow'))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY discount_id;

CREATE TABLE IF NOT EXISTS zakaz.state_promo_codes
(
    promo_code_id UInt64,
    version       UInt64,
    is_deleted    UInt8 DEFAULT 0,
    content_hash  UInt64,
    discount_id   Nullable(UInt64),
    code          String,
    is_active     UInt8,
    max_uses      Nullable(UInt64),
    active_from   Nullable(DateTime('Europe/Moscow')),
    active_to     Nullable(DateTime('Europe/Moscow')),
    deleted_at    Nullable(DateTime('Europe/Moscow'))
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY promo_code_id;

CREATE TABLE IF NOT EXISTS zakaz.state_color_themes
(
    color_theme_id UInt64,
    version        UInt64,
    is_deleted     UInt8 DEFAULT 0,
    content_hash   UInt64,
    color          String
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY color_theme_id;

CREATE TABLE IF NOT EXISTS zakaz.state_quarantine
(
    feed        LowCardinality(String),
    id          UInt64 COMMENT '0: the row has no readable id',
    version     UInt64,
    is_deleted  UInt8 DEFAULT 0 COMMENT '1: read well since',
    run_id      String,
    reason      String,
    observed_at DateTime64(3, 'Europe/Moscow')
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (feed, id)
COMMENT 'Rows of the source that could not be understood, without their content';

CREATE TABLE IF NOT EXISTS zakaz.plan_targets
(
    event_id    UInt64,
    show_id     UInt64 COMMENT '0: the whole event',
    month       UInt32 COMMENT 'sales of this Moscow month alone, 202612. 0: all sales',
    currency_id LowCardinality(String),
    version     UInt64 COMMENT 'when it was changed, Unix nanoseconds. The newest is the plan, the others are its history',
    is_deleted  UInt8 DEFAULT 0 COMMENT '1: the plan was taken back',
    tickets     Nullable(Int64) COMMENT 'NULL: not planned',
    revenue     Nullable(Decimal(18, 2)) COMMENT 'NULL: not planned',
    imported_at DateTime64(3, 'Europe/Moscow'),
    changed_by  String COMMENT 'who typed it on the page. Empty: from a file, or the page did not know'
)
ENGINE = ReplacingMergeTree
ORDER BY (event_id, show_id, month, currency_id, version)
COMMENT 'What people plan to sell, with the history: "qtickets_api plan import" and the page';

CREATE TABLE IF NOT EXISTS zakaz.state_forecasts
(
    event_id UInt64,
    show_id  UInt64,
    version  UInt64 COMMENT 'the same for all shows that were forecast together. The newest counts',
    as_of    DateTime64(3, 'Europe/Moscow') COMMENT 'of the publication it was made from',
    state    LowCardinality(String) COMMENT 'how the show stands, as on the page',
    expected Nullable(Int64) COMMENT 'tickets in the end. NULL: no forecast',
    low      Nullable(Int64) COMMENT 'the band that holds in 8 of 10. NULL: not enough earlier forecasts',
    high     Nullable(Int64),
    usual    Nullable(Int64) COMMENT 'what the likest shows usually sold in the end. NULL: none',
    goal     Nullable(Int64) COMMENT 'tickets that the chance is to: the plan, or else usual',
    chance   Nullable(Float64) COMMENT 'to end below goal. NULL: cannot be told'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (event_id, show_id)
TTL toDateTime(as_of) + INTERVAL 30 DAY
COMMENT 'Forecasts of the shows to come, written after a load';

CREATE TABLE IF NOT EXISTS zakaz.state_job_runs
(
    job               LowCardinality(String),
    run_id            String,
    version           UInt64,
    status            LowCardinality(String) COMMENT 'running, ok, partial or failed',
    mode              LowCardinality(String) COMMENT 'backfill, increment, reconcile, reread, webhook or rebuild',
    started_at        DateTime64(3, 'Europe/Moscow'),
    heartbeat_at      DateTime64(3, 'Europe/Moscow'),
    working           UInt8 COMMENT '1: holds the lease, 0: waits for it or is over',
    finished_at       Nullable(DateTime64(3, 'Europe/Moscow')),
    org_name          String,
    host              String,
    process           String COMMENT 'boot, pid namespace, pid and its start: tells whether the holder still lives',
    build             String,
    window_since      Nullable(DateTime('Europe/Moscow')) COMMENT 'changes asked for since, NULL: everything',
    orders_complete   UInt8 COMMENT '1: every order up to orders_through_id is in the state',
    orders_through_id UInt64,
    orders_total      UInt64 COMMENT 'paging.total of all orders',
    orders_read       UInt64,
    tickets_read      UInt64,
    events_read       UInt64,
    shows_read        UInt64,
    inventory_read    UInt64,
    inventory_failed  UInt64,
    quarantined       UInt64,
    rows_inserted     UInt64 COMMENT 'new versions written to state tables',
    api_requests      UInt64,
    duration_ms       UInt64,
    batch             UInt64 COMMENT 'published batch, 0: nothing was published',
    probe             String COMMENT 'what the API honoured, JSON',
    checks            String COMMENT 'checks before publication, JSON',
    error_class       LowCardinality(String),
    message           String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (job, run_id)
COMMENT 'Run ledger: a row when a run starts, a newer version when it ends';

-- Runs after webhooks are many and say little: a week of them is kept. All lines of such a run carry its mode from
-- the first one on, so they leave together.
ALTER TABLE zakaz.state_job_runs MODIFY TTL toDateTime(started_at) + INTERVAL 7 DAY DELETE WHERE mode = 'webhook' SETTINGS materialize_ttl_after_modify = 0;

-- Columns that came later. Adding one that is there does nothing.

-- Whether a ticket is in the published numbers: the one place where SQL decides it. Why a ticket is not is decided by
-- the loader (package sales, counting.go), which stores state and counted.
ALTER TABLE zakaz.state_orders ADD COLUMN IF NOT EXISTS ticket_counts Array(UInt8)
    ALIAS arrayMap((state, counted) -> toUInt8(isNotNull(sale_ts) AND counted = 1 AND state IN ('sold', 'refunded')), tickets.state, tickets.counted)
    COMMENT 'for each of tickets: 1 when it is in the published numbers';

ALTER TABLE zakaz.state_webhooks ADD COLUMN IF NOT EXISTS primary_orders Array(UInt64) COMMENT 'older orders that the order replaces, as the delivery says';
ALTER TABLE zakaz.state_orders ADD COLUMN IF NOT EXISTS primary_orders Array(UInt64) COMMENT 'older orders that this one replaces, as it says itself';

ALTER TABLE zakaz.state_orders ADD COLUMN IF NOT EXISTS site_host LowCardinality(String) COMMENT 'address of the selling site, empty: unknown';

-- What finds the orders written since a publication, and those that may have to do with them, without reading all. Parts
-- written before there was an index get it when they are merged, and are read whole until then.
ALTER TABLE zakaz.state_orders ADD INDEX IF NOT EXISTS related
    (version, arrayMin(tickets.ticket_id), arrayMax(tickets.ticket_id), length(primary_orders), length(anomalies)) TYPE minmax GRANULARITY 1;

ALTER TABLE zakaz.state_job_runs ADD COLUMN IF NOT EXISTS probe_change String COMMENT 'what the API honours otherwise than in the run before, empty: the same';
ALTER TABLE zakaz.state_job_runs ADD COLUMN IF NOT EXISTS orders_missing UInt64 COMMENT 'orders that QTickets counts and no list holds, accepted by a person';
ALTER TABLE zakaz.state_job_runs ADD COLUMN IF NOT EXISTS layers String COMMENT 'what each way of finding changes read and found, JSON';

ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.id` Array(String) COMMENT 'parts of the hall, a place of several tariffs counts in one';
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.name` Array(String);
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.capacity` Array(Nullable(Int64));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.sold` Array(Nullable(Int64));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.held` Array(Nullable(Int64));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.free` Array(Nullable(Int64));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.closed` Array(Nullable(Int64));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.min_price` Array(Nullable(Decimal(18, 2)));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.max_price` Array(Nullable(Decimal(18, 2)));
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `zones.possible` Array(Nullable(Decimal(18, 2))) COMMENT 'list price of all places';

ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `seats.zone` Array(String) COMMENT 'places with a row and a number, a place of several tariffs is one';
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `seats.row` Array(String);
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `seats.place` Array(String);
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `seats.state` Array(LowCardinality(String)) COMMENT 'sold, held, free, closed or unknown';
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `seats.price` Array(Nullable(Decimal(18, 2))) COMMENT 'of the dearest tariff';
ALTER TABLE zakaz.state_inventory ADD COLUMN IF NOT EXISTS `seats.ids` Array(Array(String)) COMMENT 'of all tariffs, as tickets name them';

-- ------------------------------------------------------------------ facts by batch

CREATE TABLE IF NOT EXISTS zakaz.publish
(
    seq          UInt64 COMMENT 'Unix nanoseconds of the publication. The largest is what readers see',
    batch        UInt64,
    as_of        DateTime64(3, 'Europe/Moscow') COMMENT 'sales are complete up to this moment',
    published_at DateTime64(3, 'Europe/Moscow'),
    run_id       String
)
ENGINE = MergeTree
ORDER BY seq
COMMENT 'One row switches all marts at once. Rolling back is one more row';

-- Columns that came later.
ALTER TABLE zakaz.publish ADD COLUMN IF NOT EXISTS rows UInt64 COMMENT 'rows of the batch in all store tables, readers wait for them. 0: not said';
ALTER TABLE zakaz.publish ADD COLUMN IF NOT EXISTS seats_read Map(UInt64, DateTime64(3, 'Europe/Moscow')) COMMENT 'shows whose seats were read again since the batch was computed, and had not changed';

CREATE TABLE IF NOT EXISTS zakaz.store_parts
(
    batch       UInt64,
    part        LowCardinality(String) COMMENT 'orders: a slice of the orders. names, shows, seats, promo_codes: what all marts depend on',
    slice       UInt64 COMMENT 'the least order id of the slice, which ends where the next one begins',
    built       UInt64 COMMENT 'the batch whose rows the slice has in the marts',
    fingerprint UInt64 COMMENT 'of all that the part was computed from',
    totals      Array(Tuple(currency_id String, gross_tickets Int64, tickets_sold Int64, gross_revenue Decimal(18, 2), revenue Decimal(18, 2)))
                COMMENT 'of the orders of the slice'
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (part, slice)
COMMENT 'What each batch is made of and was computed from';

CREATE TABLE IF NOT EXISTS zakaz.store_sales_daily
(
    batch            UInt64,
    sales_date       Date,
    event_id         UInt64,
    show_id          UInt64,
    currency_id      LowCardinality(String),
    event_name       String,
    city             String,
    orders           UInt64,
    tickets_sold     Int64,
    tickets_free     Int64,
    gross_tickets    Int64,
    refunded_tickets Int64,
    gross_revenue    Decimal(18, 2),
    refunded_revenue Decimal(18, 2),
    revenue          Decimal(18, 2),
    discount         Decimal(18, 2)
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (sales_date, event_id, show_id, currency_id);

CREATE TABLE IF NOT EXISTS zakaz.store_sales_utm_daily
(
    batch            UInt64,
    sales_date       Date,
    event_id         UInt64,
    currency_id      LowCardinality(String),
    utm_source       String,
    utm_medium       String,
    utm_campaign     String,
    event_name       String,
    city             String,
    orders           UInt64,
    tickets_sold     Int64,
    tickets_free     Int64,
    gross_tickets    Int64,
    refunded_tickets Int64,
    gross_revenue    Decimal(18, 2),
    refunded_revenue Decimal(18, 2),
    revenue          Decimal(18, 2)
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (sales_date, event_id, utm_source, utm_medium, utm_campaign, currency_id);

CREATE TABLE IF NOT EXISTS zakaz.store_refunds_daily
(
    batch            UInt64,
    refund_date      Date,
    event_id         UInt64,
    show_id          UInt64,
    currency_id      LowCardinality(String),
    event_name       String,
    city             String,
    refunded_tickets Int64,
    gross_revenue    Decimal(18, 2),
    refunded_revenue Decimal(18, 2),
    kept_revenue     Decimal(18, 2)
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (refund_date, event_id, show_id, currency_id);

CREATE TABLE IF NOT EXISTS zakaz.store_inventory_latest
(
    batch       UInt64,
    event_id    UInt64,
    show_id     UInt64,
    snapshot_ts DateTime64(3, 'Europe/Moscow'),
    event_name  String,
    city        String,
    show_date   Nullable(Date),
    show_time   String,
    capacity    Nullable(Int64),
    sold        Nullable(Int64),
    held        Nullable(Int64),
    free        Nullable(Int64),
    closed      Nullable(Int64)
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (event_id, show_id);

CREATE TABLE IF NOT EXISTS zakaz.store_sales_dashboard
(
    batch              UInt64,
    event_id           UInt64,
    show_id            UInt64,
    currency_id        LowCardinality(String),
    event_name         String,
    city               String,
    show_name          String,
    show_date          Nullable(Date),
    show_time          String,
    start_at           Nullable(DateTime('Europe/Moscow')),
    finish_at          Nullable(DateTime('Europe/Moscow')),
    tickets_sold_today Int64,
    revenue_today      Decimal(18, 2),
    tickets_sold_14d   Int64,
    revenue_14d        Decimal(18, 2),
    tickets_sold       Int64,
    tickets_free       Int64,
    refunded_tickets   Int64,
    gross_revenue      Decimal(18, 2),
    refunded_revenue   Decimal(18, 2),
    revenue            Decimal(18, 2),
    capacity           Nullable(Int64),
    closed             Nullable(Int64),
    tickets_left       Nullable(Int64),
    fill               Nullable(Float64),
    inventory_ts       Nullable(DateTime64(3, 'Europe/Moscow')),
    as_of              DateTime64(3, 'Europe/Moscow')
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (event_id, show_id, currency_id);

-- Columns that came later.
ALTER TABLE zakaz.store_sales_daily ADD COLUMN IF NOT EXISTS slice UInt64 COMMENT 'the slice of the orders that the row sums up, 0: all of them';
ALTER TABLE zakaz.store_sales_utm_daily ADD COLUMN IF NOT EXISTS slice UInt64 COMMENT 'the slice of the orders that the row sums up, 0: all of them';
ALTER TABLE zakaz.store_refunds_daily ADD COLUMN IF NOT EXISTS slice UInt64 COMMENT 'the slice of the orders that the row sums up, 0: all of them';
ALTER TABLE zakaz.store_sales_dashboard ADD COLUMN IF NOT EXISTS place_name LowCardinality(String);
ALTER TABLE zakaz.store_sales_dashboard ADD COLUMN IF NOT EXISTS timezone LowCardinality(String);
ALTER TABLE zakaz.store_sales_dashboard ADD COLUMN IF NOT EXISTS cancelled UInt8 COMMENT '1: the show or its event is deleted';
ALTER TABLE zakaz.store_sales_dashboard ADD COLUMN IF NOT EXISTS sale_start_at Nullable(DateTime('Europe/Moscow'));
ALTER TABLE zakaz.store_sales_dashboard ADD COLUMN IF NOT EXISTS sold_revenue Decimal(18, 2);
ALTER TABLE zakaz.store_sales_dashboard ADD COLUMN IF NOT EXISTS possible_revenue Nullable(Decimal(18, 2));

CREATE TABLE IF NOT EXISTS zakaz.store_movements
(
    batch            UInt64,
    at               DateTime('Europe/Moscow') COMMENT 'the minute of the payment or of the refund',
    event_id         UInt64,
    show_id          UInt64,
    currency_id      LowCardinality(String),
    event_name       LowCardinality(String),
    city             LowCardinality(String),
    show_date        Nullable(Date),
    utm_source       LowCardinality(String),
    utm_medium       LowCardinality(String),
    utm_campaign     LowCardinality(String),
    promo_code       LowCardinality(String),
    payment_type_id  LowCardinality(String),
    order_tickets    UInt32 COMMENT 'paid tickets of the whole order',
    orders           UInt8 COMMENT '1 in one of the sale rows of the order, so that they add up',
    tickets          Int64,
    tickets_free     Int64,
    gross_revenue    Decimal(18, 2),
    refunded_tickets Int64,
    refunded_gross   Decimal(18, 2),
    refunded_revenue Decimal(18, 2)
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (at, show_id, currency_id)
COMMENT 'A row per order, show and minute in which something was paid or refunded';

-- Columns that came later.
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS slice UInt64 COMMENT 'the slice of the orders that the row belongs to, 0: all of them';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS promo_code_id UInt64 COMMENT '0: none';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS site LowCardinality(String) COMMENT '#number: its address is unknown, empty: unknown';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS ordered_at DateTime('Europe/Moscow') COMMENT 'the minute the order was made';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS discount Decimal(18, 2) COMMENT 'of the paid tickets, the free ones among them';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS free_discount Decimal(18, 2) COMMENT 'of the free tickets: their list price';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS tickets_unpriced Int64 COMMENT 'free tickets without a discount: their list price is unknown';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS order_id UInt64 COMMENT '0: the row is of an older loader';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS ticket_ids Array(UInt64) COMMENT 'the tickets that the row counts, ascending';
ALTER TABLE zakaz.store_movements ADD COLUMN IF NOT EXISTS seat_ids Array(String) COMMENT 'their seats, in no order';

CREATE TABLE IF NOT EXISTS zakaz.store_entries
(
    batch       UInt64,
    slice       UInt64 COMMENT 'the slice of the orders that the row sums up',
    event_id    UInt64,
    show_id     UInt64,
    currency_id LowCardinality(String),
    event_name  LowCardinality(String),
    city        LowCardinality(String),
    show_date   Nullable(Date),
    utm_source  LowCardinality(String),
    price       Decimal(18, 2),
    checked_at  Nullable(DateTime('Europe/Moscow')) COMMENT 'the minute, NULL: not scanned',
    tickets     Int64
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (show_id, currency_id)
COMMENT 'Who of the sold tickets came, and when';

CREATE TABLE IF NOT EXISTS zakaz.store_zones_latest
(
    batch            UInt64,
    event_id         UInt64,
    show_id          UInt64,
    zone_id          String,
    zone_name        String,
    event_name       String,
    city             String,
    show_date        Nullable(Date),
    show_time        String,
    currency_id      LowCardinality(String),
    capacity         Nullable(Int64),
    sold             Nullable(Int64),
    held             Nullable(Int64),
    free             Nullable(Int64),
    closed           Nullable(Int64),
    min_price        Nullable(Decimal(18, 2)),
    max_price        Nullable(Decimal(18, 2)),
    possible_revenue Nullable(Decimal(18, 2)),
    snapshot_ts      DateTime64(3, 'Europe/Moscow')
)
ENGINE = MergeTree
PARTITION BY batch
ORDER BY (event_id, show_id, zone_id);

ALTER TABLE zakaz.store_zones_latest ADD COLUMN IF NOT EXISTS `seats.row` Array(String) COMMENT 'places of the zone with a row and a number';
ALTER TABLE zakaz.store_zones_latest ADD COLUMN IF NOT EXISTS `seats.place` Array(String);
ALTER TABLE zakaz.store_zones_latest ADD COLUMN IF NOT EXISTS `seats.state` Array(LowCardinality(String)) COMMENT 'sold, held, free, closed or unknown';
ALTER TABLE zakaz.store_zones_latest ADD COLUMN IF NOT EXISTS `seats.price` Array(Nullable(Decimal(18, 2))) COMMENT 'of the dearest tariff';
ALTER TABLE zakaz.store_zones_latest ADD COLUMN IF NOT EXISTS `seats.ids` Array(Array(String)) COMMENT 'of all tariffs, as movements name them';

-- ------------------------------------------------------------------ views of the state

CREATE OR REPLACE VIEW zakaz.stg_qtickets_api_orders_raw
(
    order_id        UInt64 COMMENT 'Номер заказа QTickets',
    event_id        UInt64 COMMENT 'Мероприятие',
    sale_ts         Nullable(DateTime('Europe/Moscow')) COMMENT 'Время оплаты, МСК. NULL — заказ не оплачен',
    revenue         Decimal(38, 2) COMMENT 'Выручка: цена проданных билетов и удержанное при возвратах, в валюте заказа',
    gross_revenue   Decimal(38, 2) COMMENT 'Оплачено за билеты до возвратов, в валюте заказа',
    refunded_amount Decimal(38, 2) COMMENT 'Возвращено покупателю, в валюте заказа',
    tickets_sold    UInt64 COMMENT 'Проданные билеты (без возвращённых и отменённых)',
    tickets_free    UInt64 COMMENT 'Из них бесплатные',
    currency_id     LowCardinality(String) COMMENT 'Валюта заказа',
    price           Decimal(18, 2) COMMENT 'Цена заказа, как её сообщает QTickets: с отменёнными билетами. Для выручки не годится',
    created_at      DateTime('Europe/Moscow') COMMENT 'Заказ создан, МСК',
    updated_at      Nullable(DateTime('Europe/Moscow')) COMMENT 'Заказ изменён, МСК. При сканировании и, возможно, при возврате не меняется',
    reserved_to     Nullable(DateTime('Europe/Moscow')) COMMENT 'Бронь до, МСК',
    deleted_at      Nullable(DateTime('Europe/Moscow')) COMMENT 'Заказ отменён, МСК',
    payment_type_id LowCardinality(String) COMMENT 'Способ оплаты',
    discount_id     Nullable(UInt64) COMMENT 'Скидка',
    promo_code_id   Nullable(UInt64) COMMENT 'Промокод',
    site_id         UInt64 COMMENT 'Сайт продажи, 0 — неизвестен',
    site_host       LowCardinality(String) COMMENT 'Адрес сайта продажи, пусто — неизвестен',
    utm_source      LowCardinality(String) COMMENT 'UTM-источник в нижнем регистре, пусто — без метки',
    utm_medium      LowCardinality(String) COMMENT 'Тип трафика (UTM)',
    utm_campaign    String COMMENT 'UTM-кампания',
    utm_content     String COMMENT 'UTM-содержание',
    utm_term        String COMMENT 'UTM-ключевое слово',
    buyer_hash      String COMMENT 'Обезличенный покупатель: хеш с секретным ключом, пусто — без ключа',
    anomalies       Array(LowCardinality(String)) COMMENT 'Странности в данных QTickets, на которые стоит посмотреть',
    payload_json    String COMMENT 'Заказ без персональных данных',
    observed_at     DateTime64(3, 'Europe/Moscow') COMMENT 'Когда получена эта версия заказа, МСК'
)
SQL SECURITY DEFINER
AS SELECT
    order_id,
    event_id,
    sale_ts,
    arraySum(arrayMap((amount, counts) -> if(counts = 1, toDecimal128(amount, 2), toDecimal128(0, 2)), tickets.revenue, ticket_counts)) AS revenue,
    arraySum(arrayMap((amount, counts) -> if(counts = 1, toDecimal128(amount, 2), toDecimal128(0, 2)), tickets.gross_revenue, ticket_counts)) AS gross_revenue,
    arraySum(arrayMap((amount, counts) -> if(counts = 1, toDecimal128(amount, 2), toDecimal128(0, 2)), tickets.refunded_amount, ticket_counts)) AS refunded_amount,
    arraySum(arrayMap((state, n, counts) -> if(counts = 1 AND state = 'sold', n, 0), tickets.state, tickets.quantity, ticket_counts)) AS tickets_sold,
    arraySum(arrayMap((state, n, counts, amount) -> if(counts = 1 AND state = 'sold' AND amount = 0, n, 0), tickets.state, tickets.quantity, ticket_counts, tickets.price)) AS tickets_free,
    currency_id,
    price,
    created_at,
    updated_at,
    reserved_to,
    deleted_at,
    payment_type_id,
    discount_id,
    promo_code_id,
    site_id,
    site_host,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    utm_term,
    buyer_hash,
    anomalies,
    payload_json,
    fromUnixTimestamp64Milli(toInt64(intDiv(version, 1000000)), 'Europe/Moscow') AS observed_at
FROM zakaz.state_orders FINAL;

CREATE OR REPLACE VIEW zakaz.stg_qtickets_api_tickets_raw
(
    ticket_id       UInt64 COMMENT 'Номер билета QTickets',
    order_id        UInt64 COMMENT 'Номер заказа',
    event_id        UInt64 COMMENT 'Мероприятие',
    show_id         UInt64 COMMENT 'Показ (дата мероприятия)',
    state           LowCardinality(String) COMMENT 'held — бронь, sold — продан, refunded — возвращён, cancelled — отменён',
    counted         UInt8 COMMENT '0 — учтён в других билетах (абонемент, заменённый заказ): в суммы не входит',
    quantity        UInt32 COMMENT 'Сколько мест в билете',
    seat_id         String COMMENT 'Место',
    sale_ts         Nullable(DateTime('Europe/Moscow')) COMMENT 'Время оплаты, МСК',
    price           Decimal(18, 2) COMMENT 'Цена билета, как её сообщает QTickets',
    discount        Decimal(18, 2) COMMENT 'Скидка в деньгах',
    gross_revenue   Decimal(18, 2) COMMENT 'Оплачено за билет',
    refunded_amount Decimal(18, 2) COMMENT 'Возвращено покупателю',
    revenue         Decimal(18, 2) COMMENT 'Выручка организатора: оплачено минус возвращено',
    currency_id     LowCardinality(String) COMMENT 'Валюта',
    checked_at      Nullable(DateTime('Europe/Moscow')) COMMENT 'Билет отсканирован на входе, МСК',
    deleted_at      Nullable(DateTime('Europe/Moscow')) COMMENT 'Билет отменён, МСК',
    refunded_at     Nullable(DateTime('Europe/Moscow')) COMMENT 'Билет возвращён, МСК'
)
SQL SECURITY DEFINER
AS SELECT
    ticket.ticket_id AS ticket_id,
    order_id,
    event_id,
    ticket.show_id AS show_id,
    ticket.state AS state,
    ticket.counted AS counted,
    ticket.quantity AS quantity,
    ticket.seat_id AS seat_id,
    sale_ts,
    ticket.price AS price,
    ticket.discount AS discount,
    ticket.gross_revenue AS gross_revenue,
    ticket.refunded_amount AS refunded_amount,
    ticket.revenue AS revenue,
    currency_id,
    ticket.checked_at AS checked_at,
    ticket.deleted_at AS deleted_at,
    ticket.refunded_at AS refunded_at
FROM (SELECT order_id, event_id, sale_ts, currency_id, tickets FROM zakaz.state_orders FINAL)
ARRAY JOIN tickets AS ticket;

CREATE OR REPLACE VIEW zakaz.stg_qtickets_api_inventory_raw
(
    show_id     UInt64 COMMENT 'Показ (дата мероприятия)',
    event_id    UInt64 COMMENT 'Мероприятие',
    snapshot_ts DateTime64(3, 'Europe/Moscow') COMMENT 'Когда данные о местах загружены в последний раз, МСК',
    capacity    Nullable(Int64) COMMENT 'Всего мест. NULL — неизвестно',
    sold        Nullable(Int64) COMMENT 'Оплачено мест по схеме зала',
    held        Nullable(Int64) COMMENT 'В брони и корзинах',
    free        Nullable(Int64) COMMENT 'В продаже: можно купить сейчас, 0 — мест нет',
    closed      Nullable(Int64) COMMENT 'Закрыто организатором (не продаётся)'
)
SQL SECURITY DEFINER
AS SELECT
    inventory.show_id AS show_id, event_id,
    greatest(seen.observed_at, fromUnixTimestamp64Milli(toInt64(intDiv(inventory.version, 1000000)), 'Europe/Moscow')) AS snapshot_ts,
    capacity, sold, held, free, closed
FROM (SELECT * FROM zakaz.state_inventory FINAL) AS inventory
LEFT JOIN (SELECT * FROM zakaz.state_inventory_seen FINAL) AS seen ON seen.show_id = inventory.show_id;

CREATE OR REPLACE VIEW zakaz.dim_events
(
    event_id    UInt64 COMMENT 'Мероприятие',
    name        String COMMENT 'Название мероприятия',
    city        String COMMENT 'Город',
    timezone    LowCardinality(String) COMMENT 'Часовой пояс города',
    place_name  String COMMENT 'Площадка',
    currency_id LowCardinality(String) COMMENT 'Валюта мероприятия',
    is_active   UInt8 COMMENT '1 — мероприятие включено',
    updated_at  Nullable(DateTime('Europe/Moscow')) COMMENT 'Изменено, МСК',
    deleted_at  Nullable(DateTime('Europe/Moscow')) COMMENT 'Когда удалено, МСК'
)
SQL SECURITY DEFINER
AS SELECT event_id, name, city, timezone, place_name, currency_id, is_active, updated_at, deleted_at
FROM zakaz.state_events FINAL;

CREATE OR REPLACE VIEW zakaz.dim_shows
(
    show_id       UInt64 COMMENT 'Показ (дата мероприятия)',
    event_id      UInt64 COMMENT 'Мероприятие',
    name          String COMMENT 'Название показа, часто пусто',
    is_active     UInt8 COMMENT '1 — показ включён',
    show_date     Nullable(Date) COMMENT 'Дата показа по местному времени',
    show_time     String COMMENT 'Начало по местному времени',
    start_at      Nullable(DateTime('Europe/Moscow')) COMMENT 'Начало, МСК',
    finish_at     Nullable(DateTime('Europe/Moscow')) COMMENT 'Конец, МСК',
    sale_start_at Nullable(DateTime('Europe/Moscow')) COMMENT 'Начало продаж, МСК',
    sale_end_at   Nullable(DateTime('Europe/Moscow')) COMMENT 'Конец продаж, МСК',
    min_price     Nullable(Decimal(18, 2)) COMMENT 'Минимальный номинал',
    max_price     Nullable(Decimal(18, 2)) COMMENT 'Максимальный номинал',
    deleted_at    Nullable(DateTime('Europe/Moscow')) COMMENT 'Когда удалён, МСК'
)
SQL SECURITY DEFINER
AS SELECT show_id, event_id, name, is_active, show_date, show_time, start_at, finish_at, sale_start_at, sale_end_at, min_price, max_price, deleted_at
FROM zakaz.state_shows FINAL;

CREATE OR REPLACE VIEW zakaz.dim_discounts
(
    discount_id UInt64 COMMENT 'Скидка',
    name        String COMMENT 'Название скидки',
    is_active   UInt8 COMMENT '1 — скидка включена',
    active_from Nullable(DateTime('Europe/Moscow')) COMMENT 'Действует с, МСК',
    active_to   Nullable(DateTime('Europe/Moscow')) COMMENT 'Действует до, МСК',
    deleted_at  Nullable(DateTime('Europe/Moscow')) COMMENT 'Когда удалена, МСК'
)
SQL SECURITY DEFINER
AS SELECT discount_id, name, is_active, active_from, active_to, deleted_at
FROM zakaz.state_discounts FINAL;

CREATE OR REPLACE VIEW zakaz.dim_promo_codes
(
    promo_code_id UInt64 COMMENT 'Номер промокода. Один текст промокода может встречаться под разными номерами',
    discount_id   Nullable(UInt64) COMMENT 'Скидка промокода',
    code          String COMMENT 'Текст промокода',
    is_active     UInt8 COMMENT '1 — промокод включён',
    max_uses      Nullable(UInt64) COMMENT 'Сколько раз можно применить, 0 — без ограничения',
    active_from   Nullable(DateTime('Europe/Moscow')) COMMENT 'Действует с, МСК',
    active_to     Nullable(DateTime('Europe/Moscow')) COMMENT 'Действует до, МСК',
    deleted_at    Nullable(DateTime('Europe/Moscow')) COMMENT 'Когда удалён, МСК'
)
SQL SECURITY DEFINER
AS SELECT promo_code_id, discount_id, code, is_active, max_uses, active_from, active_to, deleted_at
FROM zakaz.state_promo_codes FINAL;

CREATE OR REPLACE VIEW zakaz.dim_color_themes
(
    color_theme_id UInt64 COMMENT 'Цвет ценовой категории',
    color          String COMMENT 'Код цвета, #rrggbb'
)
SQL SECURITY DEFINER
AS SELECT color_theme_id, color FROM zakaz.state_color_themes FINAL;

CREATE OR REPLACE VIEW zakaz.dim_plan_targets
(
    event_id    UInt64 COMMENT 'Мероприятие',
    show_id     UInt64 COMMENT 'Показ (дата мероприятия), 0 — план на мероприятие',
    month       UInt32 COMMENT 'План на продажи за московский месяц, 202612. 0 — на все продажи',
    currency_id LowCardinality(String) COMMENT 'Валюта плана',
    tickets     Nullable(Int64) COMMENT 'План по билетам. NULL — не задан',
    revenue     Nullable(Decimal(18, 2)) COMMENT 'План по выручке. NULL — не задан',
    imported_at DateTime64(3, 'Europe/Moscow') COMMENT 'Когда загружен или изменён, МСК',
    changed_by  String COMMENT 'Кто изменил его на панели. Пусто — загружен из файла или имя неизвестно'
)
SQL SECURITY DEFINER
AS SELECT event_id, show_id, month, currency_id, tickets, revenue, imported_at, changed_by
FROM (SELECT * FROM zakaz.plan_targets ORDER BY version DESC LIMIT 1 BY event_id, show_id, month, currency_id)
WHERE is_deleted = 0;

CREATE OR REPLACE VIEW zakaz.meta_quarantine
(
    feed        LowCardinality(String) COMMENT 'Откуда строка: orders, events, ...',
    id          UInt64 COMMENT 'Номер строки в QTickets, 0 — номер прочитать не удалось',
    reason      String COMMENT 'Почему строку не удалось разобрать',
    observed_at DateTime64(3, 'Europe/Moscow') COMMENT 'Когда прочитана, МСК',
    run_id      String COMMENT 'Запуск программы',
    counted_read_at Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Заказ прочитан раньше и учтён таким, каким был тогда, МСК. NULL — строка не учтена',
    counted_tickets Int64 COMMENT 'Сколько его билетов учтено как проданные',
    counted_revenue Decimal(18, 2) COMMENT 'Его выручка в отчётах',
    currency_id     String COMMENT 'Валюта этой выручки'
)
SQL SECURITY DEFINER
AS SELECT
    q.feed AS feed, q.id AS id, q.reason AS reason, q.observed_at AS observed_at, q.run_id AS run_id,
    o.read_at AS counted_read_at, o.sold AS counted_tickets, o.money AS counted_revenue, o.currency AS currency_id
FROM (SELECT feed, id, reason, observed_at, run_id FROM zakaz.state_quarantine FINAL) AS q
LEFT JOIN
(
    SELECT
        'orders' AS order_feed, order_id, toString(currency_id) AS currency,
        toNullable(toDateTime64(fromUnixTimestamp64Nano(toInt64(version), 'Europe/Moscow'), 3, 'Europe/Moscow')) AS read_at,
        toInt64(arraySum(arrayMap((n, c, s) -> n * c * (s = 'sold'), tickets.quantity, ticket_counts, tickets.state))) AS sold,
        toDecimal64(arraySum(arrayFilter((m, c) -> c = 1, tickets.revenue, ticket_counts)), 2) AS money
    FROM zakaz.state_orders FINAL
    WHERE order_id IN (SELECT id FROM zakaz.state_quarantine FINAL WHERE feed = 'orders')
) AS o ON o.order_feed = q.feed AND o.order_id = q.id;

CREATE OR REPLACE VIEW zakaz.meta_job_runs
(
    job               LowCardinality(String) COMMENT 'Загрузчик, всегда qtickets_api',
    run_id            String COMMENT 'Запуск',
    status            LowCardinality(String) COMMENT 'running — идёт, ok — успешно, partial — частично, failed — не удалась',
    mode              LowCardinality(String) COMMENT 'backfill — вся история, increment — изменения, reconcile — сверка всех заказов, reread — отдельные заказы, webhook — заказы из уведомлений, rebuild — пересчёт без QTickets',
    started_at        DateTime64(3, 'Europe/Moscow') COMMENT 'Начало, МСК',
    finished_at       Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Конец, МСК',
    message           String COMMENT 'Итог запуска или причина неудачи и что делать',
    error_class       LowCardinality(String) COMMENT 'Вид ошибки',
    org_name          String COMMENT 'Организация (ORG_NAME)',
    host              String COMMENT 'Где запущен',
    build             String COMMENT 'Версия программы',
    window_since      Nullable(DateTime('Europe/Moscow')) COMMENT 'С какого момента запрошены изменения. NULL — вся история',
    orders_complete   UInt8 COMMENT '1 — прочитаны все заказы до orders_through_id',
    orders_through_id UInt64 COMMENT 'Последний известный номер заказа',
    orders_total      UInt64 COMMENT 'Сколько заказов всего, по данным QTickets',
    orders_read       UInt64 COMMENT 'Прочитано заказов',
    tickets_read      UInt64 COMMENT 'Прочитано билетов',
    events_read       UInt64 COMMENT 'Прочитано мероприятий',
    shows_read        UInt64 COMMENT 'Прочитано показов',
    inventory_read    UInt64 COMMENT 'Показов, данные о местах которых загружены',
    inventory_failed  UInt64 COMMENT 'Показов, данные о местах которых загрузить не удалось',
    quarantined       UInt64 COMMENT 'Строк отправлено в карантин',
    rows_inserted     UInt64 COMMENT 'Записано новых версий строк',
    api_requests      UInt64 COMMENT 'Запросов к QTickets',
    duration_ms       UInt64 COMMENT 'Длительность, мс',
    batch             UInt64 COMMENT 'Номер публикации, 0 — ничего не опубликовано',
    probe             String COMMENT 'Какие возможности API работали при этом запуске, JSON',
    checks            String COMMENT 'Проверки перед публикацией, JSON',
    probe_change      String COMMENT 'Что в поведении API изменилось с прошлого запуска, пусто — ничего',
    layers            String COMMENT 'Что прочитал и нашёл каждый способ поиска изменений, JSON',
    orders_missing    UInt64 COMMENT 'Сколько заказов QTickets считает, но не показывает: расхождение принято человеком'
)
SQL SECURITY DEFINER
AS SELECT
    job, run_id, status, mode, started_at, finished_at, message, error_class, org_name, host, build, window_since,
    orders_complete, orders_through_id, orders_total, orders_read, tickets_read, events_read, shows_read,
    inventory_read, inventory_failed, quarantined, rows_inserted, api_requests, duration_ms, batch, probe, checks, probe_change, layers, orders_missing
FROM zakaz.state_job_runs FINAL;

CREATE OR REPLACE VIEW zakaz.meta_sweeps
(
    event_id    UInt64 COMMENT 'Мероприятие',
    observed_at DateTime64(3, 'Europe/Moscow') COMMENT 'Когда все его заказы в последний раз перечитаны, МСК'
)
SQL SECURITY DEFINER
AS SELECT event_id, observed_at FROM zakaz.state_sweeps FINAL;

CREATE OR REPLACE VIEW zakaz.meta_webhooks
(
    webhook_id  String COMMENT 'Хеш типа и тела уведомления: при повторной доставке строка та же',
    event_type  LowCardinality(String) COMMENT 'Тип уведомления, как его назвал QTickets (не подписан: доверять нельзя)',
    order_id    UInt64 COMMENT 'Номер заказа QTickets',
    deliveries  UInt32 COMMENT 'Сколько раз доставлено',
    first_at    DateTime64(3, 'Europe/Moscow') COMMENT 'Первая доставка, МСК',
    received_at DateTime64(3, 'Europe/Moscow') COMMENT 'Последняя доставка, МСК',
    handled_at  Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Когда заказ перечитан и опубликован, МСК. NULL — ждёт',
    delay_ms    Nullable(Int64) COMMENT 'От последней доставки до публикации, мс. NULL — ждёт',
    run_id      String COMMENT 'Запуск, перечитавший заказ'
)
SQL SECURITY DEFINER
AS SELECT
    webhook_id, event_type, order_id, deliveries, first_at, received_at, handled_at,
    dateDiff('millisecond', received_at, handled_at) AS delay_ms, run_id
FROM zakaz.state_webhooks FINAL;

-- A load that finds a changed order which no webhook named within a day before, or an hour after (the last
-- repetition of a delivery), shows that webhooks are lost.
CREATE OR REPLACE VIEW zakaz.meta_webhook_days
(
    day              Date COMMENT 'Московский день',
    webhooks         UInt64 COMMENT 'Уведомлений, без повторных доставок',
    deliveries       UInt64 COMMENT 'Доставок',
    pending          UInt64 COMMENT 'Ещё не обработано',
    delay_median_ms  Nullable(Float64) COMMENT 'От доставки до публикации, медиана, мс',
    delay_max_ms     Nullable(Int64) COMMENT 'От доставки до публикации, максимум, мс',
    orders_announced UInt64 COMMENT 'Заказов в уведомлениях',
    orders_missed    UInt64 COMMENT 'Заказов, изменения которых нашла загрузка, а уведомления о них не было'
)
SQL SECURITY DEFINER
AS SELECT
    w.day AS day, w.webhooks AS webhooks, w.deliveries AS deliveries, w.pending AS pending, w.delay_median_ms AS delay_median_ms,
    w.delay_max_ms AS delay_max_ms, w.orders_announced AS orders_announced, m.missed AS orders_missed
FROM
(
    SELECT
        toDate(received_at) AS day, count() AS webhooks, toUInt64(sum(h.deliveries)) AS deliveries, countIf(isNull(handled_at)) AS pending,
        if(count() = countIf(isNull(handled_at)), NULL, quantileIf(0.5)(ifNull(delay_ms, 0), isNotNull(handled_at))) AS delay_median_ms,
        max(delay_ms) AS delay_max_ms, uniqExact(order_id) AS orders_announced
    FROM
    (
        SELECT received_at, deliveries, handled_at, order_id, dateDiff('millisecond', received_at, handled_at) AS delay_ms
        FROM zakaz.state_webhooks FINAL
    ) AS h
    GROUP BY day
) AS w
LEFT JOIN
(
    SELECT day, count() AS missed
    FROM
    (
        SELECT f.order_id AS order_id, any(f.day) AS day, countIf(a.received_at BETWEEN f.found_at - INTERVAL 1 DAY AND f.found_at + INTERVAL 1 HOUR) AS announced
        FROM
        (
            SELECT order_id, fromUnixTimestamp64Milli(toInt64(intDiv(version, 1000000)), 'Europe/Moscow') AS found_at, toDate(found_at) AS day
            FROM zakaz.state_orders FINAL
            WHERE run_id IN (SELECT run_id FROM zakaz.state_job_runs FINAL WHERE mode IN ('increment', 'reconcile') AND started_at > now() - INTERVAL 30 DAY)
        ) AS f
        LEFT JOIN (SELECT order_id, received_at FROM zakaz.state_webhooks FINAL) AS a ON a.order_id = f.order_id
        GROUP BY f.order_id
    )
    WHERE announced = 0
    GROUP BY day
) AS m ON m.day = w.day;

CREATE OR REPLACE VIEW zakaz.meta_alerts
(
    alert_id  String COMMENT 'Номер тревоги',
    rule      LowCardinality(String) COMMENT 'Правило: no_data, failed_runs, orders_drop, dead_run, quarantine, probe_change, reconcile или cannot_check (docs/alerts.md)',
    subject   String COMMENT 'О чём именно, если правило может сработать сразу по нескольким поводам',
    opened_at DateTime64(3, 'Europe/Moscow') COMMENT 'Когда замечена, МСК',
    ended_at  Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Когда закончилась, МСК. NULL — продолжается',
    told_at   Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Когда отправлено первое оповещение, МСК. NULL — не отправлено',
    level     UInt64 COMMENT 'Сколько строк, заказов или правил затронуто, 0 — не считается',
    text      String COMMENT 'Что найдено'
)
SQL SECURITY DEFINER
AS SELECT alert_id, rule, subject, opened_at, ended_at, told_at, level, text FROM zakaz.state_alerts FINAL;

CREATE OR REPLACE VIEW zakaz.meta_assumptions
(
    assumption_id UInt32 COMMENT 'Номер: до 22 — строка раздела 18 в docs/qtickets-api.md, больше — последний список его раздела 8',
    code          LowCardinality(String) COMMENT 'Название',
    assumes       String COMMENT 'Что мы предполагаем об API QTickets',
    affects       String COMMENT 'На что это влияет и что делает программа, если это не так',
    state         LowCardinality(String) COMMENT 'confirmed — подтверждено, refuted — противоречит данным, not_seen — не проверено',
    confirming    UInt64 COMMENT 'Сколько наблюдений за (заказ, прочитанный дважды, считается дважды)',
    refuting      UInt64 COMMENT 'Сколько наблюдений против',
    since         DateTime64(3, 'Europe/Moscow') COMMENT 'С какого момента в этом состоянии, МСК',
    first_seen    Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Первое наблюдение, МСК. NULL — не было',
    confirmed_at  Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Последнее наблюдение за, МСК. NULL — не было',
    refuted_at    Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Последнее наблюдение против, МСК. NULL — не было',
    run_id        String COMMENT 'Запуск последнего наблюдения'
)
SQL SECURITY DEFINER
AS SELECT assumption_id, code, assumes, affects, state, confirming, refuting, since, first_seen, confirmed_at, refuted_at, run_id
FROM zakaz.state_assumptions FINAL;

CREATE OR REPLACE VIEW zakaz.meta_backups
(
    kind      String COMMENT 'backup — резервная копия, drill — проверка восстановления',
    good_copy String COMMENT 'Последняя удавшаяся копия или последняя копия, которую удалось восстановить. Пусто — не было',
    good_at   Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Когда это было, МСК. NULL — не было',
    failed_at Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Последняя неудача после этого, МСК. NULL — не было'
)
SQL SECURITY DEFINER
AS SELECT toString(b.kind) AS kind, argMaxIf(copy_name, finished_at, good = 1) AS good_copy, maxOrNullIf(finished_at, good = 1) AS good_at,
    if(maxIf(finished_at, good = 0) > maxIf(finished_at, good = 1), maxOrNullIf(finished_at, good = 0), NULL) AS failed_at
FROM zakaz.state_backups AS b FINAL
GROUP BY b.kind;

-- ------------------------------------------------------------------ views of the published batch

-- Two layers, so that all marts in one statement show the same publication: a view with its creator's
-- rights looks the pointer up on its own, and two of them may straddle a switch. The batch_* views open
-- the tables below, fact_* and v_* run with the reader's rights and share one look at the pointer
-- (docs/decisions/0004-publication.md). The aliases keep older servers from taking COMMENT for one.

-- The Moscow clock of the views for BI, in one place: a test sets it by replacing this view.
CREATE OR REPLACE VIEW zakaz.batch_now SQL SECURITY DEFINER
AS SELECT now('Europe/Moscow') AS now, toDate(now) AS today
COMMENT 'Служебное: который час и какой день в Москве';

-- How many rows each batch has on this server: read from the metadata of the partitions.
CREATE OR REPLACE VIEW zakaz.batch_rows SQL SECURITY DEFINER
AS SELECT batch, sum(n) AS rows
FROM
(
    SELECT batch, count() AS n FROM zakaz.store_parts GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_sales_daily GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_sales_utm_daily GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_refunds_daily GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_movements GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_entries GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_inventory_latest GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_zones_latest GROUP BY batch
    UNION ALL SELECT batch, count() AS n FROM zakaz.store_sales_dashboard GROUP BY batch
)
GROUP BY batch
COMMENT 'Служебное: сколько строк каждой публикации есть на этом сервере';

-- Readers see the last publication of which everything is on the server they ask: its own rows and those it takes over.
-- On one server that is always the last one, and a replica may still wait for a part.
CREATE OR REPLACE VIEW zakaz.batch_published SQL SECURITY DEFINER
AS WITH
    last AS (SELECT seq, batch, as_of, published_at, rows FROM zakaz.publish ORDER BY seq DESC LIMIT 2000),
    lacking AS
    (
        SELECT named.batch
        FROM (SELECT batch, max(l.rows) AS rows FROM last AS l GROUP BY batch) AS named
        LEFT JOIN zakaz.batch_rows AS found ON found.batch = named.batch
        WHERE named.rows > found.rows
    )
SELECT argMax(p.batch, p.seq) AS batch, argMax(p.as_of, p.seq) AS as_of, argMax(p.published_at, p.seq) AS published_at
FROM last AS p
WHERE p.batch NOT IN
(
    SELECT batch FROM (SELECT batch, built FROM zakaz.store_parts UNION ALL SELECT batch, batch AS built FROM last)
    WHERE built IN (SELECT batch FROM lacking)
)
COMMENT 'Служебное: какая публикация видна в отчётах';

-- The last publication, whether all of it is here or not: who has seen it in batch_published needs not ask again.
CREATE OR REPLACE VIEW zakaz.batch_newest SQL SECURITY DEFINER
AS SELECT batch, as_of, published_at FROM zakaz.publish AS p ORDER BY seq DESC LIMIT 1
COMMENT 'Служебное: последняя публикация, даже если она ещё не вся на этом сервере';

-- From which batch the rows of each slice of a publication are. Those of batches made before there were slices have
-- the slice 0.
CREATE OR REPLACE VIEW zakaz.batch_parts SQL SECURITY DEFINER
AS SELECT batch, built, slice FROM zakaz.store_parts WHERE part = 'orders'
UNION ALL
SELECT DISTINCT batch, batch AS built, toUInt64(0) AS slice FROM zakaz.publish
COMMENT 'Служебное: из каких частей состоит каждая публикация';

CREATE OR REPLACE VIEW zakaz.batch_seats_read SQL SECURITY DEFINER
AS SELECT batch, show_id, max(observed_at) AS observed_at
FROM (SELECT batch, seats_read FROM zakaz.publish)
ARRAY JOIN mapKeys(seats_read) AS show_id, mapValues(seats_read) AS observed_at
GROUP BY batch, show_id
COMMENT 'Служебное: когда места прочитаны снова и не изменились с тех пор, как публикация посчитана';

CREATE OR REPLACE VIEW zakaz.batch_sales_daily SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_sales_daily AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_sales_daily';

CREATE OR REPLACE VIEW zakaz.batch_sales_utm_daily SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_sales_utm_daily AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_sales_utm_daily';

CREATE OR REPLACE VIEW zakaz.batch_refunds_daily SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_refunds_daily AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_refunds_daily';

CREATE OR REPLACE VIEW zakaz.batch_inventory_latest SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_inventory_latest AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_inventory_latest';

CREATE OR REPLACE VIEW zakaz.batch_sales_dashboard SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_sales_dashboard AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — v_qtickets_sales_dashboard';

CREATE OR REPLACE VIEW zakaz.batch_movements SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_movements AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_movements';

CREATE OR REPLACE VIEW zakaz.batch_entries SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_entries AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_entries';

CREATE OR REPLACE VIEW zakaz.batch_zones_latest SQL SECURITY DEFINER
AS SELECT * FROM zakaz.store_zones_latest AS s
COMMENT 'Служебное: данные нескольких публикаций сразу. Для отчётов — fact_qtickets_zones_latest';

CREATE OR REPLACE VIEW zakaz.batch_forecasts SQL SECURITY DEFINER
AS SELECT * FROM zakaz.state_forecasts AS s WHERE version = (SELECT max(version) FROM zakaz.state_forecasts)
COMMENT 'Служебное: последние прогнозы предстоящих показов. Для отчётов — v_qtickets_plan';

CREATE OR REPLACE VIEW zakaz.fact_qtickets_sales_daily
(
    sales_date       Date COMMENT 'День продажи: московский день оплаты',
    event_id         UInt64 COMMENT 'Мероприятие',
    show_id          UInt64 COMMENT 'Показ (дата мероприятия)',
    event_name       String COMMENT 'Название мероприятия',
    city             String COMMENT 'Город',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    orders           UInt64 COMMENT 'Заказы с проданными билетами на этот показ',
    tickets_sold     Int64 COMMENT 'Проданные билеты, без возвращённых и отменённых',
    tickets_free     Int64 COMMENT 'Из них бесплатные',
    gross_tickets    Int64 COMMENT 'Все оплаченные билеты, в том числе позже возвращённые',
    refunded_tickets Int64 COMMENT 'Из них возвращены позже (отнесены к дню продажи)',
    gross_revenue    Decimal(18, 2) COMMENT 'Оплачено до возвратов',
    refunded_revenue Decimal(18, 2) COMMENT 'Из этого возвращено покупателям (отнесено к дню продажи)',
    revenue          Decimal(18, 2) COMMENT 'Выручка: оплачено минус возвращено',
    discount         Decimal(18, 2) COMMENT 'Скидки на проданные билеты'
)
SQL SECURITY INVOKER
AS SELECT
    sales_date, event_id, show_id, any(s.event_name) AS event_name, any(s.city) AS city, currency_id, sum(s.orders) AS orders,
    sum(s.tickets_sold) AS tickets_sold, sum(s.tickets_free) AS tickets_free, sum(s.gross_tickets) AS gross_tickets,
    sum(s.refunded_tickets) AS refunded_tickets, toDecimal64(sum(s.gross_revenue), 2) AS gross_revenue,
    toDecimal64(sum(s.refunded_revenue), 2) AS refunded_revenue, toDecimal64(sum(s.revenue), 2) AS revenue,
    toDecimal64(sum(s.discount), 2) AS discount
FROM zakaz.batch_sales_daily AS s
WHERE (batch, slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1)
GROUP BY sales_date, event_id, show_id, currency_id;

CREATE OR REPLACE VIEW zakaz.fact_qtickets_sales_utm_daily
(
    sales_date       Date COMMENT 'День продажи: московский день оплаты',
    event_id         UInt64 COMMENT 'Мероприятие',
    event_name       String COMMENT 'Название мероприятия',
    city             String COMMENT 'Город',
    utm_source       String COMMENT 'UTM-источник в нижнем регистре, пусто — без метки',
    utm_medium       String COMMENT 'Тип трафика (UTM), пусто — без метки',
    utm_campaign     String COMMENT 'UTM-кампания, пусто — без метки',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    orders           UInt64 COMMENT 'Заказы с проданными билетами',
    tickets_sold     Int64 COMMENT 'Проданные билеты, без возвращённых и отменённых',
    tickets_free     Int64 COMMENT 'Из них бесплатные',
    gross_tickets    Int64 COMMENT 'Все оплаченные билеты, в том числе позже возвращённые',
    refunded_tickets Int64 COMMENT 'Из них возвращены позже (отнесены к дню продажи)',
    gross_revenue    Decimal(18, 2) COMMENT 'Оплачено до возвратов',
    refunded_revenue Decimal(18, 2) COMMENT 'Из этого возвращено покупателям (отнесено к дню продажи)',
    revenue          Decimal(18, 2) COMMENT 'Выручка: оплачено минус возвращено'
)
SQL SECURITY INVOKER
AS SELECT
    sales_date, event_id, any(s.event_name) AS event_name, any(s.city) AS city, utm_source, utm_medium, utm_campaign, currency_id,
    sum(s.orders) AS orders, sum(s.tickets_sold) AS tickets_sold, sum(s.tickets_free) AS tickets_free,
    sum(s.gross_tickets) AS gross_tickets, sum(s.refunded_tickets) AS refunded_tickets,
    toDecimal64(sum(s.gross_revenue), 2) AS gross_revenue, toDecimal64(sum(s.refunded_revenue), 2) AS refunded_revenue,
    toDecimal64(sum(s.revenue), 2) AS revenue
FROM zakaz.batch_sales_utm_daily AS s
WHERE (batch, slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1)
GROUP BY sales_date, event_id, utm_source, utm_medium, utm_campaign, currency_id;

CREATE OR REPLACE VIEW zakaz.fact_qtickets_refunds_daily
(
    refund_date      Date COMMENT 'День возврата, МСК',
    event_id         UInt64 COMMENT 'Мероприятие',
    show_id          UInt64 COMMENT 'Показ (дата мероприятия)',
    event_name       String COMMENT 'Название мероприятия',
    city             String COMMENT 'Город',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    refunded_tickets Int64 COMMENT 'Возвращённые билеты',
    gross_revenue    Decimal(18, 2) COMMENT 'Сколько за них было заплачено',
    refunded_revenue Decimal(18, 2) COMMENT 'Возвращено покупателям',
    kept_revenue     Decimal(18, 2) COMMENT 'Удержано при возврате'
)
SQL SECURITY INVOKER
AS SELECT
    refund_date, event_id, show_id, any(s.event_name) AS event_name, any(s.city) AS city, currency_id,
    sum(s.refunded_tickets) AS refunded_tickets, toDecimal64(sum(s.gross_revenue), 2) AS gross_revenue,
    toDecimal64(sum(s.refunded_revenue), 2) AS refunded_revenue, toDecimal64(sum(s.kept_revenue), 2) AS kept_revenue
FROM zakaz.batch_refunds_daily AS s
WHERE (batch, slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1)
GROUP BY refund_date, event_id, show_id, currency_id;

CREATE OR REPLACE VIEW zakaz.fact_qtickets_inventory_latest
(
    snapshot_ts DateTime64(3, 'Europe/Moscow') COMMENT 'Когда загружены данные о местах, МСК',
    event_id    UInt64 COMMENT 'Мероприятие',
    show_id     UInt64 COMMENT 'Показ (дата мероприятия)',
    event_name  String COMMENT 'Название мероприятия',
    city        String COMMENT 'Город',
    show_date   Nullable(Date) COMMENT 'Дата показа по местному времени',
    show_time   String COMMENT 'Начало по местному времени',
    capacity    Nullable(Int64) COMMENT 'Всего мест. NULL — неизвестно',
    sold        Nullable(Int64) COMMENT 'Оплачено мест по схеме зала',
    held        Nullable(Int64) COMMENT 'В брони и корзинах',
    free        Nullable(Int64) COMMENT 'В продаже: можно купить сейчас, 0 — мест нет',
    closed      Nullable(Int64) COMMENT 'Закрыто организатором (не продаётся)'
)
SQL SECURITY INVOKER
AS SELECT
    greatest(s.snapshot_ts, ifNull(again.observed_at, s.snapshot_ts)) AS snapshot_ts, event_id, s.show_id AS show_id, event_name, city, show_date, show_time,
    capacity, sold, held, free, closed
FROM zakaz.batch_inventory_latest AS s
LEFT JOIN
(
    SELECT show_id, observed_at FROM zakaz.batch_seats_read WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1
) AS again ON again.show_id = s.show_id
WHERE s.batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1;

-- What happened when: sales by the minute of payment, refunds by the minute of the refund. Nothing in it moves later,
-- but for cancellations without a refund, which were never a sale.
CREATE OR REPLACE VIEW zakaz.fact_qtickets_movements
(
    at               DateTime('Europe/Moscow') COMMENT 'Минута оплаты или возврата, МСК',
    day              Date COMMENT 'Московский день оплаты или возврата',
    hour             UInt8 COMMENT 'Час по Москве, 0–23',
    weekday          UInt8 COMMENT 'День недели по Москве, 1 — понедельник',
    event_id         UInt64 COMMENT 'Мероприятие',
    show_id          UInt64 COMMENT 'Показ (дата мероприятия)',
    event_name       LowCardinality(String) COMMENT 'Название мероприятия',
    city             LowCardinality(String) COMMENT 'Город',
    show_date        Nullable(Date) COMMENT 'Дата показа по местному времени',
    days_left        Nullable(Int32) COMMENT 'Дней до показа: дата показа минус день движения, не меньше 0. NULL — у показа нет даты',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    utm_source       LowCardinality(String) COMMENT 'UTM-источник в нижнем регистре, пусто — без метки',
    utm_medium       LowCardinality(String) COMMENT 'Тип трафика (UTM), пусто — без метки',
    utm_campaign     LowCardinality(String) COMMENT 'UTM-кампания, пусто — без метки',
    promo_code       LowCardinality(String) COMMENT 'Промокод, пусто — без промокода',
    payment_type_id  LowCardinality(String) COMMENT 'Способ оплаты',
    order_tickets    UInt32 COMMENT 'Сколько билетов оплачено в заказе',
    orders           UInt8 COMMENT 'Оплаченные заказы. Заказ на несколько показов посчитан один раз, у одного из них',
    tickets          Int64 COMMENT 'Оплаченные билеты, в том числе позже возвращённые',
    tickets_free     Int64 COMMENT 'Из них бесплатные',
    gross_revenue    Decimal(18, 2) COMMENT 'Оплачено',
    refunded_tickets Int64 COMMENT 'Возвращённые билеты',
    refunded_gross   Decimal(18, 2) COMMENT 'Сколько было заплачено за возвращённые билеты',
    refunded_revenue Decimal(18, 2) COMMENT 'Возвращено покупателям',
    site             LowCardinality(String) COMMENT 'Сайт, на котором сделан заказ: адрес, #номер — адрес неизвестен, пусто — сайт неизвестен',
    ordered_at       DateTime('Europe/Moscow') COMMENT 'Минута, когда сделан заказ, МСК',
    discount         Decimal(18, 2) COMMENT 'Скидки на оплаченные билеты. Номинал — оплачено плюс скидка',
    free_discount    Decimal(18, 2) COMMENT 'Из них на бесплатные билеты: их номинал',
    tickets_unpriced Int64 COMMENT 'Бесплатные билеты без скидки: номинал неизвестен'
)
SQL SECURITY INVOKER
AS SELECT
    at, toDate(at) AS day, toHour(at) AS hour, toDayOfWeek(at) AS weekday, event_id, show_id, event_name, city, show_date,
    if(isNull(show_date), NULL, greatest(0, toInt32(show_date) - toInt32(toDate(at)))) AS days_left,
    currency_id, utm_source, utm_medium, utm_campaign, promo_code, payment_type_id, order_tickets, orders, tickets, tickets_free,
    gross_revenue, refunded_tickets, refunded_gross, refunded_revenue,
    site, ordered_at, discount, free_discount, tickets_unpriced
FROM zakaz.batch_movements
WHERE (batch, slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1);

-- Who of the sold tickets came, and when.
CREATE OR REPLACE VIEW zakaz.fact_qtickets_entries
(
    event_id       UInt64 COMMENT 'Мероприятие',
    show_id        UInt64 COMMENT 'Показ (дата мероприятия)',
    event_name     LowCardinality(String) COMMENT 'Название мероприятия',
    city           LowCardinality(String) COMMENT 'Город',
    show_date      Nullable(Date) COMMENT 'Дата показа по местному времени',
    currency_id    LowCardinality(String) COMMENT 'Валюта цены',
    utm_source     LowCardinality(String) COMMENT 'UTM-источник заказа в нижнем регистре, пусто — без метки',
    price          Decimal(18, 2) COMMENT 'Цена билета, 0 — бесплатный',
    checked_at     Nullable(DateTime('Europe/Moscow')) COMMENT 'Минута сканирования на входе, МСК. NULL — билет не отсканирован',
    after_start    Nullable(Int32) COMMENT 'Минут от начала показа до сканирования, до начала — меньше 0. NULL — билет не отсканирован или начало неизвестно',
    tickets        Int64 COMMENT 'Проданные билеты, без возвращённых и отменённых',
    tickets_came   Int64 COMMENT 'Из них отсканированы на входе'
)
SQL SECURITY INVOKER
AS SELECT
    e.event_id AS event_id, e.show_id AS show_id, e.event_name AS event_name, e.city AS city, e.show_date AS show_date,
    e.currency_id AS currency_id, utm_source, price, checked_at,
    if(starts.start_at = 0, NULL, CAST(floor((toInt64(e.checked_at) - starts.start_at) / 60) AS Nullable(Int32))) AS after_start,
    e.tickets AS tickets, if(isNull(e.checked_at), 0, e.tickets) AS tickets_came
FROM zakaz.batch_entries AS e
LEFT JOIN
(
    SELECT show_id, max(toInt64(ifNull(d.start_at, toDateTime(0)))) AS start_at
    FROM zakaz.batch_sales_dashboard AS d
    WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1
    GROUP BY show_id
) AS starts ON starts.show_id = e.show_id
WHERE (e.batch, e.slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1);

CREATE OR REPLACE VIEW zakaz.fact_qtickets_zones_latest
(
    snapshot_ts      DateTime64(3, 'Europe/Moscow') COMMENT 'Когда загружены данные о местах, МСК',
    event_id         UInt64 COMMENT 'Мероприятие',
    show_id          UInt64 COMMENT 'Показ (дата мероприятия)',
    event_name       String COMMENT 'Название мероприятия',
    city             String COMMENT 'Город',
    show_date        Nullable(Date) COMMENT 'Дата показа по местному времени',
    show_time        String COMMENT 'Начало по местному времени',
    zone_id          String COMMENT 'Зона зала. Место, которое продают по нескольким тарифам, посчитано один раз',
    zone_name        String COMMENT 'Название зоны',
    currency_id      LowCardinality(String) COMMENT 'Валюта цен: валюта мероприятия',
    capacity         Nullable(Int64) COMMENT 'Всего мест. NULL — неизвестно',
    sold             Nullable(Int64) COMMENT 'Оплачено мест по схеме зала',
    held             Nullable(Int64) COMMENT 'В брони и корзинах',
    free             Nullable(Int64) COMMENT 'В продаже: можно купить сейчас, 0 — мест нет',
    closed           Nullable(Int64) COMMENT 'Закрыто организатором (не продаётся)',
    min_price        Nullable(Decimal(18, 2)) COMMENT 'Минимальный номинал места',
    max_price        Nullable(Decimal(18, 2)) COMMENT 'Максимальный номинал места',
    possible_revenue Nullable(Decimal(18, 2)) COMMENT 'Потенциальная выручка зоны: стоимость всех её мест по номиналу. NULL — неизвестна'
)
SQL SECURITY INVOKER
AS SELECT
    greatest(s.snapshot_ts, ifNull(again.observed_at, s.snapshot_ts)) AS snapshot_ts, event_id, s.show_id AS show_id, event_name, city, show_date, show_time, zone_id, zone_name, currency_id, capacity, sold, held,
    free, closed, min_price, max_price, possible_revenue
FROM zakaz.batch_zones_latest AS s
LEFT JOIN
(
    SELECT show_id, observed_at FROM zakaz.batch_seats_read WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1
) AS again ON again.show_id = s.show_id
WHERE s.batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1;

-- The views for BI, all of them v_* (docs/decisions/0022-views-for-bi.md): money is Float64, because BI divides sums and a
-- Decimal quotient keeps two digits or fails, days and times are Nullable, because max() of none would be 1970, and days
-- to filter by are counted from today in Moscow. A comment begins with the title of its column, up to the first ". ".
CREATE OR REPLACE VIEW zakaz.v_qtickets_sales_dashboard
(
    event_id           UInt64 COMMENT 'Номер мероприятия',
    show_id            UInt64 COMMENT 'Номер показа',
    event_name         String COMMENT 'Мероприятие',
    city               String COMMENT 'Город',
    show_name          String COMMENT 'Название показа. Часто пусто',
    show_date          Nullable(Date) COMMENT 'Дата показа. По местному времени. NULL — даты нет',
    show_time          String COMMENT 'Время показа. Начало по местному времени',
    start_at           Nullable(DateTime('Europe/Moscow')) COMMENT 'Начало, МСК',
    finish_at          Nullable(DateTime('Europe/Moscow')) COMMENT 'Конец, МСК',
    currency_id        LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    tickets_sold_today Int64 COMMENT 'Продано за день. Билетов за московский день, на который данные полны',
    revenue_today      Float64 COMMENT 'Выручка за день. За московский день, на который данные полны',
    tickets_sold_14d   Int64 COMMENT 'Продано за 14 дней. Билетов, включая день, на который данные полны',
    revenue_14d        Float64 COMMENT 'Выручка за 14 дней. Включая день, на который данные полны',
    tickets_sold       Int64 COMMENT 'Продано. Билетов всего, без возвращённых и отменённых',
    tickets_free       Int64 COMMENT 'Бесплатные билеты. Входят в проданные',
    refunded_tickets   Int64 COMMENT 'Возвращено билетов',
    gross_revenue      Float64 COMMENT 'Оплачено. До возвратов',
    refunded_revenue   Float64 COMMENT 'Возвращено. Деньги, отданные покупателям',
    revenue            Float64 COMMENT 'Выручка. Всего: оплачено минус возвращено',
    capacity           Nullable(Int64) COMMENT 'Всего мест. NULL — неизвестно',
    closed             Nullable(Int64) COMMENT 'Закрыто мест. Организатором, не продаются. NULL — неизвестно',
    tickets_left       Nullable(Int64) COMMENT 'В продаже. Можно купить сейчас, 0 — мест нет, NULL — неизвестно',
    fill               Nullable(Float64) COMMENT 'Заполняемость. Продано / (всего мест − закрыто), от 0 до 1. NULL — неизвестна',
    inventory_ts       Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Места на момент, МСК. Когда загружены данные о местах',
    as_of              Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Данные на момент, МСК. Продажи и возвраты полны до него',
    place_name         LowCardinality(String) COMMENT 'Площадка',
    timezone           LowCardinality(String) COMMENT 'Часовой пояс. Города показа',
    cancelled          UInt8 COMMENT 'Отменён. 1 — показ или мероприятие удалены',
    sale_start_at      Nullable(DateTime('Europe/Moscow')) COMMENT 'Начало продаж, МСК',
    sold_revenue       Float64 COMMENT 'Цена проданных билетов. Без возвращённых',
    possible_revenue   Nullable(Float64) COMMENT 'Потенциальная выручка. Стоимость всех мест по номиналу, в валюте мероприятия. NULL — неизвестна',
    is_coming          UInt8 COMMENT 'Предстоит. 1 — показ не отменён и не закончился на момент данных, как на панели',
    days_to_show       Nullable(Int32) COMMENT 'Дней до даты показа. От сегодня по Москве, меньше 0 — показ прошёл. NULL — даты нет',
    days_ago           Int32 COMMENT 'Данным дней. 0 — «за день» и «за 14 дней» считают сегодняшний день по Москве, 1 — вчерашний'
)
SQL SECURITY INVOKER
AS SELECT
    event_id, s.show_id AS show_id, event_name, city, show_name, show_date, show_time, start_at, finish_at, currency_id,
    tickets_sold_today, toFloat64(revenue_today) AS revenue_today,
    tickets_sold_14d, toFloat64(revenue_14d) AS revenue_14d,
    tickets_sold, tickets_free, refunded_tickets,
    toFloat64(gross_revenue) AS gross_revenue, toFloat64(refunded_revenue) AS refunded_revenue, toFloat64(revenue) AS revenue,
    capacity, closed, tickets_left, fill,
    if(isNull(s.inventory_ts), NULL, greatest(assumeNotNull(s.inventory_ts), ifNull(again.observed_at, assumeNotNull(s.inventory_ts)))) AS inventory_ts,
    (SELECT (batch, as_of) FROM zakaz.batch_published).2 AS as_of, place_name, timezone, cancelled, sale_start_at,
    toFloat64(sold_revenue) AS sold_revenue, toFloat64(possible_revenue) AS possible_revenue,
    cancelled = 0 AND ifNull(ifNull(finish_at, start_at) > (SELECT (batch, as_of) FROM zakaz.batch_published).2, 1) AS is_coming,
    toInt32(show_date) - toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) AS days_to_show,
    toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) - toInt32(toDate(assumeNotNull((SELECT (batch, as_of) FROM zakaz.batch_published).2), 'Europe/Moscow')) AS days_ago
FROM zakaz.batch_sales_dashboard AS s
LEFT JOIN
(
    SELECT show_id, observed_at FROM zakaz.batch_seats_read WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1
) AS again ON again.show_id = s.show_id
WHERE s.batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1;

CREATE OR REPLACE VIEW zakaz.v_qtickets_sales_daily
(
    sales_date       Nullable(Date) COMMENT 'День продажи. Московский день оплаты',
    event_id         UInt64 COMMENT 'Номер мероприятия',
    show_id          UInt64 COMMENT 'Номер показа',
    event_name       String COMMENT 'Мероприятие',
    city             String COMMENT 'Город',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    orders           UInt64 COMMENT 'Заказы. С проданными билетами на этот показ: заказ на два показа посчитан у обоих',
    tickets_sold     Int64 COMMENT 'Продано. Билетов, без возвращённых и отменённых',
    tickets_free     Int64 COMMENT 'Бесплатные билеты. Входят в проданные',
    gross_tickets    Int64 COMMENT 'Оплачено билетов. В том числе позже возвращённые',
    refunded_tickets Int64 COMMENT 'Возвращено билетов. Из оплаченных в этот день, когда бы их ни вернули',
    gross_revenue    Float64 COMMENT 'Оплачено. До возвратов',
    refunded_revenue Float64 COMMENT 'Возвращено. Деньги за билеты, оплаченные в этот день',
    revenue          Float64 COMMENT 'Выручка. Оплачено минус возвращено',
    discount         Float64 COMMENT 'Скидки. На проданные билеты',
    days_ago         Int32 COMMENT 'Дней назад. 0 — сегодня по Москве, 1 — вчера',
    is_today         UInt8 COMMENT 'Сегодня. 1 — этот московский день идёт сейчас'
)
SQL SECURITY INVOKER
AS SELECT
    sales_date, event_id, show_id, event_name, city, currency_id, orders, tickets_sold, tickets_free, gross_tickets, refunded_tickets,
    toFloat64(gross_revenue) AS gross_revenue, toFloat64(refunded_revenue) AS refunded_revenue, toFloat64(revenue) AS revenue,
    toFloat64(discount) AS discount,
    toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) - toInt32(sales_date) AS days_ago, sales_date = assumeNotNull((SELECT today FROM zakaz.batch_now)) AS is_today
FROM zakaz.fact_qtickets_sales_daily;

CREATE OR REPLACE VIEW zakaz.v_qtickets_sales_utm_daily
(
    sales_date       Nullable(Date) COMMENT 'День продажи. Московский день оплаты',
    event_id         UInt64 COMMENT 'Номер мероприятия',
    event_name       String COMMENT 'Мероприятие',
    city             String COMMENT 'Город',
    utm_source       String COMMENT 'UTM-источник. В нижнем регистре, пусто — без метки',
    utm_medium       String COMMENT 'Тип трафика. UTM-метка medium, пусто — без метки',
    utm_campaign     String COMMENT 'UTM-кампания. Пусто — без метки',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    orders           UInt64 COMMENT 'Заказы. С проданными билетами',
    tickets_sold     Int64 COMMENT 'Продано. Билетов, без возвращённых и отменённых',
    tickets_free     Int64 COMMENT 'Бесплатные билеты. Входят в проданные',
    gross_tickets    Int64 COMMENT 'Оплачено билетов. В том числе позже возвращённые',
    refunded_tickets Int64 COMMENT 'Возвращено билетов. Из оплаченных в этот день, когда бы их ни вернули',
    gross_revenue    Float64 COMMENT 'Оплачено. До возвратов',
    refunded_revenue Float64 COMMENT 'Возвращено. Деньги за билеты, оплаченные в этот день',
    revenue          Float64 COMMENT 'Выручка. Оплачено минус возвращено',
    days_ago         Int32 COMMENT 'Дней назад. 0 — сегодня по Москве, 1 — вчера',
    is_today         UInt8 COMMENT 'Сегодня. 1 — этот московский день идёт сейчас'
)
SQL SECURITY INVOKER
AS SELECT
    sales_date, event_id, event_name, city, utm_source, utm_medium, utm_campaign, currency_id, orders, tickets_sold, tickets_free,
    gross_tickets, refunded_tickets, toFloat64(gross_revenue) AS gross_revenue, toFloat64(refunded_revenue) AS refunded_revenue,
    toFloat64(revenue) AS revenue,
    toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) - toInt32(sales_date) AS days_ago, sales_date = assumeNotNull((SELECT today FROM zakaz.batch_now)) AS is_today
FROM zakaz.fact_qtickets_sales_utm_daily;

CREATE OR REPLACE VIEW zakaz.v_qtickets_refunds_daily
(
    refund_date      Nullable(Date) COMMENT 'День возврата. По Москве',
    event_id         UInt64 COMMENT 'Номер мероприятия',
    show_id          UInt64 COMMENT 'Номер показа',
    event_name       String COMMENT 'Мероприятие',
    city             String COMMENT 'Город',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    refunded_tickets Int64 COMMENT 'Возвращено билетов',
    gross_revenue    Float64 COMMENT 'Цена возвращённых билетов. Сколько за них было заплачено',
    refunded_revenue Float64 COMMENT 'Возвращено. Деньги, отданные покупателям',
    kept_revenue     Float64 COMMENT 'Удержано при возврате',
    days_ago         Int32 COMMENT 'Дней назад. 0 — сегодня по Москве, 1 — вчера',
    is_today         UInt8 COMMENT 'Сегодня. 1 — этот московский день идёт сейчас'
)
SQL SECURITY INVOKER
AS SELECT
    refund_date, event_id, show_id, event_name, city, currency_id, refunded_tickets,
    toFloat64(gross_revenue) AS gross_revenue, toFloat64(refunded_revenue) AS refunded_revenue, toFloat64(kept_revenue) AS kept_revenue,
    toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) - toInt32(refund_date) AS days_ago, refund_date = assumeNotNull((SELECT today FROM zakaz.batch_now)) AS is_today
FROM zakaz.fact_qtickets_refunds_daily;

CREATE OR REPLACE VIEW zakaz.v_qtickets_inventory_latest
(
    snapshot_ts  Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Места на момент, МСК. Когда загружены данные о местах',
    event_id     UInt64 COMMENT 'Номер мероприятия',
    show_id      UInt64 COMMENT 'Номер показа',
    event_name   String COMMENT 'Мероприятие',
    city         String COMMENT 'Город',
    show_date    Nullable(Date) COMMENT 'Дата показа. По местному времени. NULL — даты нет',
    show_time    String COMMENT 'Время показа. Начало по местному времени',
    capacity     Nullable(Int64) COMMENT 'Всего мест. NULL — неизвестно',
    sold         Nullable(Int64) COMMENT 'Оплачено мест. По схеме зала. NULL — неизвестно',
    held         Nullable(Int64) COMMENT 'В брони. И в корзинах. NULL — неизвестно',
    free         Nullable(Int64) COMMENT 'В продаже. Можно купить сейчас, 0 — мест нет, NULL — неизвестно',
    closed       Nullable(Int64) COMMENT 'Закрыто мест. Организатором, не продаются. NULL — неизвестно',
    days_to_show Nullable(Int32) COMMENT 'Дней до даты показа. От сегодня по Москве, меньше 0 — показ прошёл. NULL — даты нет'
)
SQL SECURITY INVOKER
AS SELECT
    snapshot_ts, event_id, show_id, event_name, city, show_date, show_time, capacity, sold, held, free, closed,
    toInt32(show_date) - toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) AS days_to_show
FROM zakaz.fact_qtickets_inventory_latest;

CREATE OR REPLACE VIEW zakaz.v_qtickets_zones_latest
(
    snapshot_ts      Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Места на момент, МСК. Когда загружены данные о местах',
    event_id         UInt64 COMMENT 'Номер мероприятия',
    show_id          UInt64 COMMENT 'Номер показа',
    event_name       String COMMENT 'Мероприятие',
    city             String COMMENT 'Город',
    show_date        Nullable(Date) COMMENT 'Дата показа. По местному времени. NULL — даты нет',
    show_time        String COMMENT 'Время показа. Начало по местному времени',
    zone_id          String COMMENT 'Номер зоны',
    zone_name        String COMMENT 'Зона зала. Место, которое продают по нескольким тарифам, посчитано один раз',
    currency_id      LowCardinality(String) COMMENT 'Валюта цен. Валюта мероприятия',
    capacity         Nullable(Int64) COMMENT 'Всего мест. NULL — неизвестно',
    sold             Nullable(Int64) COMMENT 'Оплачено мест. По схеме зала. NULL — неизвестно',
    held             Nullable(Int64) COMMENT 'В брони. И в корзинах. NULL — неизвестно',
    free             Nullable(Int64) COMMENT 'В продаже. Можно купить сейчас, 0 — мест нет, NULL — неизвестно',
    closed           Nullable(Int64) COMMENT 'Закрыто мест. Организатором, не продаются. NULL — неизвестно',
    min_price        Nullable(Float64) COMMENT 'Минимальный номинал. NULL — неизвестен',
    max_price        Nullable(Float64) COMMENT 'Максимальный номинал. NULL — неизвестен',
    possible_revenue Nullable(Float64) COMMENT 'Потенциальная выручка. Стоимость всех мест зоны по номиналу. NULL — неизвестна',
    days_to_show     Nullable(Int32) COMMENT 'Дней до даты показа. От сегодня по Москве, меньше 0 — показ прошёл. NULL — даты нет'
)
SQL SECURITY INVOKER
AS SELECT
    snapshot_ts, event_id, show_id, event_name, city, show_date, show_time, zone_id, zone_name, currency_id, capacity, sold, held, free,
    closed, toFloat64(min_price) AS min_price, toFloat64(max_price) AS max_price, toFloat64(possible_revenue) AS possible_revenue,
    toInt32(show_date) - toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) AS days_to_show
FROM zakaz.fact_qtickets_zones_latest;

CREATE OR REPLACE VIEW zakaz.v_qtickets_movements
(
    at               Nullable(DateTime('Europe/Moscow')) COMMENT 'Минута, МСК. Оплаты или возврата',
    day              Nullable(Date) COMMENT 'День. Московский день оплаты или возврата',
    hour             UInt8 COMMENT 'Час. По Москве, 0–23',
    weekday          UInt8 COMMENT 'День недели. По Москве, 1 — понедельник',
    event_id         UInt64 COMMENT 'Номер мероприятия',
    show_id          UInt64 COMMENT 'Номер показа',
    event_name       LowCardinality(String) COMMENT 'Мероприятие',
    city             LowCardinality(String) COMMENT 'Город',
    show_date        Nullable(Date) COMMENT 'Дата показа. По местному времени. NULL — даты нет',
    days_left        Nullable(Int32) COMMENT 'Дней до показа. Дата показа минус день движения, не меньше 0. NULL — у показа нет даты',
    currency_id      LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    utm_source       LowCardinality(String) COMMENT 'UTM-источник. В нижнем регистре, пусто — без метки',
    utm_medium       LowCardinality(String) COMMENT 'Тип трафика. UTM-метка medium, пусто — без метки',
    utm_campaign     LowCardinality(String) COMMENT 'UTM-кампания. Пусто — без метки',
    promo_code       LowCardinality(String) COMMENT 'Промокод. Пусто — без промокода',
    payment_type_id  LowCardinality(String) COMMENT 'Способ оплаты',
    order_tickets    UInt32 COMMENT 'Билетов в заказе. Сколько билетов заказа оплачено',
    orders           UInt8 COMMENT 'Заказы. Оплаченные. Заказ на несколько показов посчитан один раз, у одного из них',
    tickets          Int64 COMMENT 'Билеты. Оплаченные, в том числе позже возвращённые',
    tickets_free     Int64 COMMENT 'Бесплатные билеты. Входят в «Билеты»',
    gross_revenue    Float64 COMMENT 'Оплачено',
    refunded_tickets Int64 COMMENT 'Возвращено билетов',
    refunded_gross   Float64 COMMENT 'Цена возвращённых билетов. Сколько за них было заплачено',
    refunded_revenue Float64 COMMENT 'Возвращено. Деньги, отданные покупателям',
    days_ago         Int32 COMMENT 'Дней назад. 0 — сегодня по Москве, 1 — вчера',
    is_today         UInt8 COMMENT 'Сегодня. 1 — этот московский день идёт сейчас',
    site             LowCardinality(String) COMMENT 'Сайт. На котором сделан заказ: адрес, #номер — адрес неизвестен, пусто — сайт неизвестен',
    ordered_at       Nullable(DateTime('Europe/Moscow')) COMMENT 'Заказ сделан, МСК. С точностью до минуты',
    discount         Float64 COMMENT 'Скидки. На оплаченные билеты. Номинал — оплачено плюс скидка',
    free_discount    Float64 COMMENT 'Номинал бесплатных. Скидки на бесплатные билеты, входят в «Скидки»',
    tickets_unpriced Int64 COMMENT 'Билеты без номинала. Бесплатные билеты без скидки: их номинал неизвестен'
)
SQL SECURITY INVOKER
AS SELECT
    at, day, hour, weekday, event_id, show_id, event_name, city, show_date, days_left, currency_id, utm_source, utm_medium, utm_campaign,
    promo_code, payment_type_id, order_tickets, orders, tickets, tickets_free, toFloat64(gross_revenue) AS gross_revenue,
    refunded_tickets, toFloat64(refunded_gross) AS refunded_gross, toFloat64(refunded_revenue) AS refunded_revenue,
    toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) - toInt32(day) AS days_ago, day = assumeNotNull((SELECT today FROM zakaz.batch_now)) AS is_today,
    site, nullIf(ordered_at, toDateTime(0)) AS ordered_at, toFloat64(discount) AS discount, toFloat64(free_discount) AS free_discount, tickets_unpriced
FROM zakaz.fact_qtickets_movements;

CREATE OR REPLACE VIEW zakaz.v_qtickets_entries
(
    event_id     UInt64 COMMENT 'Номер мероприятия',
    show_id      UInt64 COMMENT 'Номер показа',
    event_name   LowCardinality(String) COMMENT 'Мероприятие',
    city         LowCardinality(String) COMMENT 'Город',
    show_date    Nullable(Date) COMMENT 'Дата показа. По местному времени. NULL — даты нет',
    currency_id  LowCardinality(String) COMMENT 'Валюта. Цены билета',
    utm_source   LowCardinality(String) COMMENT 'UTM-источник. Заказа, в нижнем регистре, пусто — без метки',
    price        Float64 COMMENT 'Цена билета. 0 — бесплатный',
    checked_at   Nullable(DateTime('Europe/Moscow')) COMMENT 'Проход, МСК. Минута сканирования на входе. NULL — билет не отсканирован',
    after_start  Nullable(Int32) COMMENT 'Минут от начала. От начала показа до прохода, до начала — меньше 0. NULL — прохода нет или начало неизвестно',
    tickets      Int64 COMMENT 'Билеты. Проданные, без возвращённых и отменённых',
    tickets_came Int64 COMMENT 'Пришли. Билеты, отсканированные на входе',
    days_to_show Nullable(Int32) COMMENT 'Дней до даты показа. От сегодня по Москве, меньше 0 — показ прошёл. NULL — даты нет'
)
SQL SECURITY INVOKER
AS SELECT
    event_id, show_id, event_name, city, show_date, currency_id, utm_source, toFloat64(price) AS price, checked_at, after_start, tickets, tickets_came,
    toInt32(show_date) - toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) AS days_to_show
FROM zakaz.fact_qtickets_entries;

CREATE OR REPLACE VIEW zakaz.v_qtickets_runs
(
    started_at       Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Начало, МСК',
    finished_at      Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Конец, МСК. NULL — идёт',
    status           LowCardinality(String) COMMENT 'Состояние. running — идёт, ok — успешно, partial — частично, failed — не удалась',
    mode             LowCardinality(String) COMMENT 'Вид запуска. backfill — вся история, increment — изменения, reconcile — сверка всех заказов, reread — отдельные заказы, webhook — заказы из уведомлений, rebuild — пересчёт без QTickets',
    message          String COMMENT 'Итог. Или причина неудачи и что делать',
    error_class      LowCardinality(String) COMMENT 'Вид ошибки. Пусто — ошибки нет',
    orders_read      UInt64 COMMENT 'Прочитано заказов',
    tickets_read     UInt64 COMMENT 'Прочитано билетов',
    inventory_read   UInt64 COMMENT 'Показов с местами. Сколько показов, данные о местах которых загружены',
    inventory_failed UInt64 COMMENT 'Показов без мест. Сколько показов, данные о местах которых загрузить не удалось',
    quarantined      UInt64 COMMENT 'В карантин. Сколько строк не удалось разобрать',
    api_requests     UInt64 COMMENT 'Запросов к QTickets',
    duration_ms      UInt64 COMMENT 'Длительность, мс',
    days_ago         Int32 COMMENT 'Дней назад. По московскому дню начала, 0 — сегодня, 1 — вчера',
    is_today         UInt8 COMMENT 'Сегодня. 1 — запуск начат в московский день, который идёт сейчас',
    hours_ago        Int32 COMMENT 'Часов назад. Полных часов от начала, меньше 24 — за последние сутки'
)
SQL SECURITY INVOKER
AS SELECT
    started_at, finished_at, status, mode, message, error_class, orders_read, tickets_read, inventory_read, inventory_failed, quarantined,
    api_requests, duration_ms,
    toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) - toInt32(toDate(started_at)) AS days_ago, toDate(started_at) = assumeNotNull((SELECT today FROM zakaz.batch_now)) AS is_today,
    intDiv(toUnixTimestamp(assumeNotNull((SELECT now FROM zakaz.batch_now))) - toUnixTimestamp(started_at), 3600) AS hours_ago
FROM zakaz.meta_job_runs;

CREATE OR REPLACE VIEW zakaz.v_qtickets_pacing
(
    event_id     UInt64 COMMENT 'Номер мероприятия',
    show_id      UInt64 COMMENT 'Номер показа',
    event_name   LowCardinality(String) COMMENT 'Мероприятие',
    city         LowCardinality(String) COMMENT 'Город',
    show_date    Nullable(Date) COMMENT 'Дата показа. По местному времени',
    days_left    Int32 COMMENT 'Дней до показа. 0 — день показа и после него',
    sold_on_day  Int64 COMMENT 'Продано за день. Минус возвращено в тот день, когда до показа оставалось столько дней',
    sold         Int64 COMMENT 'Продано. Всего к концу этого дня, за вычетом возвращённых',
    days_to_show Nullable(Int32) COMMENT 'Дней до даты показа. От сегодня по Москве, меньше 0 — показ прошёл'
)
SQL SECURITY INVOKER
AS SELECT
    event_id, show_id, event_name, city, show_date, days_left, sold_on_day,
    sum(sold_on_day) OVER (PARTITION BY event_id, show_id ORDER BY days_left DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS sold,
    toInt32(show_date) - toInt32(assumeNotNull((SELECT today FROM zakaz.batch_now))) AS days_to_show
FROM
(
    SELECT
        event_id, show_id, any(m.event_name) AS event_name, any(m.city) AS city, assumeNotNull(m.show_date) AS show_date,
        greatest(0, toInt32(show_date) - toInt32(toDate(move.1))) AS days_left,
        sum(move.2) AS sold_on_day
    FROM zakaz.batch_movements AS m
    -- and nothing on the day up to which the data is complete, so that a show that stopped selling has a flat line
    ARRAY JOIN [
        (at, toInt64(m.tickets) - toInt64(m.refunded_tickets)),
        (toDateTime((SELECT (batch, as_of) FROM zakaz.batch_published).2), toInt64(0))
    ] AS move
    WHERE (batch, slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1)
        AND isNotNull(m.show_date)
    GROUP BY event_id, show_id, show_date, days_left
);

-- A show has a row per currency in which it sells or has a plan, so that no sum is of two currencies. What is said of the whole show stands in each of them.
CREATE OR REPLACE VIEW zakaz.v_qtickets_plan
(
    target            LowCardinality(String) COMMENT 'О чём строка. show — показ, event — план на мероприятие, month — план на месяц. Складывать строки только одного вида',
    event_id          UInt64 COMMENT 'Номер мероприятия',
    show_id           UInt64 COMMENT 'Номер показа. 0 — план на мероприятие',
    event_name        String COMMENT 'Мероприятие',
    city              String COMMENT 'Город',
    show_date         Nullable(Date) COMMENT 'Дата показа. По местному времени. NULL — даты нет или план не на показ',
    month             Nullable(Date) COMMENT 'Месяц. Первый день месяца, за который план. NULL — план на все продажи',
    currency_id       LowCardinality(String) COMMENT 'Валюта. Суммы разных валют не складывать',
    plan_tickets      Nullable(Int64) COMMENT 'План по билетам. NULL — не задан',
    plan_revenue      Nullable(Float64) COMMENT 'План по выручке. NULL — не задан',
    fact_tickets      Int64 COMMENT 'Продано. Билетов без возвращённых. План на месяц — продано минус возвращено за этот московский месяц',
    fact_revenue      Float64 COMMENT 'Выручка. Оплачено минус возвращено. План на месяц — за этот московский месяц',
    state             LowCardinality(String) COMMENT 'Как идут продажи. will_miss, may_miss, on_course, too_early, running, unknown, sold_out, sales_off, finished, cancelled. Пусто — прогноза ещё не было или план не на показ',
    measured_by       LowCardinality(String) COMMENT 'Мера. От чего chance_to_miss и needed_per_day: plan — от плана, usual — от обычного итога похожих показов. Пусто — нет ни того, ни другого или говорить не о чем: показ прошёл, идёт, без даты, мест нет',
    usual_tickets     Nullable(Int64) COMMENT 'Обычный итог. Билетов у похожих показов. Относится ко всему показу',
    forecast_low      Nullable(Int64) COMMENT 'Прогноз: не меньше. Билетов, нижняя граница, в 8 случаях из 10. NULL — обещать рано. Относится ко всему показу',
    forecast_expected Nullable(Int64) COMMENT 'Прогноз. Сколько билетов будет продано к показу. NULL — прогноза нет. Относится ко всему показу',
    forecast_high     Nullable(Int64) COMMENT 'Прогноз: не больше. Билетов, верхняя граница, в 8 случаях из 10. Относится ко всему показу',
    chance_to_miss    Nullable(Float64) COMMENT 'Вероятность не выполнить. Продать меньше плана, от 0 до 1. NULL — сказать нельзя. Относится ко всему показу',
    needed_per_day    Nullable(Float64) COMMENT 'Нужный темп. Билетов в день, чтобы выполнить план к показу. Относится ко всему показу',
    days_left         Nullable(Int32) COMMENT 'Дней до показа. На день, на который данные полны',
    forecast_at       Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Прогноз на момент, МСК. По данным на какой момент он сделан',
    as_of             Nullable(DateTime64(3, 'Europe/Moscow')) COMMENT 'Данные на момент, МСК. Факт полон до него. NULL — ещё ничего не загружено',
    months_ago        Nullable(Int32) COMMENT 'Месяцев назад. 0 — план на этот месяц по Москве, меньше 0 — на будущий. NULL — план не на месяц'
)
SQL SECURITY INVOKER
AS SELECT
    'show' AS target, event_id, show_id, event_name, city, show_date, CAST(NULL AS Nullable(Date)) AS month, currency_id,
    plan_tickets, toFloat64(plan_money) AS plan_revenue, fact_tickets, toFloat64(fact_money) AS fact_revenue,
    multiIf(cancelled = 1, 'cancelled', over = 1, 'finished', state) AS state,
    multiIf(NOT selling, '', planned > 0, 'plan', usual > 0, 'usual', '') AS measured_by,
    usual AS usual_tickets, low AS forecast_low, expected AS forecast_expected, high AS forecast_high,
    if(judged = goal, chance, NULL) AS chance_to_miss,
    -- to two digits, as the page
    if(selling, intDiv(200 * greatest(0, goal - sold) + greatest(1, days), 2 * greatest(1, days)) / 100, NULL) AS needed_per_day,
    if(over = 1 OR cancelled = 1, NULL, days) AS days_left,
    if(state = '', NULL, forecast_as_of) AS forecast_at,
    nullIf((SELECT (batch, as_of) FROM zakaz.batch_published).2, toDateTime64(0, 3, 'Europe/Moscow')) AS as_of,
    CAST(NULL AS Nullable(Int32)) AS months_ago
FROM
(
    SELECT
        line.event_id AS event_id, line.show_id AS show_id, line.currency_id AS currency_id, one.event_name AS event_name,
        one.city AS city, one.show_date AS show_date, one.cancelled AS cancelled, one.over AS over, one.sold AS sold,
        line.plan_tickets AS plan_tickets, line.plan_money AS plan_money, line.fact_tickets AS fact_tickets,
        line.fact_money AS fact_money, toString(f.state) AS state, f.usual AS usual, f.low AS low, f.expected AS expected,
        f.high AS high, f.goal AS judged, f.chance AS chance, f.as_of AS forecast_as_of,
        sum(line.plan_tickets) OVER (PARTITION BY line.event_id, line.show_id) AS planned,
        if(planned > 0, planned, f.usual) AS goal,
        f.state IN ('will_miss', 'may_miss', 'on_course', 'too_early') AND one.over = 0 AND one.cancelled = 0 AS selling,
        greatest(0, toInt32(one.show_date) - toInt32(toDate((SELECT (batch, as_of) FROM zakaz.batch_published).2, 'Europe/Moscow'))) AS days
    FROM
    (
        SELECT
            event_id, show_id, currency_id, sum(sold) AS fact_tickets, toDecimal64(sum(money), 2) AS fact_money,
            sum(tickets) AS plan_tickets, CAST(sum(planned_money) AS Nullable(Decimal(18, 2))) AS plan_money
        FROM
        (
            SELECT
                event_id, show_id, currency_id, tickets_sold AS sold, revenue AS money,
                CAST(NULL AS Nullable(Int64)) AS tickets, CAST(NULL AS Nullable(Decimal(18, 2))) AS planned_money
            FROM zakaz.batch_sales_dashboard
            WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1
            UNION ALL
            SELECT event_id, show_id, currency_id, 0, toDecimal64(0, 2), tickets, revenue
            FROM zakaz.dim_plan_targets
            WHERE month = 0 AND show_id != 0
        )
        GROUP BY event_id, show_id, currency_id
    ) AS line
    INNER JOIN
    (
        SELECT
            event_id, show_id, any(d.event_name) AS event_name, any(d.city) AS city, max(d.show_date) AS show_date,
            max(d.cancelled) AS cancelled, sum(d.tickets_sold) AS sold,
            max(ifNull(ifNull(d.finish_at, d.start_at) <= (SELECT (batch, as_of) FROM zakaz.batch_published).2, 0)) AS over
        FROM zakaz.batch_sales_dashboard AS d
        WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1
        GROUP BY event_id, show_id
    ) AS one ON one.event_id = line.event_id AND one.show_id = line.show_id
    LEFT JOIN zakaz.batch_forecasts AS f ON f.event_id = line.event_id AND f.show_id = line.show_id
)
WHERE planned > 0 OR isNotNull(plan_money) OR (over = 0 AND cancelled = 0)
SETTINGS join_use_nulls = 0 -- DataLens says 1
UNION ALL
SELECT
    if(p.month = 0, 'event', 'month'), p.event_id, p.show_id, e.name, e.city,
    if(p.show_id = 0, NULL, sh.show_date), if(p.month = 0, NULL, makeDate(intDiv(p.month, 100), p.month % 100, 1)), p.currency_id,
    p.tickets, toFloat64(p.revenue), m.tickets, toFloat64(m.money),
    '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    nullIf((SELECT (batch, as_of) FROM zakaz.batch_published).2, toDateTime64(0, 3, 'Europe/Moscow')),
    if(p.month = 0, NULL, dateDiff('month', makeDate(intDiv(p.month, 100), p.month % 100, 1), assumeNotNull((SELECT today FROM zakaz.batch_now))))
FROM (SELECT * FROM zakaz.dim_plan_targets WHERE month != 0 OR show_id = 0) AS p
LEFT JOIN zakaz.dim_events AS e ON e.event_id = p.event_id
LEFT JOIN zakaz.dim_shows AS sh ON sh.show_id = p.show_id
LEFT JOIN
(
    SELECT
        event_id, currency_id, arrayJoin([show_id, 0]) AS show_id, arrayJoin([toYYYYMM(at), 0]) AS month,
        sum(v.tickets - v.refunded_tickets) AS tickets, sum(v.gross_revenue - v.refunded_revenue) AS money
    FROM zakaz.batch_movements AS v
    WHERE (batch, slice) IN (SELECT built, slice FROM zakaz.batch_parts WHERE batch = (SELECT (batch, as_of) FROM zakaz.batch_published).1)
        AND event_id IN (SELECT event_id FROM zakaz.dim_plan_targets WHERE month != 0 OR show_id = 0)
    GROUP BY event_id, currency_id, show_id, month
) AS m ON m.event_id = p.event_id AND m.currency_id = p.currency_id AND m.show_id = p.show_id AND m.month = p.month
SETTINGS join_use_nulls = 0;

-- ------------------------------------------------------------------ version

-- The last statement of the file: all that stands above is in place. Raise the number with a change that the loader
-- needs, which takes it from here. Before version 2 there was no such view.
CREATE OR REPLACE VIEW zakaz.meta_schema
(
    version UInt32 COMMENT 'Версия схемы. Нужную загрузчику называет qtickets_api check',
    since   Date COMMENT 'День, когда вышла эта версия'
)
SQL SECURITY DEFINER
AS SELECT toUInt32(5) AS version, toDate('2026-11-27') AS since;
