-- The rights of each user: the one list from which the embedded engine's users are made too. Statements
-- an administrator with access management can run as they are, after the users exist.

-- etl_writer: the loader. Reads and writes state, adds facts in new batches and drops old ones
-- (ALTER DELETE allows DROP PARTITION), no DDL, no other databases, no files, no network.
GRANT SELECT, INSERT ON zakaz.state_* TO etl_writer;
GRANT SELECT, INSERT, ALTER DELETE ON zakaz.store_* TO etl_writer;
GRANT SELECT, INSERT ON zakaz.publish TO etl_writer;
GRANT SELECT, INSERT ON zakaz.plan_targets TO etl_writer;
GRANT SELECT ON zakaz.stg_* TO etl_writer;
GRANT SELECT ON zakaz.dim_* TO etl_writer;
GRANT SELECT ON zakaz.meta_* TO etl_writer;
GRANT SELECT ON zakaz.batch_* TO etl_writer;
GRANT SELECT ON zakaz.fact_* TO etl_writer;
GRANT SELECT ON zakaz.v_* TO etl_writer;

-- datalens_reader: BI and the page. Published facts, names, and how loading went (batch_* is what fact_* and v_* are made of).
-- What of this is listed is said at the end.
GRANT SELECT ON zakaz.batch_* TO datalens_reader;
GRANT SELECT ON zakaz.fact_* TO datalens_reader;
GRANT SELECT ON zakaz.v_* TO datalens_reader;
GRANT SELECT ON zakaz.dim_* TO datalens_reader;
GRANT SELECT ON zakaz.meta_* TO datalens_reader;

-- admin_min: migrations, the checks of the deployment checklist, restoring a backup (docs/operations.md), forgetting a replica
-- that is lost (docs/clusters.md).
GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP DATABASE, DROP TABLE, DROP VIEW, ALTER TABLE, ALTER VIEW, SELECT, INSERT, OPTIMIZE, SHOW, SYSTEM DROP REPLICA ON zakaz.* TO admin_min;
GRANT TABLE ENGINE ON * TO admin_min;
GRANT SHOW ACCESS ON *.* TO admin_min;

-- backup: copies the database and can neither read nor write a table. It logs in on the server's own machine only,
-- because a copy may be sent to any address. In drill_zakaz it brings a copy back to compare it (restore_drill.sh).
GRANT BACKUP ON zakaz.* TO backup;
GRANT CREATE DATABASE, CREATE TABLE, DROP DATABASE, DROP TABLE, ALTER TTL, SELECT, INSERT ON drill_zakaz.* TO backup;
GRANT TABLE ENGINE ON * TO backup;

-- How the tables stand among replicas (docs/clusters.md): whether this server can write, and what has not arrived yet.
GRANT SELECT ON system.replicas TO etl_writer;

-- What datalens_reader finds in a list of tables (SHOW TABLES, what DataLens offers): the views for BI, and those that
-- the deployment checklist names. It takes no right away: the page reads as this user, and so do older reports.
CREATE ROW POLICY OR REPLACE `zakaz.listed` ON system.tables USING NOT startsWith(database, 'zakaz') OR startsWith(name, 'v_qtickets_') OR name IN ('fact_qtickets_sales_daily', 'fact_qtickets_inventory_latest', 'meta_job_runs') TO datalens_reader;
