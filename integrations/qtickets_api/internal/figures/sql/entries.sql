-- Who came to a show and when, by UTM source and price, and, beside it, who came to others of them and when.
SELECT
    show_id, if(show_id = {show:UInt64}, toString(utm_source), '') AS source, if(show_id = {show:UInt64}, price, 0) AS paid,
    if(show_id = {show:UInt64}, toString(currency_id), '') AS currency, checked_at, sum(e.tickets)
FROM batch_entries AS e
WHERE (batch, slice) IN {slices:Array(Tuple(UInt64, UInt64))} AND show_id IN {shows:Array(UInt64)}
GROUP BY show_id, source, paid, currency, checked_at
