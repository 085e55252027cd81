-- What is known of some webhooks, by their ids.
SELECT webhook_id, toString(event_type), order_id, deliveries, first_at, received_at, version
FROM state_webhooks FINAL
WHERE webhook_id IN {ids:Array(String)}
