-- Runs of the loader: those of a day, and before them as many as the usual gap is taken from. Of runs after webhooks,
-- which may be thousands a day, the last ones.
SELECT
    run_id, mode, status, started_at, finished_at, duration_ms, message, error_class, batch, orders_read, events_read + shows_read,
    inventory_read, inventory_failed, quarantined
FROM
(
    SELECT
        *,
        row_number() OVER (PARTITION BY mode = 'webhook' ORDER BY started_at DESC) AS ago,
        row_number() OVER (PARTITION BY mode ORDER BY started_at DESC)             AS ago_of_mode
    FROM meta_job_runs
    WHERE job = 'qtickets_api'
)
WHERE mode = 'webhook' AND ago <= 50
    OR mode != 'webhook' AND (ago <= 300 OR started_at > {now:DateTime64(3, 'UTC')} - INTERVAL 1 DAY)
    OR mode = 'reconcile' AND ago_of_mode <= 3
ORDER BY started_at DESC, run_id DESC
LIMIT 5000
