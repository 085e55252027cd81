-- Batches that readers see, may still be reading or may be led back to: the last ones, the last one of each of the last
-- moments that publications showed, those published in the last half hour, and all from which these take slices over.
WITH kept AS
(
    SELECT batch FROM (SELECT batch FROM publish GROUP BY batch ORDER BY max(seq) DESC LIMIT {kept:UInt64})
    UNION ALL
    SELECT last FROM (SELECT argMax(batch, seq) AS last FROM publish AS p GROUP BY p.as_of ORDER BY max(seq) DESC LIMIT {kept:UInt64})
    UNION ALL
    SELECT batch FROM publish WHERE published_at > now64(3) - INTERVAL 30 MINUTE
)
SELECT DISTINCT batch FROM (SELECT batch FROM kept UNION ALL SELECT built FROM store_parts WHERE batch IN (SELECT batch FROM kept))
