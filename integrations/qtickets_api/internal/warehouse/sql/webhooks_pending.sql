-- Webhooks whose orders wait to be read again, the oldest first.
SELECT webhook_id, toString(event_type), order_id, primary_orders, deliveries, first_at, received_at, version
FROM state_webhooks FINAL
WHERE isNull(handled_at)
ORDER BY received_at
LIMIT {limit:UInt64}
