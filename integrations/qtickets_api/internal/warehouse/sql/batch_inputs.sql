-- Fingerprints of what all marts depend on beside the orders: names are written into the rows of every slice.
SELECT part, sum(fingerprint)
FROM
(
    SELECT arrayJoin([('names', cityHash64(event_id, name, city)), ('shows', cityHash64(event_id, version))]) AS input, input.1 AS part, input.2 AS fingerprint
    FROM state_events FINAL
    UNION ALL
    SELECT arrayJoin([('names', cityHash64(show_id, ifNull(toString(show_date), ''))), ('shows', cityHash64(show_id, version))]) AS input, input.1, input.2
    FROM state_shows FINAL
    UNION ALL
    SELECT ('seats', cityHash64(show_id, version)) AS input, input.1, input.2 FROM state_inventory FINAL
    UNION ALL
    SELECT ('promo_codes', cityHash64(promo_code_id, code)) AS input, input.1, input.2 FROM state_promo_codes FINAL
)
GROUP BY part
