-- The newest good backup is older than OldestBackup. Quiet where backup.sh has never been run: whoever makes copies in
-- another way is not told about ours.
SELECT
    '' AS subject,
    if(known > 0 AND good_at < now64(3) - toIntervalSecond({oldest_backup:Int64}), 'firing', 'quiet') AS verdict,
    toUInt64(0) AS level,
    if(verdict = 'firing', toNullable(if(good_at = 0, failed_at, good_at + toIntervalSecond({oldest_backup:Int64}))), NULL) AS since,
    map('good', if(good_at = 0, '-', formatDateTime(good_at, '%d.%m.%Y %H:%i'))) AS facts
FROM
(
    SELECT count() AS known, maxIf(finished_at, good = 1) AS good_at, maxIf(finished_at, good = 0) AS failed_at
    FROM state_backups FINAL
    WHERE kind = 'backup'
);
