-- The batches published last.
SELECT batch FROM publish GROUP BY batch ORDER BY max(seq) DESC LIMIT {kept:UInt64}
