-- When the first run of all began.
SELECT started_at FROM state_job_runs FINAL WHERE job = {job:String} ORDER BY started_at LIMIT 1
