-- How the tables of this server stand among its replicas. Empty where none is replicated.
SELECT table, is_readonly, inserts_in_queue, inserts_oldest_time, absolute_delay FROM system.replicas WHERE database = currentDatabase() ORDER BY table
