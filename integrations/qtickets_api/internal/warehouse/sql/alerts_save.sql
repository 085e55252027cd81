INSERT INTO state_alerts (alert_id, version, rule, subject, opened_at, ended_at, told_at, level, text)
