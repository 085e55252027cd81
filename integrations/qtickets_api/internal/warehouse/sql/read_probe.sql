-- What the API honoured in the newest run that probed it.
SELECT probe FROM state_job_runs FINAL WHERE job = {job:String} AND probe != '' ORDER BY run_id DESC LIMIT 1
