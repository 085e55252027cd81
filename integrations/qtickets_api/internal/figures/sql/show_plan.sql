-- The plans of a show for all of its sales, one of each currency.
SELECT toString(currency_id), tickets, revenue, imported_at, changed_by
FROM dim_plan_targets
WHERE month = 0 AND event_id = {event:UInt64} AND show_id = {show:UInt64}
ORDER BY currency_id
