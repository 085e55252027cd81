-- Events by the number of their shows to come.
SELECT
    event_id, any(d.event_name), any(d.city),
    toUInt64(uniqExactIf(show_id, cancelled = 0 AND ifNull(ifNull(finish_at, start_at) > {as_of:DateTime64(3, 'UTC')}, 1))) AS upcoming
FROM batch_sales_dashboard AS d
WHERE batch = {batch:UInt64}
GROUP BY event_id
ORDER BY upcoming > 0 DESC, any(d.event_name), event_id
