-- Events that may be planned for, with the currencies they have sold in.
SELECT
    e.event_id, any(e.name), max(isNotNull(e.deleted_at)) = 1, toString(any(e.currency_id)),
    arraySort(arrayFilter(c -> c != '', groupUniqArray(toString(d.currency_id))))
FROM dim_events AS e
LEFT JOIN v_qtickets_sales_dashboard AS d ON d.event_id = e.event_id
GROUP BY e.event_id
ORDER BY e.event_id
