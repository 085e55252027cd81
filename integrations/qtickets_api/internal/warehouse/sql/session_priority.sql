-- What the program asks goes before what BI asks, whose profile says 10 (infra/clickhouse/users.d/qtickets.xml): a query
-- of BI gives way at every block of rows. The page reads as the user of BI, and goes first as well.
SET priority = 1;
