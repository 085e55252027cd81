-- Shows whose seats were read since a batch was computed.
SELECT show_id, observed_at
FROM state_inventory_seen FINAL
WHERE observed_at > fromUnixTimestamp64Nano(toInt64({batch:UInt64}))
