// Package sales turns what the API says into what the warehouse stores: one order into its rows, one
// event into its rows, the seats of one show into its inventory.
//
// It is pure: no clock, no network, no database. The same input gives the same rows, so every
// published number can be recomputed. A row that cannot be understood is an error that names the
// field; the caller puts it into quarantine and goes on.
package sales
