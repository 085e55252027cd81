-- What a person compares with the cabinet of QTickets first: yesterday and this month, by currency.
WITH (SELECT toDate(argMax(as_of, seq)) FROM publish) AS last
SELECT currency_id, assumeNotNull(last) - 1 AS yesterday,
    sumIf(toInt64(f.tickets_sold), sales_date = last - 1)      AS tickets_yesterday,
    sumIf(f.revenue, sales_date = last - 1)                    AS revenue_yesterday,
    sumIf(toInt64(f.tickets_sold), sales_date >= toStartOfMonth(last)) AS tickets_month,
    sumIf(f.revenue, sales_date >= toStartOfMonth(last))       AS revenue_month
FROM fact_qtickets_sales_daily AS f
WHERE sales_date >= least(toStartOfMonth(last), last - 1) AND sales_date <= last
GROUP BY currency_id
ORDER BY tickets_month DESC, currency_id
