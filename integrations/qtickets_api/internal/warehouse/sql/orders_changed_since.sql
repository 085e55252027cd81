-- Versions of orders that are newer than a batch.
SELECT count() FROM state_orders WHERE version > {batch:UInt64}
