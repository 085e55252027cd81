package dashboard

import (
	"time"

	"github.com/shopspring/decimal"
)

// Channels are the figures of the period by UTM source, then medium, then campaign.
type Channels struct {
	Span    Span
	Sources []Channel // most tickets first; the one without a mark is always there
	Total   Channel
}

// Span is the stretch of days a block covers and what it is compared with.
type Span struct {
	From, To         time.Time  // Moscow days, inclusive
	BeforeFrom       *time.Time // nil: no comparison
	BeforeTo         *time.Time
	BeforeUntil      *time.Time // the comparison ends at this moment, as the data does
	BeforeIncomplete bool       // the comparison begins before the first sale that is known
}

// Channel is a source, a medium of a source, or a campaign of a medium.
type Channel struct {
	Mark string // "": without a mark
	Figures
	Before *Figures // nil: no comparison
	Parts  []Channel
}

// PromoCodes are the figures of the period by promo code.
type PromoCodes struct {
	Span  Span
	Codes []PromoCode // most tickets first; orders without a code are a line too
}

// PromoCode is a code as the organiser typed it; one text may belong to several codes.
type PromoCode struct {
	Code string // "": without a code
	Figures
	Before *Figures
}

// PaymentTypes are the figures of the period by the way of paying.
type PaymentTypes struct {
	Span  Span
	Types []PaymentType
}

// PaymentType is a way of paying as QTickets calls it; "" is unknown.
type PaymentType struct {
	Type string
	Figures
	Before *Figures
}

// Heat is when tickets are bought: hour × weekday of the Moscow clock.
type Heat struct {
	Span  Span
	Days  [7]int          // how many Mondays, Tuesdays ... of the period hold data
	Cells [7][24]HeatCell // Monday first
}

// HeatCell is an hour of a weekday.
type HeatCell struct {
	Tickets int64
	PerDay  *decimal.Decimal // Tickets ÷ such weekdays; nil: there was none
}

// Lead is how long before the show tickets are bought.
type Lead struct {
	Span  Span
	Steps []LeadStep // ascending, all of them; last the tickets of shows without a date
	Total int64
}

// LeadStep is a stretch of days before the show.
type LeadStep struct {
	From    int  // days left
	To      *int // nil: and more
	Unknown bool // the show has no date
	Tickets int64
	Share   *decimal.Decimal // of Total; nil: nothing was sold
}

// OrderSizes are orders by the number of their tickets.
type OrderSizes struct {
	Span    Span
	Sizes   []OrderSize
	Orders  int64
	Average *decimal.Decimal // tickets per order; nil: no orders
}

// OrderSize are the orders with so many tickets.
type OrderSize struct {
	Tickets int // the last step is MaxOrderSize and more
	Orders  int64
	Share   *decimal.Decimal
}

// MaxOrderSize is the last step of OrderSizes.
const MaxOrderSize = 10
