INSERT INTO state_webhooks (webhook_id, version, event_type, order_id, deliveries, first_at, received_at, handled_at, run_id)
