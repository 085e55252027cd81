-- The settings our statements rely on. Every session of the program sends them with every statement, whatever the
-- profile of its user says, and the files piped by hand begin with them. ClickHouse 24.8 knows all of them. An
-- administrator's limits of time, memory and queries are not among them: they stay.

-- Inserts: on disk when answered, as one block, with what was sent and nothing guessed.
SET async_insert = 0, optimize_on_insert = 1, insert_null_as_default = 0, input_format_null_as_default = 0;
SET max_insert_block_size = 1048449, min_insert_block_size_rows = 1048449, min_insert_block_size_bytes = 268402944;
SET input_format_defaults_for_omitted_fields = 1;

-- The driver asks for the columns of a table before it inserts, reads the answer by position, and types by name.
SET describe_compact_output = 0, describe_include_subcolumns = 0, describe_include_virtual_columns = 0;
SET output_format_native_encode_types_in_binary_format = 0, input_format_native_decode_types_in_binary_format = 0, input_format_native_allow_types_conversion = 1;

-- FINAL where a statement means it, and the newest version of a row wherever that lies.
SET final = 0, do_not_merge_across_partitions_select_final = 0;
-- and what is stored now, not what an equal statement found before.
SET use_query_cache = 0;

-- Names: an alias hides no column of its name, a number in GROUP BY is a position.
SET dialect = 'clickhouse', allow_experimental_analyzer = 1, prefer_column_name_to_alias = 0, enable_positional_arguments = 1;
SET enable_global_with_statement = 1, joined_subquery_requires_alias = 1, single_join_prefer_left_table = 1;

-- Types: nothing becomes NULL by a join, a group, a cast or an empty set, and what is created is as it is written.
SET join_use_nulls = 0, group_by_use_nulls = 0, cast_keep_nullable = 0, transform_null_in = 0;
SET aggregate_functions_null_for_empty = 0, empty_result_for_aggregation_by_empty_set = 0;
SET use_variant_as_common_type = 0, enable_extended_results_for_datetime_functions = 0;
SET data_type_default_nullable = 0, flatten_nested = 1;

-- Rows: a join gives every match, and none is cut off, left out or added.
SET join_default_strictness = 'ALL', any_join_distinct_right_table_keys = 0, union_default_mode = '';
SET limit = 0, offset = 0, additional_table_filters = '', additional_result_filter = '', extremes = 0;
SET read_overflow_mode = 'throw', result_overflow_mode = 'throw', group_by_overflow_mode = 'throw';
SET sort_overflow_mode = 'throw', set_overflow_mode = 'throw', join_overflow_mode = 'throw';
SET distinct_overflow_mode = 'throw', timeout_overflow_mode = 'throw', transfer_overflow_mode = 'throw';
-- and a small table may be read whole, outside of transactions.
SET force_primary_key = 0, force_index_by_date = 0, force_optimize_projection = 0, implicit_transaction = 0;

-- Values: money and time are exact, or an error, and a day is a day of Moscow.
SET decimal_check_overflow = 1, date_time_overflow_behavior = 'ignore', session_timezone = 'Europe/Moscow';
SET date_time_input_format = 'basic', date_time_output_format = 'simple';
