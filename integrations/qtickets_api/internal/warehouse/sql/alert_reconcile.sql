-- What the newest comparison of all orders found and loads had missed: orders gone from the source, and orders that
-- differed although they had not been touched since the load before the comparison. What was touched since then is
-- the next load's work. Ends with a comparison that finds nothing, or after two days without a comparison.
SELECT
    '' AS subject,
    if(found > 0, 'firing', 'quiet') AS verdict,
    toUInt64(found) AS level,
    if(found > 0, toNullable(at), NULL) AS since,
    map('changed', toString(missed), 'vanished', toString(vanished), 'run', run, 'at', if(found > 0, formatDateTime(at, '%d.%m %H:%i'), '-')) AS facts
FROM
(
    SELECT r.run AS run, r.at AS at, r.vanished AS vanished, m.missed AS missed, r.vanished + m.missed AS found
    FROM
    (
        SELECT
            argMax(run_id, started_at) AS run,
            max(started_at) AS at,
            arraySum(l -> JSONExtractUInt(l, 'vanished'), JSONExtractArrayRaw(argMax(layers, started_at))) AS vanished
        FROM state_job_runs FINAL
        WHERE job = 'qtickets_api' AND mode = 'reconcile' AND batch > 0 AND started_at > now64(3) - INTERVAL 2 DAY
    ) AS r
    CROSS JOIN
    (
        WITH
            assumeNotNull((SELECT max(started_at) FROM state_job_runs FINAL
                WHERE job = 'qtickets_api' AND mode = 'reconcile' AND batch > 0 AND started_at > now64(3) - INTERVAL 2 DAY)) AS compared,
            assumeNotNull((SELECT argMax(run_id, started_at) FROM state_job_runs FINAL
                WHERE job = 'qtickets_api' AND mode = 'reconcile' AND batch > 0 AND started_at > now64(3) - INTERVAL 2 DAY)) AS comparison,
            assumeNotNull((SELECT max(started_at) FROM state_job_runs FINAL
                WHERE job = 'qtickets_api' AND orders_complete = 1 AND started_at < compared)) AS load_before
        SELECT count() AS missed
        FROM state_orders FINAL
        WHERE run_id = comparison AND comparison != '' AND greatest(created_at, ifNull(updated_at, created_at)) < load_before
    ) AS m
);
