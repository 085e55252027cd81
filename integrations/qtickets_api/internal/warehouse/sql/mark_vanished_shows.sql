-- Shows that the API does not list any more, as mark_vanished_events.sql.
INSERT INTO state_shows SELECT * REPLACE (greatest(version + 1, {version:UInt64}) AS version, toUInt64(0) AS content_hash,
    toUInt8(0) AS is_active, fromUnixTimestamp64Nano(toInt64({version:UInt64})) AS deleted_at)
FROM state_shows FINAL
WHERE show_id IN ({ids})
