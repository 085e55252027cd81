-- How many tickets each show is to sell, of all currencies.
SELECT show_id, assumeNotNull(sum(tickets)) AS planned
FROM dim_plan_targets
WHERE month = 0 AND show_id != 0
GROUP BY show_id
HAVING planned > 0
