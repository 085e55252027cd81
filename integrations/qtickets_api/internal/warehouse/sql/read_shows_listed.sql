-- Shows that are not marked as gone, with their events, and events without such a show (0).
SELECT event_id, toUInt64(0) FROM state_events FINAL WHERE deleted_at IS NULL
UNION ALL
SELECT event_id, show_id FROM state_shows FINAL WHERE deleted_at IS NULL
