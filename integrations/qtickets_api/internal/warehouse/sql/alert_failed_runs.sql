-- Loads that ended in the last 24 hours. A run that is silent for ten minutes is dead even if no run has declared it
-- dead yet. Not counted: rebuild, reread and webhook (they are not loads, and webhooks are so many that they would hide
-- failing loads), and runs that another one kept waiting. One failure alone does not fire: after an installation it
-- would be a third of the first runs.
SELECT
    '' AS subject,
    if(failed > 1 AND failed * 100 > ended * {failed_share:Float64}, 'firing', 'quiet') AS verdict,
    toUInt64(0) AS level,
    toNullable(first_failure) AS since,
    map(
        'failed', toString(failed),
        'ended', toString(ended),
        'share', toString(if(ended = 0, 0., round(failed * 100 / ended, 1))),
        'limit', toString({failed_share:Float64}),
        'last', substringUTF8(last_failure, 1, 300)
    ) AS facts
FROM
(
    SELECT
        count() AS ended,
        countIf(bad) AS failed,
        minIf(end, bad) AS first_failure,
        argMaxIf(text, end, bad) AS last_failure
    FROM
    (
        SELECT
            status != 'ok' AND status != 'partial' AS bad,
            ifNull(finished_at, heartbeat_at) AS end,
            if(status = 'running', concat('run ', run_id, ' fell silent'), message) AS text
        FROM state_job_runs FINAL
        WHERE job = 'qtickets_api' AND mode NOT IN ('rebuild', 'reread', 'webhook') AND error_class != 'busy'
            AND (status != 'running' OR heartbeat_at < now64(3) - INTERVAL 10 MINUTE)
    )
    WHERE end > now64(3) - INTERVAL 1 DAY
);
