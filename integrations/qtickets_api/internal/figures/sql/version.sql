-- The publication readers see. One from before there were movements is told apart: it has sales and no movements.
WITH
    (SELECT (batch, as_of, published_at) FROM batch_published) AS seen,
    slices AS (SELECT built, slice FROM batch_parts WHERE batch = seen.1)
SELECT
    seen.1, seen.2, seen.3,
    (SELECT count() FROM (SELECT 1 FROM batch_sales_daily WHERE (batch, slice) IN (SELECT built, slice FROM slices) LIMIT 1)) > 0
    AND (SELECT count() FROM (SELECT 1 FROM batch_movements WHERE (batch, slice) IN (SELECT built, slice FROM slices) LIMIT 1)) = 0 AS old
