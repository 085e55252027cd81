-- The sum of the plans that hold: it changes with each change of theirs.
SELECT groupBitXor(cityHash64(event_id, show_id, month, currency_id, imported_at)) AS plans FROM dim_plan_targets
