-- The last publication, and the sum of the plans that hold. Readers see it, but where a part of it is still to come to
-- this server.
SELECT
    batch, as_of, published_at,
    (SELECT groupBitXor(cityHash64(event_id, show_id, month, currency_id, imported_at)) FROM dim_plan_targets) AS plans
FROM batch_newest
