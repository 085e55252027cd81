-- When an order with a ticket of each show was last read with another content than before, if that was since a moment.
-- Without FINAL: a vanished order and a ticket that left the show changed it too.
SELECT show, fromUnixTimestamp64Nano(toInt64(max(version)))
FROM (SELECT version, tickets.show_id FROM state_orders WHERE version >= {since:UInt64})
ARRAY JOIN tickets.show_id AS show
GROUP BY show
