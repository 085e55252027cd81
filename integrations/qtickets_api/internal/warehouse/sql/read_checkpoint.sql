-- The newest run that completed the orders, not one from the future.
SELECT orders_through_id, started_at, orders_missing
FROM state_job_runs FINAL
WHERE job = {job:String} AND orders_complete = 1 AND toUnixTimestamp64Milli(started_at) <= {now:Int64}
ORDER BY started_at DESC
LIMIT 1
