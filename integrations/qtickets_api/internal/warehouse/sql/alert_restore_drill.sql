-- The newest try to bring a backup back has failed, or the newest good one is older than OldestDrill. Quiet where
-- restore_drill.sh has never been run.
SELECT
    '' AS subject,
    if(known > 0 AND (failed_at > good_at OR good_at < now64(3) - toIntervalSecond({oldest_drill:Int64})), 'firing', 'quiet') AS verdict,
    toUInt64(0) AS level,
    if(verdict = 'firing', toNullable(if(failed_at > good_at, failed_at, good_at + toIntervalSecond({oldest_drill:Int64}))), NULL) AS since,
    map('good', if(good_at = 0, '-', formatDateTime(good_at, '%d.%m.%Y %H:%i')),
        'failed', if(failed_at > good_at, formatDateTime(failed_at, '%d.%m.%Y %H:%i'), '-')) AS facts
FROM
(
    SELECT count() AS known, maxIf(finished_at, good = 1) AS good_at, maxIf(finished_at, good = 0) AS failed_at
    FROM state_backups FINAL
    WHERE kind = 'drill'
);
