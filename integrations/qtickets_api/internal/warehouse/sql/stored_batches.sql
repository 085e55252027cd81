-- The batches of every store, published or not.
SELECT 'parts' AS store, batch FROM store_parts GROUP BY batch
UNION ALL
SELECT 'sales_daily' AS store, batch FROM store_sales_daily GROUP BY batch
UNION ALL
SELECT 'sales_utm_daily' AS store, batch FROM store_sales_utm_daily GROUP BY batch
UNION ALL
SELECT 'refunds_daily' AS store, batch FROM store_refunds_daily GROUP BY batch
UNION ALL
SELECT 'movements' AS store, batch FROM store_movements GROUP BY batch
UNION ALL
SELECT 'entries' AS store, batch FROM store_entries GROUP BY batch
UNION ALL
SELECT 'inventory_latest' AS store, batch FROM store_inventory_latest GROUP BY batch
UNION ALL
SELECT 'zones_latest' AS store, batch FROM store_zones_latest GROUP BY batch
UNION ALL
SELECT 'sales_dashboard' AS store, batch FROM store_sales_dashboard GROUP BY batch
