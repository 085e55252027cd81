-- When all orders of an event were last read one by one. A scan does not move the order's updated_at, so that is how far
-- scans are known for certain.
SELECT observed_at FROM meta_sweeps WHERE event_id = {event:UInt64}
