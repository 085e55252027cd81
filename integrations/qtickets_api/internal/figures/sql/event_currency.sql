-- The currency that an event sells in.
SELECT toString(currency_id)
FROM dim_events
WHERE event_id = {event:UInt64}
