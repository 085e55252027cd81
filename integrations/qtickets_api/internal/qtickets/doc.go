// Package qtickets is the QTickets REST API as a loader needs it: read-only, suspicious of every response,
// and blind to personal data. "API notes" in the comments are docs/qtickets-api.md.
//
// Only allow-listed fields are decoded (section 7 lists them all): names, e-mails, phones, card masks,
// barcodes and secret URLs have no field here, so nothing downstream can store or log them.
//
// A request is built in request.go and sent in send.go, its response is handled in response.go, and retry.go
// tries again. A response is decoded in one pass, and an invalid row affects only itself (reader.go,
// page.go). check.go compares what came with what was asked, and Pages does so across pages.
package qtickets
