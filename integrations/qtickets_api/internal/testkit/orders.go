package testkit

import (
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// PaidOrder is an order of event 70001 and show 80001, paid at noon and two minutes on 1 May 2030 (Moscow), with
// tickets at one price, as if it had been read now.
func PaidOrder(id uint64, price qtickets.Money, tickets int) warehouse.Observed[sales.Order] {
	paid := time.Date(2030, 5, 1, 9, 2, 0, 0, time.UTC)
	o := sales.Order{
		OrderID: id, EventID: 70001, CurrencyID: "RUB", Price: price * qtickets.Money(tickets),
		CreatedAt: paid.Add(-time.Minute), SaleTS: &paid, Anomalies: []string{}, PayloadJSON: []byte("{}"),
		ContentHash: uint64(price)<<32 + uint64(tickets),
	}
	for i := range tickets {
		o.Tickets = append(o.Tickets, sales.Ticket{
			TicketID: id*100 + uint64(i), ShowID: 80001, State: sales.Sold, Counted: 1, Quantity: 1, Price: price,
			Amounts: sales.Amounts{Gross: price, Revenue: price},
		})
	}
	return warehouse.Observed[sales.Order]{Row: o, At: time.Now()}
}
