package main

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"
)

// order is the fields of an order that the loader reads too (API notes, section 7.1).
type order struct {
	ID              uint64           `json:"id"`
	EventID         uint64           `json:"event_id"`
	SiteID          uint64           `json:"site_id"`
	Site            site             `json:"site"`
	ClientID        uint64           `json:"client_id"`
	Payed           bool             `json:"payed"`
	Reserved        *bool            `json:"reserved"`
	ReserveExtended bool             `json:"reserve_extended"`
	PaymentTypeID   string           `json:"payment_type_id"`
	DiscountID      *uint64          `json:"discount_id"`
	PromoCodeID     *uint64          `json:"promo_code_id"`
	Price           decimal.Decimal  `json:"price"`
	OriginalPrice   decimal.Decimal  `json:"original_price"`
	CurrencyID      string           `json:"currency_id"`
	UTM             utm              `json:"utm"`
	Baskets         []basket         `json:"baskets"`
	Refunds         []jsontext.Value `json:"refunds"`
	PrimaryOrders   []jsontext.Value `json:"primary_orders"`
	SecondaryOrders []jsontext.Value `json:"secondary_orders"`
	CreatedAt       time.Time        `json:"created_at"`
	UpdatedAt       *time.Time       `json:"updated_at"`
	PayedAt         *time.Time       `json:"payed_at"`
	ReservedTo      *time.Time       `json:"reserved_to"`
	DeletedAt       *time.Time       `json:"deleted_at"`

	raw []byte // the order as it came
}

// basket is one ticket (API notes, section 7.2).
type basket struct {
	ID                      uint64           `json:"id"`
	ShowID                  uint64           `json:"show_id"`
	SeatID                  string           `json:"seat_id"`
	SeatName                string           `json:"seat_name"`
	Price                   decimal.Decimal  `json:"price"`
	OriginalPrice           decimal.Decimal  `json:"original_price"`
	TicketOriginalPrice     decimal.Decimal  `json:"ticket_original_price"`
	DiscountValue           decimal.Decimal  `json:"discount_value"`
	TicketAmount            decimal.Decimal  `json:"ticket_amount"`
	ServiceFeeAmount        decimal.Decimal  `json:"service_fee_amount"`
	MultipriceCode          *string          `json:"multiprice_code"`
	Quantity                uint32           `json:"quantity"`
	RelatedBaskets          []jsontext.Value `json:"related_baskets"`
	Services                []jsontext.Value `json:"services"`
	Refunds                 []jsontext.Value `json:"refunds"`
	RefundedAmount          decimal.Decimal  `json:"refunded_amount"`
	RefundedDeductionAmount decimal.Decimal  `json:"refunded_deduction_amount"`
	CheckedAt               *time.Time       `json:"checked_at"`
	CreatedAt               *time.Time       `json:"created_at"`
	UpdatedAt               *time.Time       `json:"updated_at"`
	RefundedAt              *time.Time       `json:"refunded_at"`
	DeletedAt               *time.Time       `json:"deleted_at"`
}

type site struct {
	Host string `json:"host"`
}

// utm is an object, or [] when there are no marks.
type utm struct {
	Source   string `json:"utm_source"`
	Medium   string `json:"utm_medium"`
	Campaign string `json:"utm_campaign"`
	Content  string `json:"utm_content"`
	Term     string `json:"utm_term"`
}

func (u *utm) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == '[' {
		return dec.SkipValue()
	}
	type plain utm
	return json.UnmarshalDecode(dec, (*plain)(u))
}

// page is one answer of the list.
type page struct {
	orders []order
	sent   time.Time // when it was asked for
	paging struct {
		PerPage     int `json:"perPage"`
		CurrentPage int `json:"currentPage"`
		Total       int `json:"total"`
	}
}

// decodePage reads a page in one pass and keeps the text of every order.
func decodePage(text []byte) (*page, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text))
	var p page
	if _, err := dec.ReadToken(); err != nil { // {
		return nil, fmt.Errorf("decode page: %w", err)
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, fmt.Errorf("decode page: %w", err)
		}
		switch name.String() {
		case "data":
			err = p.decodeOrders(dec, text)
		case "paging":
			err = json.UnmarshalDecode(dec, &p.paging)
		default:
			err = dec.SkipValue()
		}
		if err != nil {
			return nil, fmt.Errorf("decode page: %w", err)
		}
	}
	if _, err := dec.ReadToken(); err != nil { // }
		return nil, fmt.Errorf("decode page: %w", err)
	}
	return &p, nil
}

func (p *page) decodeOrders(dec *jsontext.Decoder, text []byte) error {
	if _, err := dec.ReadToken(); err != nil { // [
		return err
	}
	p.orders = make([]order, 0, 50)
	for dec.PeekKind() == '{' {
		start := dec.InputOffset()
		var o order
		if err := json.UnmarshalDecode(dec, &o); err != nil {
			return err
		}
		o.raw = bytes.TrimLeft(text[start:dec.InputOffset()], ", ")
		p.orders = append(p.orders, o)
	}
	_, err := dec.ReadToken() // ]
	return err
}
