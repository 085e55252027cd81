-- What readers see, by day, event and currency.
SELECT toString(sales_date), event_id, toString(currency_id), toInt64(sum(f.tickets_sold)), sum(f.revenue)
FROM fact_qtickets_sales_daily AS f
GROUP BY sales_date, event_id, currency_id
