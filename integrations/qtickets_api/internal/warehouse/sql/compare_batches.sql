-- How many rows of a mart are in one of two batches and not in the other. The moment of publication does not count.
SELECT
    (
        SELECT count()
        FROM
        (
            SELECT * EXCEPT (batch, as_of) FROM {table:Identifier} WHERE batch = {one:UInt64}
            EXCEPT
            SELECT * EXCEPT (batch, as_of) FROM {table:Identifier} WHERE batch = {other:UInt64}
        )
    )
    +
    (
        SELECT count()
        FROM
        (
            SELECT * EXCEPT (batch, as_of) FROM {table:Identifier} WHERE batch = {other:UInt64}
            EXCEPT
            SELECT * EXCEPT (batch, as_of) FROM {table:Identifier} WHERE batch = {one:UInt64}
        )
    )
