-- What is known of some webhooks. %s is the list of their ids, which a parameter cannot hold: over HTTP it would be part
-- of the address.
SELECT webhook_id, toString(event_type), order_id, primary_orders, deliveries, first_at, received_at, version
FROM state_webhooks FINAL
WHERE webhook_id IN (%s)
