// Package pipeline runs a load: it asks the API, applies the rules of package sales, writes what changed,
// and publishes when everything needed was read.
//
// A number is published only when the orders behind it are complete. What was not read makes the run
// failed (orders, events) or partial (seats of a show, reference lists, rows in quarantine), never ok.
package pipeline
