SELECT version FROM meta_schema
