-- Rows that could not be understood, by feed and reason.
SELECT feed, reason, count() AS amount, min(observed_at), max(observed_at)
FROM meta_quarantine
GROUP BY feed, reason
ORDER BY amount DESC, feed, reason
LIMIT 200
