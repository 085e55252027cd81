SELECT batch, as_of, published_at, run_id FROM publish ORDER BY seq DESC LIMIT 1
