-- Batches that a batch consists of and that have not the rows they were published with.
SELECT published.batch
FROM (SELECT batch, max(p.rows) AS named FROM publish AS p GROUP BY batch) AS published
LEFT JOIN batch_rows AS found ON found.batch = published.batch
WHERE published.named != found.rows
    AND published.batch IN (SELECT built FROM store_parts WHERE batch = {batch:UInt64} UNION DISTINCT SELECT {batch:UInt64})
