-- The last publication. Readers see it, but where a part of it is still to come to this server. The sum of the plans that hold
-- changes with each change of theirs.
SELECT
    batch, as_of, published_at,
    (SELECT groupBitXor(cityHash64(event_id, show_id, month, currency_id, imported_at)) FROM dim_plan_targets) AS plans
FROM batch_newest
