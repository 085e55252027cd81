-- When the seats of shows were read again and had not changed since the batch was computed.
SELECT show_id, observed_at FROM batch_seats_read WHERE batch = {batch:UInt64}
