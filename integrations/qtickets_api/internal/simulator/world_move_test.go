package simulator_test

import (
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// A ticket that moves leaves no trace in the order it leaves, and what was sold stays what it was.
func TestMovedTicket(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2, FullPrice: true})
	tickets := g.Tickets(id)
	g.refused(errOf(g.MoveTicket(tickets[0].ID))) // not paid
	g.do(g.Pay(id))
	g.Advance(time.Hour)
	before, sold := g.row(id), g.Oracle().Totals
	fresh, err := g.MoveTicket(tickets[0].ID)
	g.do(err)
	old, row := g.row(id), g.row(fresh)
	g.equal("updated_at of the old order", old["updated_at"], before["updated_at"])
	g.equal("payed_at of the new order", row["payed_at"], before["payed_at"])
	if len(g.baskets(old)) != 1 || len(g.baskets(row)) != 1 || int64(g.baskets(row)[0]["id"].(float64)) != tickets[0].ID {
		t.Errorf("old %v, new %v", old, row)
	}
	after := g.Oracle().Totals
	if after.Sold != sold.Sold || after.Revenue["RUB"] != sold.Revenue["RUB"] {
		t.Errorf("%+v, before %+v", after, sold)
	}
	g.refused(errOf(g.MoveTicket(tickets[1].ID))) // the last one of its order
}
