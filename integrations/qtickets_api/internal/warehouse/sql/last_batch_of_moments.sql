-- The batch published last for each of the last moments that publications showed.
SELECT argMax(batch, seq) FROM publish AS p GROUP BY p.as_of ORDER BY max(seq) DESC LIMIT {kept:UInt64}
