-- A newer version of a run's line.
INSERT INTO state_job_runs
    (job, run_id, version, status, mode, started_at, heartbeat_at, working, finished_at, org_name, host, process, build, window_since,
     orders_complete, orders_through_id, orders_total, orders_read, tickets_read, events_read, shows_read, inventory_read, inventory_failed,
     quarantined, rows_inserted, api_requests, duration_ms, batch, probe, checks, probe_change, layers, error_class, message)
