-- Orders that QTickets counts and no list holds: a person accepted the difference, so loads go on, and the incident
-- stays open as long as it lasts.
SELECT
    '' AS subject,
    if(missing > 0, 'firing', 'quiet') AS verdict,
    toUInt64(missing) AS level,
    if(missing > 0, toNullable(since), NULL) AS since,
    map('missing', toString(missing), 'total', toString(total)) AS facts
FROM
(
    SELECT
        argMax(orders_missing, started_at) AS missing,
        argMax(orders_total, started_at) AS total,
        minIf(started_at, orders_missing > 0) AS since
    FROM state_job_runs FINAL
    WHERE job = 'qtickets_api' AND orders_complete = 1 AND status IN ('ok', 'partial')
);
