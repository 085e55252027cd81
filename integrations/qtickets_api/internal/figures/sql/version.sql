-- The publication readers see. One from before there were movements is told apart: it has sales and no movements.
SELECT
    batch, as_of, published_at,
    (SELECT count() FROM (SELECT 1 FROM batch_sales_daily WHERE batch = (SELECT batch FROM batch_published) LIMIT 1)) > 0
    AND (SELECT count() FROM (SELECT 1 FROM batch_movements WHERE batch = (SELECT batch FROM batch_published) LIMIT 1)) = 0 AS old
FROM batch_published
