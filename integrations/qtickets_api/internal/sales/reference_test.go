package sales_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

func TestReferenceRows(t *testing.T) {
	t.Parallel()
	from, until, gone := instant("2030-05-01T09:00:00Z"), instant("2030-06-01T09:00:00Z"), instant("2030-05-03T09:00:00Z")
	discount, err := sales.FromDiscount(qtickets.Discount{
		ID: 501, Name: qtickets.Some("Друзья"), IsActive: qtickets.Some(true),
		ActiveFrom: qtickets.Some(from), ActiveTo: qtickets.Some(until), DeletedAt: qtickets.Some(gone),
	})
	want := sales.Discount{DiscountID: 501, Name: "Друзья", IsActive: 1, ActiveFrom: &from, ActiveTo: &until,
		DeletedAt: &gone, ContentHash: discount.ContentHash}
	if diff := cmp.Diff(want, discount); diff != "" || err != nil || discount.ContentHash == 0 {
		t.Error(diff, err)
	}
	theme, err := sales.FromColorTheme(qtickets.ColorTheme{ID: 3, Color: qtickets.Some("#00ff00")})
	if diff := cmp.Diff(sales.ColorTheme{ColorThemeID: 3, Color: "#00ff00", ContentHash: theme.ContentHash},
		theme); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// max_uses: 0 (no limit) and unknown are two things.
func TestPromoCodeUses(t *testing.T) {
	t.Parallel()
	id, none, one := uint64(501), uint64(0), uint64(1)
	for _, c := range []struct {
		uses qtickets.Opt[int64]
		want *uint64
	}{{number(0), &none}, {number(1), &one}, {number(-1), nil}, {qtickets.Opt[int64]{}, nil}} {
		got, err := sales.FromPromoCode(qtickets.PromoCode{ID: 90001, DiscountID: number(501), Code: qtickets.Some("ABC"),
			MaxUsesCount: c.uses})
		want := sales.PromoCode{PromoCodeID: 90001, DiscountID: &id, Code: "ABC", MaxUses: c.want,
			ContentHash: got.ContentHash}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
}

func TestReferenceQuarantine(t *testing.T) {
	t.Parallel()
	_, discount := sales.FromDiscount(qtickets.Discount{})
	_, code := sales.FromPromoCode(qtickets.PromoCode{ID: -1})
	_, theme := sales.FromColorTheme(qtickets.ColorTheme{})
	for want, err := range map[string]error{
		"discounts[0].id: missing": discount, "promo-codes[-1].id: missing": code, "color-themes[0].id: missing": theme,
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
