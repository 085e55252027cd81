-- What waits in quarantine, for a person.
SELECT
    toString(feed), id, reason, observed_at, run_id,
    counted_read_at, counted_tickets, concat(toString(counted_revenue), ' ', currency_id)
FROM meta_quarantine
ORDER BY feed, id
