-- The one row that switches all marts.
INSERT INTO publish (seq, batch, as_of, published_at, run_id)
