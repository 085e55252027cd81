-- Rows of the quarantine, released ones too, that were written under a clock ahead of ours.
SELECT toString(feed), id, max(version)
FROM state_quarantine
GROUP BY feed, id
HAVING max(version) > {now:UInt64}
