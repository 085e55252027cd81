SELECT max(seq) FROM publish
