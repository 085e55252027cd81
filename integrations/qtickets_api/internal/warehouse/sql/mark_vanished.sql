-- Orders that are gone from the API. Above the stored version in any case: a clock that ran ahead must not keep a
-- vanished order alive.
INSERT INTO state_orders SELECT * REPLACE (greatest(version + 1, {version:UInt64}) AS version, toUInt8(1) AS is_deleted, {run:String} AS run_id)
FROM state_orders FINAL
WHERE order_id IN ({ids})
