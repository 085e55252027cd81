// Package pipeline runs a load: it learns what the API honours (probe.go), looks for changes in several ways
// (layer.go, increment.go, sweep.go, history.go), applies the rules of package sales, writes what changed, ties the
// orders to what QTickets counts (tie.go), and publishes when everything needed was read.
//
// A number is published only when the orders behind it are complete. What was not read makes the run
// failed (orders, events) or partial (seats of a show, reference lists, rows in quarantine), never ok.
package pipeline
