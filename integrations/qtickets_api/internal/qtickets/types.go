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

// UTM is the order's UTM parameters by the five usual keys, values as sent except for redacted personal data
// (API notes, section 7.1).
type UTM map[string]string

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
	HasShows   bool // the row has a member shows, be it empty
	CreatedAt  Opt[time.Time]
	UpdatedAt  Opt[time.Time]
	DeletedAt  Opt[time.Time]
	Unread     []string // like Order.Unread
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
	Row, Place       Opt[string] // numbers as people read them on the ticket
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
	Unread     []string // like Order.Unread
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
	Unread       []string // like Order.Unread
}

// ColorTheme is one row of GET color-themes.
type ColorTheme struct {
	ID    int64
	Color Opt[string] // "#rrggbb"
}

func (o *Order) setUnread(names []string)     { o.Unread = names }
func (e *Event) setUnread(names []string)     { e.Unread = names }
func (d *Discount) setUnread(names []string)  { d.Unread = names }
func (p *PromoCode) setUnread(names []string) { p.Unread = names }
func (c *ColorTheme) setUnread([]string)      {} // its colour is all that may be missing
