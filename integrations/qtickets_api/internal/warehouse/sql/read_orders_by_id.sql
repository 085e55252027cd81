-- Some stored orders, as far as published numbers depend on them.
SELECT
    order_id, version, content_hash, event_id, toString(currency_id) AS currency_id,
    toString(utm_source) AS utm_source, toString(utm_medium) AS utm_medium, utm_campaign,
    sale_ts, primary_orders, buyer_hash, payload_json
FROM state_orders FINAL
WHERE order_id IN ({ids})
ORDER BY order_id
