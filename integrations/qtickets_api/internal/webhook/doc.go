// Package webhook receives what QTickets announces and has the announced orders read again.
//
// A Receiver answers POST /webhooks/qtickets: it checks the signature of the raw body, keeps which order was
// announced (nothing else of the body, whose content is never trusted), and says 200 when that is durable. A
// Worker waits for a burst to end and then runs what reads the orders, until nothing is pending.
package webhook
