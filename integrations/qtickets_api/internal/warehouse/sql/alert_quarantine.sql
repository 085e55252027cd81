-- Invalid rows of the source. A message comes with the first one and whenever their number has doubled.
SELECT
    '' AS subject,
    if(held > 0, 'firing', 'quiet') AS verdict,
    toUInt64(held) AS level,
    if(held > 0, toNullable(last_read), NULL) AS since,
    map('rows', toString(held), 'feeds', feeds, 'counted', toString(counted)) AS facts
FROM
(
    SELECT
        sum(n) AS held,
        max(seen) AS last_read,
        arrayStringConcat(groupArray(concat(f, ': ', toString(n))), ', ') AS feeds,
        sum(known) AS counted
    FROM
    (
        SELECT toString(feed) AS f, count() AS n, max(observed_at) AS seen, countIf(counted_read_at IS NOT NULL) AS known
        FROM meta_quarantine
        GROUP BY f
        ORDER BY f
    )
);
