-- Until when the next run takes what is stored for known: the last publication, and the end of the last run that went well.
SELECT greatest(
    (SELECT max(published_at) FROM publish),
    (SELECT max(ifNull(finished_at, toDateTime64(0, 3, 'Europe/Moscow'))) FROM state_job_runs FINAL WHERE status IN ('ok', 'partial')))
