// Package ledger is the run ledger: a line per run (meta_job_runs), and the lease that lets one run load at a time.
//
// The two are one thing: a run that is open and says "working" holds the lease. Heartbeats renew the line; a run whose
// process is gone, or that is silent for too long, is declared dead by the next one.
package ledger
