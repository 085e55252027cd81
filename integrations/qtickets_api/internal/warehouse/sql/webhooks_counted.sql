-- How many webhooks came once, and how many again.
SELECT countIf(deliveries = 1), countIf(deliveries > 1) FROM state_webhooks FINAL
