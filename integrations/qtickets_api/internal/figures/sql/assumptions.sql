-- How the assumptions about the API stand.
SELECT assumption_id, toString(state), confirming, refuting, since, greatest(ifNull(confirmed_at, refuted_at), ifNull(refuted_at, confirmed_at))
FROM meta_assumptions
ORDER BY assumption_id
