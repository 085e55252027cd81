package figures

import (
	"context"
)

// PromoCodes are the figures of the period by promo code.
type PromoCodes struct {
	Span  Span
	Codes []PromoCode // most tickets first; orders without a code are a line too
}

// PromoCode is a code as the organiser typed it; one text may belong to several codes.
type PromoCode struct {
	Code string // "": without a code
	Totals
	Before   *Totals
	Discount CodeDiscount
}

// PromoCodes are the figures of the period by promo code.
func (s *Store) PromoCodes(ctx context.Context, f Filter) (PromoCodes, error) {
	span, parts, err := s.parts(ctx, f, ByPromoCode)
	c := PromoCodes{Span: span}
	if err != nil {
		return c, err
	}
	discounts, err := s.codeDiscounts(ctx, f)
	for _, p := range parts {
		c.Codes = append(c.Codes, PromoCode{Code: p.keys[0], Totals: p.now, Before: p.before,
			Discount: discounts[p.keys[0]]})
	}
	return c, err
}
