-- Shows that may be planned for.
SELECT event_id, show_id, ifNull(toString(show_date), ''), isNotNull(deleted_at)
FROM dim_shows
ORDER BY event_id, show_id
