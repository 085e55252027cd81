package qtickets

import (
	"context"
	"time"
)

// Turn is what the user of a client holds while it works, so that others on the same machine wait for it. The client
// takes it before it returns from a request, and gives it back for as long as QTickets does not answer. Both are called
// by several goroutines, whether it is held or not.
type Turn interface {
	Take(ctx context.Context)
	Give()
}

// late is when an answer is not waited for with the turn held: less than what a load without changes takes.
const late = 5 * time.Second

// noTurn is that of a user for whom nobody waits.
type noTurn struct{}

func (noTurn) Take(context.Context) {}
func (noTurn) Give()                {}

// sendInTurn is send, which gives the turn back when the answer is late or none.
func (c *Client) sendInTurn(ctx context.Context, a attempt, decode decodeFunc) (sent time.Time, err error) {
	given := make(chan struct{})
	giving := time.AfterFunc(c.late, func() {
		c.turn.Give()
		close(given)
	})
	sent, err = c.send(ctx, a, decode)
	if !giving.Stop() {
		<-given
	}
	return sent, err
}
