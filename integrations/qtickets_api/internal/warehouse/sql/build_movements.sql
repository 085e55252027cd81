-- What happened when, a row per order, show and minute. There is no GROUP BY over tickets: the tickets of an order are
-- summed inside its row. Sales come from the sale rows only (kind 0), refunds from the minute they were made in (kind 1).
INSERT INTO store_movements
    (batch, slice, at, event_id, show_id, currency_id, event_name, city, show_date, utm_source, utm_medium, utm_campaign, promo_code, promo_code_id, payment_type_id,
     order_tickets, orders, tickets, tickets_free, gross_revenue, refunded_tickets, refunded_gross, refunded_revenue,
     site, ordered_at, discount, free_discount, tickets_unpriced, order_id, ticket_ids, seat_ids)
SELECT
    {batch:UInt64}, moves.slice, moves.at, moves.event_id, moves.show_id, moves.currency_id, event.name, event.city, show.show_date,
    moves.utm_source, moves.utm_medium, moves.utm_campaign,
    if(isNull(moves.promo_code_id), '', if(promo.code = '', concat('#', toString(assumeNotNull(moves.promo_code_id))), promo.code)),
    ifNull(moves.promo_code_id, 0), moves.payment_type_id, moves.order_tickets, moves.orders, moves.tickets, moves.tickets_free, moves.gross_revenue,
    moves.refunded_tickets, moves.refunded_gross, moves.refunded_revenue,
    moves.site, moves.ordered_at, moves.discount, moves.free_discount, moves.tickets_unpriced, moves.order_id, moves.ticket_ids, moves.seat_ids
FROM
(
    SELECT
        move.1 AS show_id,
        move.2 AS at,
        slice, order_id, event_id, currency_id, utm_source, utm_medium, utm_campaign, promo_code_id, payment_type_id, site, ordered_at,
        arraySum(paid.2) AS order_tickets,
        toUInt8(move.3 = 0 AND show_id = paid[1].1) AS orders,
        arraySum(t -> if(move.3 = 0 AND t.1 = show_id, toInt64(t.2), 0), paid) AS tickets,
        arraySum(t -> if(move.3 = 0 AND t.1 = show_id AND t.3 = 0, toInt64(t.2), 0), paid) AS tickets_free,
        arraySum(t -> if(move.3 = 0 AND t.1 = show_id, t.3, toDecimal64(0, 2)), paid) AS gross_revenue,
        arraySum(t -> if(move.3 = 1 AND t.5 AND t.1 = show_id AND t.6 = at, toInt64(t.2), 0), paid) AS refunded_tickets,
        arraySum(t -> if(move.3 = 1 AND t.5 AND t.1 = show_id AND t.6 = at, t.3, toDecimal64(0, 2)), paid) AS refunded_gross,
        arraySum(t -> if(move.3 = 1 AND t.5 AND t.1 = show_id AND t.6 = at, t.4, toDecimal64(0, 2)), paid) AS refunded_revenue,
        arraySum(t -> if(move.3 = 0 AND t.1 = show_id, t.7, toDecimal64(0, 2)), paid) AS discount,
        arraySum(t -> if(move.3 = 0 AND t.1 = show_id AND t.3 = 0, t.7, toDecimal64(0, 2)), paid) AS free_discount,
        arraySum(t -> if(move.3 = 0 AND t.1 = show_id AND t.3 = 0 AND t.7 = 0, toInt64(t.2), 0), paid) AS tickets_unpriced,
        arraySort(arrayFilter(t -> t.1 = show_id AND (move.3 = 0 OR (t.5 AND t.6 = at)), paid).8) AS ticket_ids,
        arrayFilter(t -> t.1 = show_id AND (move.3 = 0 OR (t.5 AND t.6 = at)), paid).9 AS seat_ids
    FROM
    (
        SELECT
            roundDown(order_id, {slices}) AS slice, order_id, event_id, currency_id, utm_source, utm_medium, utm_campaign, promo_code_id, payment_type_id,
            if(site_host = '' AND site_id != 0, concat('#', toString(site_id)), site_host) AS site,
            toStartOfMinute(created_at) AS ordered_at,
            toStartOfMinute(assumeNotNull(sale_ts)) AS sold_at,
            -- show, quantity, gross, returned, refunded, minute of the refund, discount, ticket, seat
            arrayFilter((t, counts) -> counts = 1,
                arrayMap((show, n, gross, back, s, refunded, off, id, seat) -> (show, n, gross, back, s = 'refunded', toStartOfMinute(assumeNotNull(refunded)), off, id, seat),
                    tickets.show_id, tickets.quantity, tickets.gross_revenue, tickets.refunded_amount, tickets.state, tickets.refunded_at,
                    tickets.discount, tickets.ticket_id, tickets.seat_id),
                ticket_counts) AS paid
        FROM state_orders FINAL
        WHERE {orders} AND sale_ts IS NOT NULL
    )
    ARRAY JOIN arrayDistinct(arrayConcat(
        arrayMap(t -> (t.1, sold_at, 0), paid),
        arrayMap(t -> (t.1, t.6, 1), arrayFilter(t -> t.5, paid)))) AS move
) AS moves
LEFT JOIN (SELECT event_id, name, city FROM state_events FINAL) AS event ON event.event_id = moves.event_id
LEFT JOIN (SELECT show_id, show_date FROM state_shows FINAL) AS show ON show.show_id = moves.show_id
LEFT JOIN (SELECT promo_code_id, code FROM state_promo_codes FINAL) AS promo ON promo.promo_code_id = assumeNotNull(moves.promo_code_id)
