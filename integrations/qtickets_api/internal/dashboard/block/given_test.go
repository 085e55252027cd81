package block

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// viewOf a block with an answer, in Russian.
func viewOf(t *testing.T, id string, answer any) View {
	t.Helper()
	described, ok := ByID(id)
	if !ok {
		t.Fatal("no block " + id)
	}
	b := Builder{Locale: format.Russian, Show: 1, Now: time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC),
		Params:  address.Params{Locale: format.Russian, Screen: described.Screen},
		Results: map[string]Result{described.Question: {Value: answer}}}
	v, _ := b.View(described)
	return v
}

// TestWaterfall: each bar begins where the one before it ended, and the steps lead from the list price to the revenue.
// Currencies follow each other.
func TestWaterfall(t *testing.T) {
	t.Parallel()
	n := decimal.NewFromInt
	v := viewOf(t, "discounts", figures.Discounts{Tickets: 10, Unpriced: 3, Steps: []figures.Waterfall{
		{Currency: "RUB", List: n(1000), Codes: n(100), Free: n(200), Other: n(50), Gross: n(650), Refunds: n(65)},
		{Currency: "KZT", List: n(400), Gross: n(400)},
	}})
	want := []string{
		"По номиналу: 1 000,00 ₽, 100,0 %, bar 0.0+100.0", "Промокоды: −100,00 ₽, −10,0 %, bar 90.0+10.0",
		"Бесплатные билеты: −200,00 ₽, −20,0 %, bar 70.0+20.0", "Прочие скидки: −50,00 ₽, −5,0 %, bar 65.0+5.0",
		"Оплачено: 650,00 ₽, 65,0 %, bar 0.0+65.0", "Возвраты: −65,00 ₽, −6,5 %, bar 58.5+6.5",
		"Выручка: 585,00 ₽, 58,5 %, bar 0.0+58.5",
	}
	var got []string
	for _, row := range v.Table.Rows {
		money := row.Cells[1]
		from := money.BarStart()
		if from == "" {
			from = "0.0"
		}
		got = append(got, plainSpaces(v.Cell(row.Cells[0])+": "+v.Cell(money)+", "+v.Cell(row.Cells[2])+", bar "+from+"+"+
			money.BarWidth()))
	}
	if len(got) != 14 || !slices.Equal(got[:7], want) || got[7] != "По номиналу: 400,00 ₸, 100,0 %, bar 0.0+100.0" {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if title := plainSpaces(v.Title); title != "Скидки и бесплатные билеты — 350 ₽, 35 % от номинала" {
		t.Error(title)
	}
	if !strings.Contains(plainSpaces(v.Note), "номинал известен для 7 из 10 билетов") {
		t.Error(v.Note)
	}
	if v := viewOf(t, "discounts", figures.Discounts{Unknown: true}); v.Table != nil || v.Empty == "" {
		t.Errorf("what an older loader published: %+v", v)
	}
}

// TestNobodyKnowsWhoCame: where there are no scans, words say why, and nobody is called absent.
func TestNobodyKnowsWhoCame(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)
	early := start.Add(-time.Hour)
	for state, want := range map[figures.EntryState]string{
		figures.EntryUnscanned: "Билеты этого показа на входе не сканировали: кто пришёл, неизвестно.",
		figures.EntryToCome:    "Показ ещё не начался, билеты на входе ещё не сканировали.",
		figures.EntryUnsold:    "На этот показ билеты не проданы.",
		figures.EntryUnknown:   "Сканирования билетов посчитает следующая загрузка.",
	} {
		e := figures.Entries{State: state, Sold: 5, Show: figures.ShowLine{Start: &start, Over: true}, ReadAt: &early}
		if v := viewOf(t, "entries", e); v.Empty != want || v.Chart != nil || v.Table != nil {
			t.Errorf("%s: %q", state, v.Empty)
		}
		if v := viewOf(t, "no-shows", e); !v.hidden {
			t.Errorf("%s: who did not come: %+v", state, v)
		}
	}
	e := figures.Entries{State: figures.EntryAnyTime, Sold: 4, Came: 3, ReadAt: &early,
		Show: figures.ShowLine{Start: &start, Over: true}}
	v := viewOf(t, "entries", e)
	if title := plainSpaces(v.Title); title != "Пришли 3 из 4 (75 %)" || v.Chart != nil {
		t.Error(title)
	}
	if note := plainSpaces(v.Note); note != "Не пришёл 1 (25 %). Показ длится больше суток: приходят в любое время. "+
		"Заказы мероприятия перечитаны 27 ноя, 18:00: более поздние сканирования могли сюда не попасть." {
		t.Error(note)
	}
	late := start.Add(4 * time.Hour)
	e.ReadAt = &late
	if v := viewOf(t, "entries", e); strings.Contains(v.Note, "перечитаны") {
		t.Error("scans are known to the end: " + v.Note)
	}
}

// TestNoTailOfOrderSizes: sizes nobody ordered are left out behind the largest that somebody did.
func TestNoTailOfOrderSizes(t *testing.T) {
	t.Parallel()
	share := decimal.NewFromFloat(0.5)
	v := viewOf(t, "sizes", figures.OrderSizes{Orders: 2, Average: &share, Sizes: []figures.OrderSize{
		{Tickets: 1, Orders: 1, Share: &share}, {Tickets: 2}, {Tickets: 3, Orders: 1, Share: &share}, {Tickets: 4}}})
	if len(v.Table.Rows) != 3 {
		t.Errorf("%d rows", len(v.Table.Rows))
	}
}

// TestEntriesOfAShareLink: who sees one show sees nothing of earlier ones, not even their median; others still do.
func TestEntriesOfAShareLink(t *testing.T) {
	t.Parallel()
	start, share := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC), decimal.NewFromFloat(0.5)
	e := figures.Entries{Sold: 4, Came: 2, NoShows: &share, Show: figures.ShowLine{Start: &start, Over: true},
		Earlier: []figures.EarlierEntries{{Sold: 8, Came: 4, Points: []decimal.Decimal{share}}},
		Points:  []figures.EntryPoint{{Came: 2, Within: 2, Usual: &share}}}
	for _, show := range []uint64{0, 1} {
		b := Builder{Locale: format.Russian, Show: 1, Results: map[string]Result{"entries": {Value: e}}}
		b.Params.Scope.Show = show
		described, _ := ByID("entries")
		v, _ := b.View(described)
		usual := v.Cell(v.Table.Rows[0].Cells[3])
		if told := strings.Contains(v.Note, "обычно"); told != (show == 0) || (usual == format.Unknown) != (show != 0) ||
			len(v.Legend) == 2 != (show != 0) {
			t.Errorf("of show %d: %q, usual %s, %v", show, v.Note, usual, v.Legend)
		}
	}
}
