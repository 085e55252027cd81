-- What the ledger says of some runs, their ids separated by commas.
SELECT run_id, started_at, toString(mode), toString(status)
FROM meta_job_runs
WHERE job = {job:String} AND has(splitByChar(',', {runs:String}), run_id)
