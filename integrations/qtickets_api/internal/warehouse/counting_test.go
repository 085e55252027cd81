package warehouse_test

import (
	"fmt"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestTicketCountsAgrees: SQL and the rules agree which tickets are in the published numbers, also of orders stored
// before this was a column.
func TestTicketCountsAgrees(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	db := testkit.Open(t, c)
	paid, unpaid := order(1, 10000, 0), order(2, 10000, 0)
	unpaid.Row.SaleTS = nil
	want := map[string]bool{}
	for i, state := range []sales.State{sales.Held, sales.Sold, sales.Refunded, sales.Cancelled} {
		for counted := range uint8(2) {
			ticket := sales.Ticket{TicketID: uint64(i)*2 + uint64(counted), State: state, Counted: counted, Quantity: 1}
			paid.Row.Tickets = append(paid.Row.Tickets, ticket)
			unpaid.Row.Tickets = append(unpaid.Row.Tickets, ticket)
			want[fmt.Sprint(1, ticket.TicketID)] = sales.StoredCounting(state, counted).Counts()
			want[fmt.Sprint(2, ticket.TicketID)] = false
		}
	}
	insert(t, db, paid, unpaid)
	agree := func() {
		t.Helper()
		rows := testkit.Rows(t, c, `SELECT order_id, ticket.ticket_id, counts
			FROM (SELECT order_id, tickets, ticket_counts FROM state_orders FINAL) ARRAY JOIN tickets AS ticket, ticket_counts AS counts`)
		for _, r := range rows {
			if id := fmt.Sprint(r[0], r[1]); want[id] != (r[2].(uint8) == 1) {
				t.Errorf("order and ticket %s: SQL says %v, the rules %v", id, r[2], want[id])
			}
		}
		if len(rows) != len(want) {
			t.Errorf("%d tickets, want %d", len(rows), len(want))
		}
	}
	agree()
	// The orders of a database that an earlier release made and filled.
	admin := testkit.As(t, c, embedded.Admin)
	if err := raw(t, admin).Exec(t.Context(), "ALTER TABLE state_orders DROP COLUMN ticket_counts"); err != nil {
		t.Fatal(err)
	}
	if err := warehouse.Migrate(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	agree()
}
