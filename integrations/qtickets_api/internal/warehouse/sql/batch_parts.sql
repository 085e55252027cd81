-- What a batch was computed from.
SELECT part, slice, built, fingerprint FROM store_parts WHERE batch = {batch:UInt64} ORDER BY part, slice
