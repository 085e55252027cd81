-- Runs that ended without closing their line: declared dead by the next run, or silent for ten minutes. The alert lasts
-- until something is published after them, and an hour at least: the next run may repair everything within a minute.
SELECT
    '' AS subject,
    if(dead > 0 AND (last_published < died OR died > now64(3) - INTERVAL 1 HOUR), 'firing', 'quiet') AS verdict,
    toUInt64(0) AS level,
    if(dead > 0, toNullable(began), NULL) AS since,
    map(
        'dead', toString(dead),
        'run', run,
        'host', name,
        'started', if(dead > 0, formatDateTime(began, '%d.%m %H:%i'), '-')
    ) AS facts
FROM
(
    SELECT count() AS dead, max(died_at) AS died, argMax(run_id, died_at) AS run, argMax(host, died_at) AS name, argMax(started_at, died_at) AS began
    FROM
    (
        SELECT run_id, host, started_at, ifNull(finished_at, heartbeat_at) AS died_at
        FROM state_job_runs FINAL
        WHERE job = 'qtickets_api' AND (error_class = 'dead' OR (status = 'running' AND heartbeat_at < now64(3) - INTERVAL 10 MINUTE))
    )
    WHERE died_at > now64(3) - INTERVAL 7 DAY
) AS d
CROSS JOIN (SELECT max(published_at) AS last_published FROM publish) AS p;
