package explain

import (
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// SalesTotals are the columns of fact_qtickets_sales_daily.
type SalesTotals struct {
	Orders          int64          `json:"orders"` // in totals: an order of two shows is in the rows of both
	TicketsSold     int64          `json:"tickets_sold"`
	TicketsFree     int64          `json:"tickets_free"`
	GrossTickets    int64          `json:"gross_tickets"`
	RefundedTickets int64          `json:"refunded_tickets"`
	Gross           qtickets.Money `json:"gross_revenue"`
	Refunded        qtickets.Money `json:"refunded_revenue"`
	Revenue         qtickets.Money `json:"revenue"`
	Discount        qtickets.Money `json:"discount"`
}

func (a SalesTotals) plus(b SalesTotals) SalesTotals {
	return SalesTotals{
		a.Orders + b.Orders, a.TicketsSold + b.TicketsSold, a.TicketsFree + b.TicketsFree, a.GrossTickets + b.GrossTickets,
		a.RefundedTickets + b.RefundedTickets, a.Gross + b.Gross, a.Refunded + b.Refunded, a.Revenue + b.Revenue, a.Discount +
			b.Discount,
	}
}

// saleOf is what a ticket adds to its row; first: it is the first sold ticket of its order in that row.
func saleOf(t *Ticket, first bool) SalesTotals {
	f := SalesTotals{GrossTickets: t.Quantity, Gross: t.Gross, Refunded: t.Refunded, Revenue: t.Revenue}
	if t.State == sales.Refunded {
		f.RefundedTickets = t.Quantity
		return f
	}
	f.TicketsSold, f.Discount = t.Quantity, t.Discount
	if t.Price == 0 {
		f.TicketsFree = t.Quantity
	}
	if first {
		f.Orders = 1
	}
	return f
}

// RefundTotals are the columns of fact_qtickets_refunds_daily.
type RefundTotals struct {
	Tickets  int64          `json:"refunded_tickets"`
	Gross    qtickets.Money `json:"gross_revenue"`
	Refunded qtickets.Money `json:"refunded_revenue"`
	Kept     qtickets.Money `json:"kept_revenue"`
}

func (a RefundTotals) plus(b RefundTotals) RefundTotals {
	return RefundTotals{a.Tickets + b.Tickets, a.Gross + b.Gross, a.Refunded + b.Refunded, a.Kept + b.Kept}
}
