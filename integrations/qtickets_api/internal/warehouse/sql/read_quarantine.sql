-- What waits in quarantine, for a person.
SELECT toString(feed), id, reason, observed_at, run_id FROM meta_quarantine ORDER BY feed, id
