-- The next shows first, then the latest past ones.
SELECT event_name, city, show_time, toString(currency_id), d.tickets_sold, tickets_sold_today, d.revenue, tickets_left, fill
FROM v_qtickets_sales_dashboard AS d
ORDER BY ifNull(finish_at, start_at) < as_of, if(start_at < as_of, -1, 1) * toInt64(toUnixTimestamp(assumeNotNull(start_at))), show_id
LIMIT {limit:UInt16}
