-- Limits of rows and bytes that a session takes away from itself, because a load reads everything there is. A profile
-- that forbids this by a constraint keeps all of its own: a result over them is an error then (sql/session.sql).
SET max_rows_to_read = 0, max_bytes_to_read = 0, max_rows_to_read_leaf = 0, max_bytes_to_read_leaf = 0;
SET max_result_rows = 0, max_result_bytes = 0, max_rows_to_group_by = 0, max_rows_to_sort = 0, max_bytes_to_sort = 0;
SET max_rows_in_set = 0, max_bytes_in_set = 0, max_rows_in_join = 0, max_bytes_in_join = 0;
SET max_rows_in_distinct = 0, max_bytes_in_distinct = 0, max_rows_to_transfer = 0, max_bytes_to_transfer = 0;
