-- How many rows of slices are in a batch more often than in those it is compared with, or less often.
SELECT count()
FROM
(
    SELECT * EXCEPT (batch), sum(if(batch = {batch:UInt64}, 1, -1)) AS more
    FROM {store}
    WHERE (batch, slice) IN ({slices})
    GROUP BY ALL
    HAVING more != 0
)
