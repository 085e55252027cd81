-- The last days of the published facts in one currency, days without sales included.
WITH (SELECT toDate(argMax(as_of, seq)) FROM publish) AS last
SELECT sales_date, toInt64(sum(f.tickets_sold)) AS tickets, sum(f.revenue) AS money
FROM fact_qtickets_sales_daily AS f
WHERE currency_id = {currency:String} AND sales_date > last - {days:UInt16} AND sales_date <= last
GROUP BY sales_date
ORDER BY sales_date WITH FILL FROM assumeNotNull(last) - {days:UInt16} + 1 TO assumeNotNull(last) + 1
