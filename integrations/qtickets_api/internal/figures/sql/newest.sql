-- The last publication. Readers see it, but where a part of it is still to come to this server.
SELECT batch, as_of, published_at FROM batch_newest
