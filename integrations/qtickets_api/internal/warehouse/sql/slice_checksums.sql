-- Checksums of the rows of slices in a batch and of those it is compared with, in whatever order they come.
SELECT cityHash64(count(), sum(cityHash64(toString(tuple(* EXCEPT (batch))))))
FROM {store}
WHERE (batch, slice) IN ({slices})
GROUP BY batch = {batch:UInt64}
