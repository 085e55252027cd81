// Package warehouse is the organiser's ClickHouse: connect, migrate, write state, publish facts, check.
//
// State tables hold one current version per key (ReplacingMergeTree on the time a request was sent); a
// row is written only when its content hash changed. Facts are never edited: all of them are computed into a new
// batch, audited, and switched for all readers by one row (docs/decisions). The SQL is in sql/, a file per statement.
package warehouse
