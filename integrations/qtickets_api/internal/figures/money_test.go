package figures_test

import (
	"reflect"
	"testing"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestEveryDecimalSaysWhetherItIsMoney: a field without the tag would be shown to those who see no money.
func TestEveryDecimalSaysWhetherItIsMoney(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	var walk func(in reflect.Type)
	walk = func(in reflect.Type) {
		for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice || in.Kind() == reflect.Map {
			in = in.Elem()
		}
		if in.Kind() != reflect.Struct || seen[in] {
			return
		}
		seen[in] = true
		for i := range in.NumField() {
			field := in.Field(i)
			of, tag := field.Type, field.Tag.Get("money")
			for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
				of = of.Elem()
			}
			if of == reflect.TypeFor[decimal.Decimal]() {
				if tag != "yes" && tag != "no" && field.IsExported() {
					t.Errorf(`%s.%s is a decimal without the tag money:"yes" or money:"no"`, in, field.Name)
				}
				continue
			}
			walk(of)
		}
	}
	store := reflect.TypeFor[*figures.Store]()
	answers := 0
	for i := range store.NumMethod() {
		if of := store.Method(i).Type; of.NumOut() == 2 {
			walk(of.Out(0))
			answers++
		}
	}
	if answers < 15 {
		t.Errorf("the store gives %d answers", answers)
	}
}

// TestWithoutMoney: what is money is gone, at every depth, from a copy.
func TestWithoutMoney(t *testing.T) {
	t.Parallel()
	d := decimal.NewFromInt(777)
	money := []figures.Amounts{{Currency: "RUB", Gross: d, Paid: 3}}
	totals := figures.Totals{Tickets: 5, Money: money}
	line := figures.ShowLine{Sold: 4, Money: money, GrossPotential: &d, Share: &d, Fill: &d, PotentialCurrency: "RUB"}
	before := figures.Event{Name: "a", Shows: []figures.ShowLine{line}, Show: &line, Total: line}
	got := figures.WithoutMoney(before).(figures.Event)
	clean := figures.ShowLine{Sold: 4, Fill: &d}
	want := figures.Event{Name: "a", Shows: []figures.ShowLine{clean}, Show: &clean, Total: clean}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if before.Shows[0].Money == nil || line.Share == nil {
		t.Error("the answer itself lost its money")
	}
	cards := figures.WithoutMoney(figures.Cards{Today: totals, Cards: []figures.Card{
		{Name: figures.CardTickets, Value: &d}, {Name: figures.CardRevenue, Value: &d}, {Name: "new", Currency: "RUB"}},
	}).(figures.Cards)
	if len(cards.Cards) != 1 || cards.Today.Money != nil || cards.Today.Tickets != 5 {
		t.Errorf("%+v", cards)
	}
	channel := figures.Channel{Totals: totals, Before: &totals, Parts: []figures.Channel{{Totals: totals}}}
	if got := figures.WithoutMoney(channel).(figures.Channel); got.Money != nil || got.Before.Money != nil ||
		got.Parts[0].Money != nil || got.Parts[0].Tickets != 5 {
		t.Errorf("%+v", got)
	}
	alerts := figures.WithoutMoney([]figures.AlertLine{{Rule: "a", Text: "777 RUB"}}).([]figures.AlertLine)
	if alerts[0].Text != "" || alerts[0].Rule != "a" {
		t.Errorf("%+v", alerts)
	}
	if figures.WithoutMoney(nil) != nil {
		t.Error("nothing became something")
	}
}
