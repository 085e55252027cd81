// Package pipeline runs a load. load.go is the algorithm on one page: it learns what the API honours (probe.go), looks
// for changed orders in several ways (scan_*.go), applies the rules of package sales and writes what changed (sink.go),
// verifies the number of orders against the one QTickets counts (verify.go), and publishes. run.go puts the ledger and
// the lease around it, plan.go decides what is read.
//
// A number is published only when the orders behind it are complete. What was not read makes the run failed (orders,
// events) or partial (seats of a show, reference lists, rows in quarantine), never ok.
package pipeline
