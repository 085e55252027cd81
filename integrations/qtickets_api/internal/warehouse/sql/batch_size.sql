-- How many rows a batch has in all stores.
SELECT rows FROM batch_rows WHERE batch = {batch:UInt64}
