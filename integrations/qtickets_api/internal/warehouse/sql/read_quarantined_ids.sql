-- The ids that wait in quarantine, by feed.
SELECT toString(feed), id FROM state_quarantine FINAL
