package simulator_test

import (
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

func TestPartialRefund(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 3, FullPrice: true})
	tickets := g.Tickets(id)
	g.refused(g.Refund(id, nil, simulator.FullAmount))
	g.do(g.Pay(id))
	g.Advance(72 * time.Hour)
	before := g.row(id)
	amount := (tickets[0].Price + tickets[1].Price) / 3
	g.do(g.Refund(id, []int64{tickets[0].ID, tickets[1].ID}, amount))
	row := g.row(id)
	for _, k := range []string{"updated_at", "deleted_at", "payed", "price"} {
		g.equal(k, row[k], before[k])
	}
	var back, kept float64
	for i, b := range g.baskets(row) {
		if i == 2 {
			g.equal("refunded_at of the third", b["refunded_at"], nil)
			continue
		}
		g.equal("refunded_at", g.moment(b["refunded_at"]), g.Now())
		back += b["refunded_amount"].(float64) * 100
		kept += b["refunded_deduction_amount"].(float64) * 100
		if b["barcode"] == nil || b["deleted_at"] != nil {
			t.Errorf("a refunded ticket is %v", b)
		}
	}
	if int64(back+.5) != amount || int64(back+kept+.5) != tickets[0].Price+tickets[1].Price {
		t.Errorf("%v returned and %v kept of %d", back, kept, tickets[0].Price+tickets[1].Price)
	}
	if n := len(row["refunds"].([]any)); n != 1 {
		t.Errorf("%d operations", n)
	}
	o := g.Oracle()
	key := simulator.DailyKey{Day: moscowDate(g.Now()), EventID: int64(row["event_id"].(float64)),
		ShowID: tickets[0].ShowID, Currency: row["currency_id"].(string)}
	if r := o.RefundsDaily[key]; r.Refunded < amount || r.Tickets < 2 {
		t.Errorf("refunds of the day %+v", r)
	}
	g.refused(g.Refund(id, []int64{tickets[0].ID}, simulator.FullAmount))
	g.refused(g.Refund(id, []int64{tickets[2].ID, tickets[2].ID}, 1))
	g.refused(g.Refund(id, []int64{tickets[2].ID}, tickets[2].Price+1))
	g.refused(g.Refund(id, []int64{1}, 0))
	g.do(g.Cancel(id))
	g.refused(g.Restore(id))
}

func TestDeletedTicket(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2})
	g.do(g.Pay(id))
	g.Advance(time.Hour)
	tickets, before := g.Tickets(id), g.row(id)
	g.do(g.DeleteTicket(id, tickets[0].ID))
	g.refused(g.DeleteTicket(id, tickets[0].ID))
	row := g.row(id)
	g.equal("order.updated_at", row["updated_at"], before["updated_at"])
	g.equal("order.deleted_at", row["deleted_at"], nil)
	g.equal("basket.deleted_at", g.moment(g.baskets(row)[0]["deleted_at"]), g.Now())
	g.do(g.DeleteTicket(id, tickets[1].ID))
	g.equal("order.deleted_at after the last", g.moment(g.row(id)["deleted_at"]), g.Now())
}

func TestReplaced(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2, FullPrice: true})
	g.refused(errOf(g.Replace(id)))
	g.do(g.Pay(id))
	g.Advance(time.Hour)
	before := g.Oracle().Totals
	fresh, err := g.Replace(id)
	g.do(err)
	after := g.Oracle().Totals
	if after.Sold != before.Sold || after.Revenue["RUB"] != before.Revenue["RUB"] || after.Orders != before.Orders+1 {
		t.Errorf("%+v after a replacement, %+v before", after, before)
	}
	old, row := g.row(id), g.row(fresh)
	if old["deleted_at"] == nil || row["payed"] != true || row["price"] != old["price"] || fresh <= id {
		t.Errorf("old %v, new %v", old, row)
	}
	g.refused(g.Restore(id))
}

func TestSeasonTicket(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	soon := g.Now().Add(240 * time.Hour)
	event, err := g.NewEvent(simulator.EventSpec{Shows: []simulator.ShowSpec{
		{Start: soon, Hall: "tariffs"}, {Start: soon.Add(24 * time.Hour), Hall: "numbered"},
		{Start: soon.Add(48 * time.Hour)},
	}})
	g.do(err)
	id := g.order(simulator.NewOrder{EventID: event, Season: true, FullPrice: true})
	g.do(g.Pay(id))
	tickets := g.Tickets(id)
	if len(tickets) != 4 || !tickets[0].Main || tickets[0].Price != 0 || tickets[1].Main {
		t.Fatalf("a season ticket is %+v", tickets)
	}
	if related := g.baskets(g.row(id))[0]["related_baskets"].([]any); len(related) != 3 {
		t.Errorf("related_baskets %v", related)
	}
	sold := 0
	for key, s := range g.Oracle().SalesDaily {
		if key.EventID == event {
			sold += s.TicketsSold
		}
	}
	if sold != 3 {
		t.Errorf("%d sold, want the three linked ones", sold)
	}
	g.refused(g.DeleteTicket(id, tickets[0].ID))
	g.refused(g.Refund(id, []int64{tickets[0].ID}, 0))
	for _, linked := range tickets[1:] {
		g.do(g.DeleteTicket(id, linked.ID))
	}
	if row := g.row(id); row["deleted_at"] == nil || g.baskets(row)[0]["deleted_at"] == nil {
		t.Error("the main basket outlived its linked ones")
	}
}

// TestRestoredWithoutWhatWasDeletedBefore: an order that comes back does not bring a ticket that was deleted before it
// was paid, also when all that was within one second.
func TestRestoredWithoutWhatWasDeletedBefore(t *testing.T) {
	t.Parallel()
	g := newStage(t)
	id := g.order(simulator.NewOrder{Tickets: 2})
	before := g.Oracle().Totals
	g.do(g.DeleteTicket(id, g.Tickets(id)[0].ID))
	g.do(g.Pay(id))
	g.do(g.Cancel(id))
	g.do(g.Restore(id))
	if after := g.Oracle().Totals; after.Sold != before.Sold+1 || after.Cancelled != before.Cancelled+1 {
		t.Errorf("%+v, before %+v", after, before)
	}
}
