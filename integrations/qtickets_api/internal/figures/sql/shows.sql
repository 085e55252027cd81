-- Shows with what was sold and what is left; a line per currency.
SELECT
    event_id, show_id, currency_id, event_name, show_name, city, place_name, start_at, finish_at, timezone, show_date, show_time,
    cancelled, sale_start_at, tickets_sold, tickets_free, refunded_tickets, gross_revenue, refunded_revenue, sold_revenue,
    capacity, closed, tickets_left, inventory_ts, possible_revenue
FROM batch_sales_dashboard
WHERE batch = {batch:UInt64}
ORDER BY start_at NULLS LAST, show_id, event_id, currency_id
