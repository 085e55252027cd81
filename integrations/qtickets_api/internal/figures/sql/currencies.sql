-- The currencies of a publication, what sold most tickets first.
SELECT toString(currency_id) AS currency
FROM batch_sales_daily
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))}
GROUP BY currency
ORDER BY sum(gross_tickets) DESC, currency
