-- The publication readers see.
SELECT batch, as_of, published_at FROM batch_published
