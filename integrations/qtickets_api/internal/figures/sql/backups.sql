-- The newest good backup and the newest good try to bring one back, and whether one failed since.
SELECT kind, good_copy, good_at, failed_at
FROM meta_backups
ORDER BY kind
