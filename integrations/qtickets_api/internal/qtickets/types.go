package qtickets

import "time"

// Opt is a scalar that may be absent. PHP writes an absent value in several ways (null, "", [] and {} were
// all seen); all of them are Valid == false. Zero is a value.
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
// source text is not kept, because it is not the venue's (API notes, section 15).
type Order struct {
	ID              int64
	EventID         Opt[int64]
	SiteID          Opt[int64]
	ClientID        Opt[int64] // leaves the process only as a keyed hash
	Payed           Opt[bool]
	Reserved        Opt[bool]
	ReserveExtended Opt[bool]
	PaymentTypeID   Opt[string]
	DiscountID      Opt[int64]
	PromoCodeID     Opt[int64]
	Price           Opt[Money]
	OriginalPrice   Opt[Money]
	CurrencyID      Opt[string]
	UTM             UTM
	Baskets         []Basket
	Refunds         Shape
	PrimaryOrders   IDs // orders this one replaces
	SecondaryOrders IDs // orders that replace this one
	CreatedAt       Opt[time.Time]
	UpdatedAt       Opt[time.Time]
	PayedAt         Opt[time.Time]
	ReservedTo      Opt[time.Time]
	DeletedAt       Opt[time.Time]
}

// Basket is one ticket of an order (API notes, section 7.2).
type Basket struct {
	ID                      int64
	ShowID                  Opt[int64]
	SeatID                  Opt[string]
	SeatName                Opt[string]
	Price                   Opt[Money]
	OriginalPrice           Opt[Money]
	TicketOriginalPrice     Opt[Money]
	DiscountValue           Opt[Money]
	TicketAmount            Opt[Money]
	ServiceFeeAmount        Opt[Money]
	MultipriceCode          Opt[string]
	Quantity                Opt[int64]
	RelatedBaskets          IDs
	Services                Shape
	Refunds                 Shape
	RefundedAmount          Opt[Money]
	RefundedDeductionAmount Opt[Money]
	CheckedAt               Opt[time.Time]
	CreatedAt               Opt[time.Time]
	UpdatedAt               Opt[time.Time]
	RefundedAt              Opt[time.Time]
	DeletedAt               Opt[time.Time]
}

// UTM is the order's UTM parameters by the five usual keys, values as sent except for redacted personal data
// (API notes, section 7.1).
type UTM map[string]string

// IDs are the ids of linked orders or tickets, which come as numbers, numeric strings or objects with an id;
// everything else about them is skipped.
type IDs []int64

// Shape is how many elements a collection of unknown shape has (refunds, services). The elements
// themselves may hold anything, personal data included, so they are never kept.
type Shape int

// Event is one row of GET events (API notes, section 9).
type Event struct {
	ID         int64
	IsActive   Opt[bool]
	Name       Opt[string]
	PlaceName  Opt[string]
	Age        Opt[string]
	CurrencyID Opt[string]
	City       City
	Shows      []Show
	CreatedAt  Opt[time.Time]
	UpdatedAt  Opt[time.Time]
	DeletedAt  Opt[time.Time]
}

// City is where an event happens. Timezone is an IANA name and the zone of its shows' local dates.
type City struct {
	ID       Opt[int64]
	Name     Opt[string]
	Timezone Opt[string]
}

// Show is one date of an event, or an exhibition of several weeks (API notes, section 9).
type Show struct {
	ID             int64
	IsActive       Opt[bool]
	Name           Opt[string]
	SaleStartDate  Opt[time.Time]
	SaleFinishDate Opt[time.Time]
	OpenDate       Opt[time.Time]
	StartDate      Opt[time.Time]
	FinishDate     Opt[time.Time]
	MinPrice       Opt[Money] // the default_price inside the price object
	MaxPrice       Opt[Money]
	CreatedAt      Opt[time.Time]
	UpdatedAt      Opt[time.Time]
	DeletedAt      Opt[time.Time]
}

// Seat is one sellable place of a show: a numbered seat, or a standing area with quantities above one. The
// same physical place appears once per tariff and then shares RootID (API notes, section 10).
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
	OrderedQuantity  Opt[int64] // expected to include payed ones (API notes, section 10)
	PayedQuantity    Opt[int64]
	InBasketQuantity Opt[int64]
}

// Discount is one row of GET discounts (API notes, section 12). The API gives no depth.
type Discount struct {
	ID         int64
	IsActive   Opt[bool]
	Name       Opt[string]
	Type       Opt[string]
	ActiveFrom Opt[time.Time]
	ActiveTo   Opt[time.Time]
	CreatedAt  Opt[time.Time]
	UpdatedAt  Opt[time.Time]
	DeletedAt  Opt[time.Time]
}

// PromoCode is one row of GET promo-codes (API notes, section 12). Codes are not unique.
type PromoCode struct {
	ID           int64
	IsActive     Opt[bool]
	DiscountID   Opt[int64]
	Code         Opt[string]
	MaxUsesCount Opt[int64]
	ActiveFrom   Opt[time.Time]
	ActiveTo     Opt[time.Time]
	CreatedAt    Opt[time.Time]
	UpdatedAt    Opt[time.Time]
	DeletedAt    Opt[time.Time]
}

// ColorTheme is one row of GET color-themes.
type ColorTheme struct {
	ID    int64
	Color Opt[string] // "#rrggbb"
}
