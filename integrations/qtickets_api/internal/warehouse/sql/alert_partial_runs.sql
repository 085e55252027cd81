-- Loads in a row that ended as "partial": what they left out is missing until one is whole. One alone does not fire, the
-- next load may read what it could not; a failed one neither begins nor ends it. The modes are those of failed_runs.
SELECT
    '' AS subject,
    multiIf(partials < 2, 'quiet', last_status = 'partial', 'firing', 'between') AS verdict,
    toUInt64(0) AS level,
    if(partials > 0, toNullable(began), NULL) AS since,
    map('partial', toString(partials), 'last', substringUTF8(text, 1, 300)) AS facts
FROM
(
    SELECT
        countIf(status = 'partial' AND end > last_whole)   AS partials,
        minIf(end, status = 'partial' AND end > last_whole) AS began,
        argMax(status, end)                                 AS last_status,
        argMaxIf(message, end, status = 'partial')          AS text
    FROM
    (
        SELECT status, message, ifNull(finished_at, heartbeat_at) AS end
        FROM state_job_runs FINAL
        WHERE job = 'qtickets_api' AND mode NOT IN ('rebuild', 'reread', 'webhook') AND error_class != 'busy'
            AND status IN ('ok', 'partial', 'failed')
    ) AS ended
    CROSS JOIN
    (
        SELECT maxIf(ifNull(finished_at, heartbeat_at), status = 'ok') AS last_whole
        FROM state_job_runs FINAL
        WHERE job = 'qtickets_api' AND mode NOT IN ('rebuild', 'reread', 'webhook')
    ) AS whole
);
