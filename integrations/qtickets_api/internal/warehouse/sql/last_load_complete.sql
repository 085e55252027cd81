-- Whether the newest finished load left every order in the state: it says so, or it published.
SELECT toBool(orders_complete = 1 OR run_id IN (SELECT run_id FROM publish))
FROM state_job_runs FINAL
WHERE job = {job:String} AND status != 'running' AND error_class != 'busy' AND mode NOT IN ('reread', 'rebuild', 'webhook')
ORDER BY run_id DESC
LIMIT 1
