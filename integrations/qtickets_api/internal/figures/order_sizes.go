package figures

import (
	"context"

	"github.com/shopspring/decimal"
)

// OrderSizes are orders by the number of their tickets.
type OrderSizes struct {
	Span    Span
	Sizes   []OrderSize
	Orders  int64
	Average *decimal.Decimal `money:"no"` // tickets per order; nil: no orders
}

// OrderSize are the orders with so many tickets.
type OrderSize struct {
	Tickets int // the last step is MaxOrderSize and more
	Orders  int64
	Share   *decimal.Decimal `money:"no"`
}

// MaxOrderSize is the last step of OrderSizes.
const MaxOrderSize = 10

// OrderSizes are the orders of the period by the number of their tickets.
func (s *Store) OrderSizes(ctx context.Context, f Filter) (OrderSizes, error) {
	span, p, err := s.stretch(ctx, f)
	o := OrderSizes{Span: span}
	if err != nil {
		return o, err
	}
	b, err := s.readBought(ctx, f, p)
	if err != nil {
		return o, err
	}
	for n := range MaxOrderSize {
		o.Sizes = append(o.Sizes, OrderSize{Tickets: n + 1, Orders: b.orders[n+1]})
		o.Orders += b.orders[n+1]
	}
	for i := range o.Sizes {
		o.Sizes[i].Share = share(o.Sizes[i].Orders, o.Orders)
	}
	if o.Orders > 0 {
		average := decimal.NewFromInt(b.tickets).DivRound(decimal.NewFromInt(o.Orders), 2)
		o.Average = &average
	}
	return o, nil
}
