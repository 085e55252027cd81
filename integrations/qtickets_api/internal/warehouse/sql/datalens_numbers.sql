-- One number of every dataset of DataLens, by its view: what a publication compares with what DataLens shows.
SELECT 'v_qtickets_movements' AS view, toFloat64(sum(tickets)) AS number FROM v_qtickets_movements
UNION ALL SELECT 'v_qtickets_sales_dashboard', toFloat64(sum(tickets_sold)) FROM v_qtickets_sales_dashboard
UNION ALL SELECT 'v_qtickets_pacing', toFloat64(sum(sold_on_day)) FROM v_qtickets_pacing
UNION ALL SELECT 'v_qtickets_plan', toFloat64(sum(fact_tickets)) FROM v_qtickets_plan
UNION ALL SELECT 'v_qtickets_zones_latest', toFloat64(ifNull(sum(sold), 0)) FROM v_qtickets_zones_latest
UNION ALL SELECT 'v_qtickets_entries', toFloat64(sum(tickets)) FROM v_qtickets_entries
UNION ALL SELECT 'v_qtickets_runs', toFloat64(sum(orders_read)) FROM v_qtickets_runs
UNION ALL SELECT 'v_qtickets_sales_daily', toFloat64(sum(tickets_sold)) FROM v_qtickets_sales_daily
UNION ALL SELECT 'v_qtickets_sales_utm_daily', toFloat64(sum(tickets_sold)) FROM v_qtickets_sales_utm_daily
UNION ALL SELECT 'v_qtickets_refunds_daily', toFloat64(sum(refunded_tickets)) FROM v_qtickets_refunds_daily
UNION ALL SELECT 'v_qtickets_inventory_latest', toFloat64(ifNull(sum(sold), 0)) FROM v_qtickets_inventory_latest
