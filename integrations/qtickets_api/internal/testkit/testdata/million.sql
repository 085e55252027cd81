-- A season of two years: 60 events, 300 shows, 400 000 orders with 1 000 000 tickets, written straight into the state.
INSERT INTO state_events (event_id, version, content_hash, name, place_name, city_id, city, timezone, currency_id, is_active)
SELECT
    70000 + number, 1, number, concat('Событие ', toString(number)), concat('Зал ', toString(number % 12)), number % 9,
    concat('Город ', toString(number % 9)), ['Europe/Moscow', 'Asia/Novosibirsk', 'Asia/Vladivostok'][number % 3 + 1],
    if(number = 59, 'KZT', 'RUB'), 1
FROM numbers(60);

INSERT INTO state_shows (show_id, version, content_hash, event_id, name, is_active, start_at, finish_at, show_date, show_time)
SELECT
    80000 + number, 1, number, 70000 + number % 60, '', 1,
    toStartOfHour(now()) - INTERVAL 730 DAY + toIntervalHour(number * 64), toStartOfHour(now()) - INTERVAL 730 DAY + toIntervalHour(number * 64 + 3),
    toDate(now() - INTERVAL 730 DAY + toIntervalHour(number * 64)), '2030-01-01 19:00'
FROM numbers(300);

INSERT INTO state_inventory (show_id, version, content_hash, event_id, capacity, sold, held, free, closed, `zones.id`, `zones.name`, `zones.capacity`,
    `zones.sold`, `zones.held`, `zones.free`, `zones.closed`, `zones.min_price`, `zones.max_price`, `zones.possible`)
SELECT
    80000 + number, 1, number, 70000 + number % 60, 6000, 3000, 0, 3000, 0,
    arrayMap(i -> concat('Z', toString(i)), range(6)), arrayMap(i -> concat('Зона ', toString(i)), range(6)), arrayMap(i -> 1000, range(6)),
    arrayMap(i -> 500, range(6)), arrayMap(i -> 0, range(6)), arrayMap(i -> 500, range(6)), arrayMap(i -> 0, range(6)),
    arrayMap(i -> 900, range(6)), arrayMap(i -> 2500, range(6)), arrayMap(i -> 2500000, range(6))
FROM numbers(300);

INSERT INTO state_promo_codes (promo_code_id, version, content_hash, code, is_active)
SELECT 90000 + number, 1, number, concat('CODE', toString(number)), 1 FROM numbers(300);

INSERT INTO state_orders (order_id, version, content_hash, run_id, event_id, currency_id, payment_type_id, promo_code_id, price, utm_source,
    utm_medium, utm_campaign, created_at, updated_at, sale_ts, `tickets.ticket_id`, `tickets.show_id`, `tickets.state`, `tickets.counted`,
    `tickets.quantity`, `tickets.seat_id`, `tickets.price`, `tickets.discount`, `tickets.gross_revenue`, `tickets.refunded_amount`,
    `tickets.revenue`, `tickets.checked_at`, `tickets.deleted_at`, `tickets.refunded_at`, payload_json)
WITH
    1 + (number % 4 > 1) * (number % 4 - 1) + (number % 4 = 1) * 3 AS n,
    toDateTime(now() - toIntervalSecond(intDiv(number * 63072000, 400000) + cityHash64(number, 1) % 50000), 'Europe/Moscow') AS sold,
    toUInt64(least(299, intDiv(toUInt64(dateDiff('hour', now() - INTERVAL 730 DAY, sold) + pow(cityHash64(number, 2) % 1000 / 1000, 3) * 1800), 64) + 1)) AS show,
    70000 + show % 60 AS event,
    arrayMap(i -> toDecimal64((cityHash64(number, 3) % 10 > 0) * (900 + (cityHash64(number, 4) % 5) * 400), 2), range(n)) AS prices,
    arrayMap(i -> if(cityHash64(number, i, 5) % 25 = 0, 'refunded', 'sold'), range(n)) AS states
SELECT
    5000000 + number, 1, number, 'bench', event, if(event = 70059, 'KZT', 'RUB'), ['card', 'bankcard', 'free'][cityHash64(number, 6) % 3 + 1],
    if(cityHash64(number, 7) % 10 < 3, 90000 + cityHash64(number, 8) % 300, NULL), arraySum(prices),
    if(cityHash64(number, 9) % 2 = 0, '', concat('source', toString(cityHash64(number, 12) % 400 % 12))),
    if(cityHash64(number, 9) % 2 = 0, '', concat('medium', toString(cityHash64(number, 12) % 400 % 5))),
    if(cityHash64(number, 9) % 2 = 0, '', concat('campaign', toString(cityHash64(number, 12) % 400))),
    sold, sold, sold,
    arrayMap(i -> 60000000 + number * 10 + i, range(n)), arrayMap(i -> 80000 + show, range(n)), states, arrayMap(i -> 1, range(n)),
    arrayMap(i -> 1, range(n)), arrayMap(i -> '', range(n)), prices, arrayMap(i -> 0, range(n)), prices,
    arrayMap((p, s) -> if(s = 'refunded', p, toDecimal64(0, 2)), prices, states), arrayMap((p, s) -> if(s = 'refunded', toDecimal64(0, 2), p), prices, states),
    arrayMap(i -> NULL, range(n)), arrayMap(i -> NULL, range(n)),
    arrayMap(s -> if(s = 'refunded', least(sold + 86400, now()), NULL), states), '{}'
FROM numbers(400000)
