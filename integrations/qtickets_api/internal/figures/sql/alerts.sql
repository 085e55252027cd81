-- Incidents, the newest first.
SELECT alert_id, rule, subject, text, level, opened_at, ended_at
FROM meta_alerts
WHERE {open_only:UInt8} = 0 OR isNull(ended_at)
ORDER BY opened_at DESC, alert_id DESC
LIMIT 100
