-- Orders that cannot be read any more and count as they were read before.
SELECT toInt64(count()) AS orders FROM meta_quarantine WHERE counted_read_at IS NOT NULL
