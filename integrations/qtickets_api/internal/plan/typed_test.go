package plan

import (
	"errors"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestReadTyped: what is typed is read by the rules of a file, and refused by the same reasons.
func TestReadTyped(t *testing.T) {
	t.Parallel()
	events := []warehouse.PlanEvent{
		{ID: 7, Name: "70", Currency: "RUB", Currencies: []string{"KZT"}, Shows: []warehouse.PlanShow{{ID: 70}}},
		{ID: 70, Name: "7", Shows: []warehouse.PlanShow{{ID: 700}}},
	}
	tickets, money := func(n int64) *int64 { return &n }, func(n qtickets.Money) *qtickets.Money { return &n }
	key := warehouse.PlanKey{Event: 7, Show: 70, Currency: "RUB"}
	for _, c := range []struct {
		typed Typed
		want  warehouse.PlanTarget
	}{
		{Typed{7, 70, "", "", "400", "1 200 000,50"}, warehouse.PlanTarget{PlanKey: key, Tickets: tickets(400),
			Revenue: money(120000050)}},
		{Typed{7, 70, "", "RUB", "\u00a01\u00a0200 ", ""}, warehouse.PlanTarget{PlanKey: key, Tickets: tickets(1200)}},
		{Typed{7, 70, "", "kzt", "", "10.5"}, warehouse.PlanTarget{
			PlanKey: warehouse.PlanKey{Event: 7, Show: 70, Currency: "KZT"}, Revenue: money(1050)}},
		{Typed{7, 70, "", "", " ", ""}, warehouse.PlanTarget{PlanKey: key}},
		{Typed{7, 70, "", "", "0", "0,00"}, warehouse.PlanTarget{PlanKey: key}},
		{Typed{7, 0, "", "", "5", ""}, warehouse.PlanTarget{PlanKey: warehouse.PlanKey{Event: 7, Currency: "RUB"},
			Tickets: tickets(5)}},
		{Typed{7, 0, "2026-12", "", "5", ""}, warehouse.PlanTarget{
			PlanKey: warehouse.PlanKey{Event: 7, Month: 202612, Currency: "RUB"}, Tickets: tickets(5)}},
	} {
		if got, err := ReadTyped(c.typed, events); err != nil || !got.Equal(c.want) {
			t.Errorf("%+v: %+v, %v", c.typed, got, err)
		}
	}
	for _, c := range []struct {
		typed Typed
		says  []string // columns and reasons
	}{
		{Typed{7, 70, "", "", "4OO", ""}, []string{"tickets no_number"}},
		{Typed{7, 70, "", "", "-1", "-0"}, []string{"tickets negative", "revenue negative"}},
		{Typed{7, 70, "", "", "1,5", "1 00"}, []string{"tickets not_whole", "revenue no_number"}},
		{Typed{7, 70, "", "", "10000001", "1000000000000,01"}, []string{"tickets too_much", "revenue too_much"}},
		{Typed{7, 70, "", "USD", "1", ""}, []string{"currency other_currency"}},
		{Typed{70, 700, "", "", "1", ""}, []string{"currency no_currency"}},
		{Typed{7, 0, "2026-13", "", "1", ""}, []string{"month no_month"}},
		{Typed{7, 0, "1999-12", "", "x", ""}, []string{"month no_month", "tickets no_number"}},
		{Typed{7, 700, "", "", "1", ""}, []string{"show no_show"}},
		{Typed{8, 70, "", "", "x", ""}, []string{"event no_show", "tickets no_number"}},
	} {
		_, err := ReadTyped(c.typed, events)
		var refused Refusals
		if !errors.As(err, &refused) || len(refused) != len(c.says) {
			t.Errorf("%+v: %v", c.typed, err)
			continue
		}
		for i, r := range refused {
			if got := r.Column + " " + string(r.Why); got != c.says[i] {
				t.Errorf("%+v: %s, want %s", c.typed, got, c.says[i])
			}
		}
	}
}
