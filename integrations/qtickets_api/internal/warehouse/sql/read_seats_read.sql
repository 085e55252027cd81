-- When the seats of each show were last read.
SELECT show_id, observed_at FROM state_inventory_seen FINAL
