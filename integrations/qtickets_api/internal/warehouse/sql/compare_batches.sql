-- How many rows of a mart, as readers see them, are in one of two batches more often than in the other. The moment up to
-- which a batch is complete does not count.
SELECT count()
FROM
(
    SELECT * EXCEPT (side), sum(side) AS more
    FROM
    (
        SELECT *, toInt64(1) AS side FROM ({one})
        UNION ALL
        SELECT *, toInt64(-1) AS side FROM ({other})
    )
    GROUP BY ALL
    HAVING more != 0
)
