-- Invalid rows of the source. A message comes with the first one and whenever their number has doubled.
SELECT
    '' AS subject,
    if(held > 0, 'firing', 'quiet') AS verdict,
    toUInt64(held) AS level,
    if(held > 0, toNullable(last_read), NULL) AS since,
    map('rows', toString(held), 'feeds', feeds) AS facts
FROM
(
    SELECT
        sum(n) AS held,
        max(seen) AS last_read,
        arrayStringConcat(groupArray(concat(f, ': ', toString(n))), ', ') AS feeds
    FROM
    (
        SELECT toString(feed) AS f, count() AS n, max(observed_at) AS seen
        FROM state_quarantine FINAL
        GROUP BY f
        ORDER BY f
    )
);
