package qtickets

import "time"

// Opt is a scalar that the API may leave out. PHP says "nothing" in several ways (null, "", [] and
// {} were all seen), and all of them are Valid == false; zero is a value.
type Opt[T any] struct {
	Value T
	Valid bool
}

// Some returns a present value.
func Some[T any](v T) Opt[T] { return Opt[T]{Value: v, Valid: true} }

// Or returns the value, or other when there is none.
func (o Opt[T]) Or(other T) T {
	if o.Valid {
		return o.Value
	}
	return other
}

// Order is one row of GET orders (API notes, section 7.1). Times are instants; the offset of the
// source text is not kept, because it is not the venue's (section 15).
type Order struct {
	ID              int64          `json:"id"`
	EventID         Opt[int64]     `json:"event_id"`
	SiteID          Opt[int64]     `json:"site_id"`
	ClientID        Opt[int64]     `json:"-"` // leaves the process only as a keyed hash
	Payed           Opt[bool]      `json:"payed"`
	Reserved        Opt[bool]      `json:"reserved"`
	ReserveExtended Opt[bool]      `json:"reserve_extended"`
	PaymentTypeID   Opt[string]    `json:"payment_type_id"`
	DiscountID      Opt[int64]     `json:"discount_id"`
	PromoCodeID     Opt[int64]     `json:"promo_code_id"`
	Price           Opt[Money]     `json:"price"`
	OriginalPrice   Opt[Money]     `json:"original_price"`
	CurrencyID      Opt[string]    `json:"currency_id"`
	UTM             UTM            `json:"utm"`
	Baskets         []Basket       `json:"baskets"`
	Refunds         Shape          `json:"refunds"`
	PrimaryOrders   IDs            `json:"primary_orders"`   // orders this one replaces
	SecondaryOrders IDs            `json:"secondary_orders"` // orders that replace this one
	CreatedAt       Opt[time.Time] `json:"created_at"`
	UpdatedAt       Opt[time.Time] `json:"updated_at"`
	PayedAt         Opt[time.Time] `json:"payed_at"`
	ReservedTo      Opt[time.Time] `json:"reserved_to"`
	DeletedAt       Opt[time.Time] `json:"deleted_at"`
}

// Basket is one ticket of an order (API notes, section 7.2).
type Basket struct {
	ID                      int64          `json:"id"`
	ShowID                  Opt[int64]     `json:"show_id"`
	SeatID                  Opt[string]    `json:"seat_id"`
	SeatName                Opt[string]    `json:"seat_name"`
	Price                   Opt[Money]     `json:"price"`
	OriginalPrice           Opt[Money]     `json:"original_price"`
	TicketOriginalPrice     Opt[Money]     `json:"ticket_original_price"`
	DiscountValue           Opt[Money]     `json:"discount_value"`
	TicketAmount            Opt[Money]     `json:"ticket_amount"`
	ServiceFeeAmount        Opt[Money]     `json:"service_fee_amount"`
	MultipriceCode          Opt[string]    `json:"multiprice_code"`
	Quantity                Opt[int64]     `json:"quantity"`
	RelatedBaskets          IDs            `json:"related_baskets"`
	Services                Shape          `json:"services"`
	Refunds                 Shape          `json:"refunds"`
	RefundedAmount          Opt[Money]     `json:"refunded_amount"`
	RefundedDeductionAmount Opt[Money]     `json:"refunded_deduction_amount"`
	CheckedAt               Opt[time.Time] `json:"checked_at"`
	CreatedAt               Opt[time.Time] `json:"created_at"`
	UpdatedAt               Opt[time.Time] `json:"updated_at"`
	RefundedAt              Opt[time.Time] `json:"refunded_at"`
	DeletedAt               Opt[time.Time] `json:"deleted_at"`
}

// UTM is the order's campaign marks by the five usual keys, values as sent but for personal data
// (section 7.1).
type UTM map[string]string

// IDs are the ids of linked orders or tickets, whether they came as numbers, numeric strings or
// objects with an id; everything else about them is skipped.
type IDs []int64

// Shape is how many elements a collection of unknown shape has (refunds, services). The elements
// themselves may hold anything, personal data included, so they are never kept.
type Shape int

// Event is one row of GET events (API notes, section 9).
type Event struct {
	ID         int64          `json:"id"`
	IsActive   Opt[bool]      `json:"is_active"`
	Name       Opt[string]    `json:"name"`
	PlaceName  Opt[string]    `json:"place_name"`
	Age        Opt[string]    `json:"age"`
	CurrencyID Opt[string]    `json:"currency_id"`
	City       City           `json:"city"`
	Shows      []Show         `json:"shows"`
	CreatedAt  Opt[time.Time] `json:"created_at"`
	UpdatedAt  Opt[time.Time] `json:"updated_at"`
	DeletedAt  Opt[time.Time] `json:"deleted_at"`
}

// City is where an event happens. Timezone is an IANA name and the zone of its shows' local dates.
type City struct {
	ID       Opt[int64]  `json:"id"`
	Name     Opt[string] `json:"name"`
	Timezone Opt[string] `json:"timezone"`
}

// Show is one date of an event, or a season of weeks (API notes, section 9).
type Show struct {
	ID             int64          `json:"id"`
	IsActive       Opt[bool]      `json:"is_active"`
	Name           Opt[string]    `json:"name"`
	SaleStartDate  Opt[time.Time] `json:"sale_start_date"`
	SaleFinishDate Opt[time.Time] `json:"sale_finish_date"`
	OpenDate       Opt[time.Time] `json:"open_date"`
	StartDate      Opt[time.Time] `json:"start_date"`
	FinishDate     Opt[time.Time] `json:"finish_date"`
	MinPrice       Opt[Money]     `json:"min_price"` // the default_price inside the price object
	MaxPrice       Opt[Money]     `json:"max_price"`
	CreatedAt      Opt[time.Time] `json:"created_at"`
	UpdatedAt      Opt[time.Time] `json:"updated_at"`
	DeletedAt      Opt[time.Time] `json:"deleted_at"`
}

// Seat is one sellable place of a show: a numbered seat, or a standing area whose quantities are
// above one. The same physical place appears once per tariff and then shares RootID (section 10).
type Seat struct {
	ID               string
	RootID           Opt[string]
	ZoneID           Opt[string]
	ZoneName         Opt[string] // of the nested form only
	Admission        Opt[bool]   // a standing place; says nothing about availability
	Disabled         Opt[bool]
	Price            Opt[Money]
	MaxQuantity      Opt[int64]
	FreeQuantity     Opt[int64]
	OrderedQuantity  Opt[int64] // expected to include payed ones (section 10)
	PayedQuantity    Opt[int64]
	InBasketQuantity Opt[int64]
}

// Discount is one row of GET discounts (API notes, section 12). The API gives no depth.
type Discount struct {
	ID         int64          `json:"id"`
	IsActive   Opt[bool]      `json:"is_active"`
	Name       Opt[string]    `json:"name"`
	Type       Opt[string]    `json:"type"`
	ActiveFrom Opt[time.Time] `json:"active_from"`
	ActiveTo   Opt[time.Time] `json:"active_to"`
	CreatedAt  Opt[time.Time] `json:"created_at"`
	UpdatedAt  Opt[time.Time] `json:"updated_at"`
	DeletedAt  Opt[time.Time] `json:"deleted_at"`
}

// PromoCode is one row of GET promo-codes (API notes, section 12). Codes are not unique.
type PromoCode struct {
	ID           int64          `json:"id"`
	IsActive     Opt[bool]      `json:"is_active"`
	DiscountID   Opt[int64]     `json:"discount_id"`
	Code         Opt[string]    `json:"code"`
	MaxUsesCount Opt[int64]     `json:"max_uses_count"`
	ActiveFrom   Opt[time.Time] `json:"active_from"`
	ActiveTo     Opt[time.Time] `json:"active_to"`
	CreatedAt    Opt[time.Time] `json:"created_at"`
	UpdatedAt    Opt[time.Time] `json:"updated_at"`
	DeletedAt    Opt[time.Time] `json:"deleted_at"`
}

// ColorTheme is one row of GET color-themes.
type ColorTheme struct {
	ID    int64       `json:"id"`
	Color Opt[string] `json:"color"` // "#rrggbb"
}
