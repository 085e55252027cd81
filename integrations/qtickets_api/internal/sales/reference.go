package sales

import (
	"fmt"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
)

// Discount is the warehouse row of one discount. The API gives no depth (API notes, section 12).
type Discount struct {
	DiscountID  uint64
	Name        string
	IsActive    uint8
	ActiveFrom  *time.Time
	ActiveTo    *time.Time
	DeletedAt   *time.Time
	ContentHash uint64
}

// FromDiscount gives the row of one discount.
func FromDiscount(src qtickets.Discount) (Discount, error) {
	if src.ID <= 0 {
		return Discount{}, fmt.Errorf("discounts[%d].id: missing", src.ID)
	}
	row := Discount{
		DiscountID: uint64(src.ID),
		Name:       src.Name.Value,
		IsActive:   flag(src.IsActive),
		ActiveFrom: optTime(src.ActiveFrom),
		ActiveTo:   optTime(src.ActiveTo),
		DeletedAt:  optTime(src.DeletedAt),
	}
	row.ContentHash = hashOf(row)
	return row, nil
}

// PromoCode is the warehouse row of one promo code. Codes repeat; the id is the identity.
type PromoCode struct {
	PromoCodeID uint64
	DiscountID  *uint64
	Code        string
	IsActive    uint8
	MaxUses     *uint64 // 0 is expected to mean "no limit"; nil: unknown
	ActiveFrom  *time.Time
	ActiveTo    *time.Time
	DeletedAt   *time.Time
	ContentHash uint64
}

// FromPromoCode gives the row of one promo code.
func FromPromoCode(src qtickets.PromoCode) (PromoCode, error) {
	if src.ID <= 0 {
		return PromoCode{}, fmt.Errorf("promo-codes[%d].id: missing", src.ID)
	}
	row := PromoCode{
		PromoCodeID: uint64(src.ID),
		DiscountID:  optID(src.DiscountID),
		Code:        src.Code.Value,
		IsActive:    flag(src.IsActive),
		ActiveFrom:  optTime(src.ActiveFrom),
		ActiveTo:    optTime(src.ActiveTo),
		DeletedAt:   optTime(src.DeletedAt),
	}
	if src.MaxUsesCount.Valid && src.MaxUsesCount.Value >= 0 {
		uses := uint64(src.MaxUsesCount.Value)
		row.MaxUses = &uses
	}
	row.ContentHash = hashOf(row)
	return row, nil
}

// ColorTheme is the warehouse row of one price colour.
type ColorTheme struct {
	ColorThemeID uint64
	Color        string // #rrggbb
	ContentHash  uint64
}

// FromColorTheme gives the row of one price colour.
func FromColorTheme(src qtickets.ColorTheme) (ColorTheme, error) {
	if src.ID <= 0 {
		return ColorTheme{}, fmt.Errorf("color-themes[%d].id: missing", src.ID)
	}
	row := ColorTheme{ColorThemeID: uint64(src.ID), Color: src.Color.Value}
	row.ContentHash = hashOf(row)
	return row, nil
}
