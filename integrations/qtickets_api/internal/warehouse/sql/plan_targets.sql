-- The plans that hold now, their revenue in hundredths.
SELECT event_id, show_id, month, toString(currency_id), tickets, toInt64(revenue * 100)
FROM dim_plan_targets
