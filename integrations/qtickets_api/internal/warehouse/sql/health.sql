SELECT
    if(p.amount = 0, NULL, p.as_of), if(p.amount = 0, NULL, p.published_at),
    q.amount, w.amount, if(w.amount = 0, NULL, w.oldest)
FROM (SELECT count() AS amount, argMax(x.as_of, seq) AS as_of, argMax(x.published_at, seq) AS published_at FROM publish AS x) AS p
CROSS JOIN (SELECT count() AS amount FROM state_quarantine FINAL) AS q
CROSS JOIN (SELECT count() AS amount, min(received_at) AS oldest FROM state_webhooks FINAL WHERE isNull(handled_at)) AS w
