// Package serve is the long-lived process: one HTTP server with the page, the endpoint of webhooks, health,
// readiness and metrics, and the rhythm of loads. What is behind each of them is handed in.
package serve
