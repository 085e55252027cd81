-- Fingerprints of what all marts depend on beside the orders: names are written into the rows of every slice.
SELECT 'names' AS part,
    (SELECT sum(cityHash64(event_id, name, city)) FROM state_events FINAL)
        + (SELECT sum(cityHash64(show_id, ifNull(toString(show_date), ''))) FROM state_shows FINAL) AS fingerprint
UNION ALL
SELECT 'promo_codes', (SELECT sum(cityHash64(promo_code_id, code)) FROM state_promo_codes FINAL)
UNION ALL
SELECT 'shows',
    (SELECT sum(cityHash64(event_id, version)) FROM state_events FINAL) + (SELECT sum(cityHash64(show_id, version)) FROM state_shows FINAL)
UNION ALL
SELECT 'seats', (SELECT sum(cityHash64(show_id, version)) FROM state_inventory FINAL)
