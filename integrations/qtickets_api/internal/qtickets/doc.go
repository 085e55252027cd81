// Package qtickets is the QTickets REST API as a loader needs it: read-only, suspicious of every
// answer, and blind to personal data.
//
// Only allow-listed fields are decoded (section 7 of the API notes lists them all): names, e-mails,
// phones, card masks, barcodes and secret URLs have no field here, so nothing downstream can store
// or log them.
//
// A request is built and sent in send.go, judged in judge.go and repeated in retry.go; its answer is
// read in one pass, a bad row costing only itself (reader.go, page.go). check.go compares what
// came with what was asked, and Pages does so across pages.
package qtickets
