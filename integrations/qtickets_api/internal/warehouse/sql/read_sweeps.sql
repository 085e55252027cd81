-- When all orders of each event were last read.
SELECT event_id, observed_at FROM state_sweeps FINAL
