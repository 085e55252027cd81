-- Limits of rows, bytes and size of statements that a session takes away from itself or sets to what the server has by
-- default, because a load reads everything there is and the audit is one long statement. A profile that forbids this by
-- a constraint keeps all of its own: a result over them is an error then (sql/session.sql).
SET max_rows_to_read = 0, max_bytes_to_read = 0, max_rows_to_read_leaf = 0, max_bytes_to_read_leaf = 0;
SET max_result_rows = 0, max_result_bytes = 0, max_rows_to_group_by = 0, max_rows_to_sort = 0, max_bytes_to_sort = 0;
SET max_rows_in_set = 0, max_bytes_in_set = 0, max_rows_in_join = 0, max_bytes_in_join = 0;
SET max_rows_in_distinct = 0, max_bytes_in_distinct = 0, max_rows_to_transfer = 0, max_bytes_to_transfer = 0;
SET max_columns_to_read = 0, max_temporary_columns = 0, max_temporary_non_const_columns = 0, max_subquery_depth = 100;
SET max_ast_depth = 1000, max_ast_elements = 50000, max_expanded_ast_elements = 500000, max_query_size = 262144;
-- How often an insert into a replicated table is tried again while the coordination does not answer, with pauses from 0.1
-- to 6.4 seconds: long enough for an election, and half a minute for a run that cannot write. By default it is minutes.
SET insert_keeper_max_retries = 7;
