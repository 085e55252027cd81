-- Assumptions about the API that do not hold and did not turn out so in the first load of all, each an incident of its
-- own. What the first load found is no news. Ends when the assumption is not refuted any more.
SELECT
    ifNull(a.code, '') AS subject,
    if(subject = '', 'quiet', 'firing') AS verdict,
    toUInt64(0) AS level,
    if(subject = '', NULL, toNullable(a.since)) AS since,
    map('assumes', a.assumes, 'assumes_en', a.assumes_en, 'affects', a.affects, 'affects_en', a.affects_en,
        'confirming', toString(a.confirming), 'refuting', toString(a.refuting)) AS facts
FROM (SELECT 1 AS one) AS o
LEFT JOIN
(
    SELECT 1 AS one, toString(code) AS code, since, assumes, assumes_en, affects, affects_en, confirming, refuting
    FROM state_assumptions FINAL
    WHERE alerts = 1 AND state = 'refuted' AND since > (SELECT min(since) FROM state_assumptions FINAL)
) AS a ON a.one = o.one;
