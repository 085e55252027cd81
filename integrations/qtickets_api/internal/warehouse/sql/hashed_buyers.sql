-- Orders whose buyer was hashed with a key, whatever became of them later.
SELECT count() FROM state_orders WHERE buyer_hash != ''
