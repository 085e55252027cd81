-- Events that the API does not list any more: over, as if they had been deleted. One that comes back has another hash
-- and is written again.
INSERT INTO state_events SELECT * REPLACE (greatest(version + 1, {version:UInt64}) AS version, toUInt64(0) AS content_hash,
    toUInt8(0) AS is_active, fromUnixTimestamp64Nano(toInt64({version:UInt64})) AS deleted_at)
FROM state_events FINAL
WHERE event_id IN ({ids})
