-- The publication readers see, the sum of the plans that hold, and from which batch the rows of each slice are.
WITH (SELECT (batch, as_of, published_at) FROM batch_published) AS published
SELECT
    published.1, published.2, published.3,
    (SELECT groupBitXor(cityHash64(event_id, show_id, month, currency_id, imported_at)) FROM dim_plan_targets) AS plans,
    (SELECT toString(arraySort(groupArray((built, slice)))) FROM batch_parts WHERE batch = published.1) AS slices
