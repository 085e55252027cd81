-- The last publication. Readers see it, but where a part of it is still to come to this server. The sum of the plans that hold
-- changes with each change of theirs. The slices are told of the publication that readers see only.
SELECT
    batch, as_of, published_at,
    (SELECT groupBitXor(cityHash64(event_id, show_id, month, currency_id, imported_at)) FROM dim_plan_targets) AS plans,
    '' AS slices
FROM batch_newest
