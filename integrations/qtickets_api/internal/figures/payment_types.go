package figures

import (
	"context"
)

// PaymentTypes are the figures of the period by the way of paying.
type PaymentTypes struct {
	Span  Span
	Types []PaymentType
}

// PaymentType is a way of paying as QTickets calls it; "" is unknown.
type PaymentType struct {
	Type string
	Totals
	Before *Totals
}

// PaymentTypes are the figures of the period by the way of paying.
func (s *Store) PaymentTypes(ctx context.Context, f Filter) (PaymentTypes, error) {
	span, parts, err := s.parts(ctx, f, ByPaymentType)
	c := PaymentTypes{Span: span}
	for _, p := range parts {
		c.Types = append(c.Types, PaymentType{Type: p.keys[0], Totals: p.now, Before: p.before})
	}
	return c, err
}
