// Package explain takes published numbers apart: the tickets and refunds they are made of, the tickets that do not
// count and why, and the runs that wrote and published them. It adds the tickets up by itself, beside the facts.
package explain
