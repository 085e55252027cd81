-- How many orders slices hold, and a fingerprint of their versions: equal ones are of equal orders (decision 0018). Of all
-- orders as one slice it is the sum of those of the slices, and read without the ids.
SELECT {slice} AS slice, count(), sum(cityHash64(version))
FROM state_orders FINAL
WHERE {orders}
GROUP BY slice
