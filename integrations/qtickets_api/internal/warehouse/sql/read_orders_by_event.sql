-- How many orders of each event are stored.
SELECT event_id, toInt64(count()) FROM state_orders FINAL GROUP BY event_id
