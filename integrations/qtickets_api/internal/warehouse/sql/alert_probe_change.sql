-- How the API behaved differently from the run before, each change for three hours: an API that goes back and forth
-- makes one incident per change and not one per run.
SELECT
    ifNull(c.change, '') AS subject,
    if(subject = '', 'quiet', 'firing') AS verdict,
    toUInt64(0) AS level,
    if(subject = '', NULL, toNullable(c.first_seen)) AS since,
    map('change', subject) AS facts
FROM (SELECT 1 AS one) AS o
LEFT JOIN
(
    SELECT 1 AS one, substringUTF8(probe_change, 1, 300) AS change, min(started_at) AS first_seen
    FROM state_job_runs FINAL
    WHERE job = 'qtickets_api' AND probe_change != '' AND started_at > now64(3) - INTERVAL 3 HOUR
    GROUP BY change
) AS c ON c.one = o.one;
