-- Slices of a batch whose rows have names, dates of shows or promo codes that are other ones now.
SELECT DISTINCT moves.slice
FROM
(
    SELECT DISTINCT slice, event_id, event_name, city, show_id, show_date, promo_code_id, promo_code
    FROM store_movements
    WHERE (batch, slice) IN (SELECT built, slice FROM store_parts WHERE batch = {batch:UInt64} AND part = 'orders')
) AS moves
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = moves.event_id
LEFT JOIN (SELECT show_id, show_date FROM state_shows FINAL) AS show ON show.show_id = moves.show_id
LEFT JOIN (SELECT promo_code_id, code FROM state_promo_codes FINAL) AS promo ON promo.promo_code_id = moves.promo_code_id
WHERE event.name != moves.event_name OR event.city != moves.city
    OR ifNull(toString(show.show_date), '') != ifNull(toString(moves.show_date), '')
    OR (moves.promo_code_id != 0 AND if(promo.code = '', concat('#', toString(moves.promo_code_id)), promo.code) != moves.promo_code)
