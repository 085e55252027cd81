package block

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestOtherCurrenciesStandUnderTheMain: the page has one pair of columns of money, with another currency under it only
// where it is not zero; the files have a pair of each.
func TestOtherCurrenciesStandUnderTheMain(t *testing.T) {
	t.Parallel()
	amount := func(currency string, gross, refunds int64) figures.Amounts {
		return figures.Amounts{Currency: currency, Gross: decimal.NewFromInt(gross), Refunds: decimal.NewFromInt(refunds)}
	}
	of := func(kind string, money ...figures.Amounts) figures.PaymentType {
		return figures.PaymentType{Type: kind, Totals: figures.Totals{Tickets: 3, Orders: 2, Money: money}}
	}
	b := Builder{Locale: format.Russian, Params: address.Params{Filter: figures.Filter{Period: figures.PeriodAll}}}
	var v View
	b.payments(&v, figures.PaymentTypes{Types: []figures.PaymentType{
		of("card", amount("RUB", 900, 100), amount("KZT", 5000, 0)), of("sbp", amount("RUB", 700, 0))}})

	if got := v.Table.ShownColumns(); got != 5 {
		t.Errorf("the page has %d columns", got)
	}
	text := func(c format.Cell) string {
		s := plain(b.Cell(c))
		for _, other := range c.Others {
			if other.Href == "" {
				t.Errorf("%s leads nowhere", plain(b.Cell(other)))
			}
			s += " + " + plain(b.Cell(other))
		}
		return s
	}
	for i, want := range []string{"900,00 ₽ + 5 000,00 ₸ | 100,00 ₽", "700,00 ₽ | 0,00 ₽"} {
		cells := v.Table.Rows[i].Cells
		if got := text(cells[3]) + " | " + text(cells[4]); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	var file strings.Builder
	if err := b.WriteCSV(&file, *v.Table); err != nil || strings.Count(file.String(), "KZT") != 2 ||
		!strings.Contains(file.String(), "900,00;100,00;5000,00;0,00") ||
		!strings.Contains(file.String(), "700,00;0,00;0,00;0,00") {
		t.Error(file.String(), err)
	}
}

// TestOnlyUnusualRefundsAreTrouble: what is given back has the colour of trouble above twice its usual part alone.
func TestOnlyUnusualRefundsAreTrouble(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		back, paid int64
		want       string
	}{{0, 100, "quiet"}, {0, 0, "quiet"}, {5, 100, ""}, {10, 100, ""}, {11, 100, "bad"}, {1, 0, "bad"}} {
		if got := lost(*num(c.back), *num(c.paid), *num(50), *num(1000)); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.back, c.paid, got, c.want)
		}
	}
	if got := lost(*num(50), *num(1000), *num(50), *num(1000)); got != "" {
		t.Errorf("the whole: %q", got)
	}
}
