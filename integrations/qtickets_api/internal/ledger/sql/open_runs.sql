-- The runs that are open, but for one's own.
SELECT run_id, toString(mode), host, process, started_at, heartbeat_at, version, working
FROM state_job_runs FINAL
WHERE job = {job:String} AND status = 'running' AND run_id != {own:String}
ORDER BY run_id
