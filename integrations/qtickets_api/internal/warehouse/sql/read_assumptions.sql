-- How the assumptions about the API stand.
SELECT assumption_id, toString(code), toString(state), confirming, refuting, since, first_seen, confirmed_at, refuted_at, run_id
FROM meta_assumptions
ORDER BY assumption_id
