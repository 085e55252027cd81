-- Readers see sales that are complete up to as_of. A night without sales is no gap: every good run moves as_of.
-- Before the first publication the clock starts with the first run, before that with the schema.
SELECT
    '' AS subject,
    if(age > {no_data:Int64}, 'firing', 'quiet') AS verdict,
    toUInt64(0) AS level,
    toNullable(moment) AS since,
    map(
        'as_of', if(published > 0, formatDateTime(moment, '%d.%m %H:%i'), '-'),
        'age', concat(toString(intDiv(age, 3600)), ':', leftPad(toString(intDiv(age, 60) % 60), 2, '0')),
        'limit', concat(toString(intDiv({no_data:Int64}, 3600)), ':', leftPad(toString(intDiv({no_data:Int64}, 60) % 60), 2, '0'))
    ) AS facts
FROM
(
    SELECT
        published,
        multiIf(published > 0, as_of, runs > 0, first_start, made) AS moment,
        greatest(toInt64(toUnixTimestamp(now())) - toInt64(toUnixTimestamp(moment)), 0) AS age
    FROM (SELECT count() AS published, argMax(p.as_of, seq) AS as_of FROM publish AS p) AS p
    CROSS JOIN
    (
        SELECT count() AS runs, min(started_at) AS first_start
        FROM state_job_runs FINAL
        WHERE job = 'qtickets_api'
    ) AS r
    CROSS JOIN
    (
        SELECT max(toDateTime64(metadata_modification_time, 3, 'Europe/Moscow')) AS made
        FROM system.tables
        WHERE database = currentDatabase() AND name = 'state_job_runs'
    ) AS t
);
