-- Runs of the loader: those of a day, and before them as many as the usual gap is taken from. Of runs after webhooks,
-- which may be thousands a day, the last ones.
SELECT
    run_id, mode, status, started_at, finished_at, duration_ms, message, error_class, batch, orders_read, events_read + shows_read,
    inventory_read, inventory_failed, quarantined
FROM meta_job_runs
WHERE job = 'qtickets_api'
    AND (mode != 'webhook' AND started_at > {now:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
        OR run_id IN (SELECT run_id FROM meta_job_runs WHERE job = 'qtickets_api' AND mode != 'webhook' ORDER BY started_at DESC LIMIT 300)
        OR run_id IN (SELECT run_id FROM meta_job_runs WHERE job = 'qtickets_api' AND mode = 'webhook' ORDER BY started_at DESC LIMIT 50)
        OR run_id IN (SELECT run_id FROM meta_job_runs WHERE job = 'qtickets_api' AND mode = 'reconcile' ORDER BY started_at DESC LIMIT 3))
ORDER BY started_at DESC, run_id DESC
LIMIT 5000
