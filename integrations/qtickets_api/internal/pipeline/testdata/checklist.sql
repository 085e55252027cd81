-- The statements of docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md word for word, each under its step and the user who
-- runs it. TestChecklistStatements says what each must answer.

-- 3 tables: admin_min
SHOW TABLES FROM zakaz LIKE '%qtickets%'

-- 3 rights: admin_min
SHOW GRANTS FOR etl_writer

-- 8 new orders: admin_min
SELECT count() FROM zakaz.stg_qtickets_api_orders_raw WHERE sale_ts > now() - INTERVAL 1 DAY;

-- 8 freshness: admin_min
SELECT max(sale_ts) as latest_order FROM zakaz.stg_qtickets_api_orders_raw;

-- 8 facts: admin_min
SELECT count() FROM zakaz.fact_qtickets_sales_daily WHERE sales_date = today();

-- 8 seats: admin_min
SELECT count() FROM zakaz.fact_qtickets_inventory_latest WHERE snapshot_ts > now() - INTERVAL 2 HOUR;

-- 10 dashboard: datalens_reader
SELECT count() FROM zakaz.v_qtickets_sales_dashboard LIMIT 1;

-- 10 tables: datalens_reader
SHOW TABLES FROM zakaz LIKE 'v_qtickets%';

-- 11 ledger: admin_min
SELECT job, status, started_at, message FROM zakaz.meta_job_runs WHERE job = 'qtickets_api' ORDER BY started_at DESC LIMIT 5;

-- troubleshooting, rights: etl_writer
SHOW GRANTS

-- troubleshooting, connection: etl_writer
SELECT 1

-- daily 1 freshness: admin_min
SELECT 
    max(sale_ts) as latest_order,
    today() - toDate(max(sale_ts)) as days_stale
FROM zakaz.stg_qtickets_api_orders_raw;

-- daily 2 failed runs: admin_min
SELECT * FROM zakaz.meta_job_runs 
WHERE job = 'qtickets_api' 
  AND status = 'failed' 
  AND started_at > today() - INTERVAL 1 DAY;

-- daily 3 volumes: admin_min
SELECT 
    toDate(sale_ts) as date,
    count() as orders,
    sum(revenue) as total_revenue
FROM zakaz.stg_qtickets_api_orders_raw
WHERE sale_ts > today() - INTERVAL 7 DAY
GROUP BY date
ORDER BY date DESC;
