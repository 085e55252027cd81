package block

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/forecast"
	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// TestPlanBlock: who may only look sees no form, and no block without a plan; currencies have a form and a row each.
func TestPlanBlock(t *testing.T) {
	t.Parallel()
	tickets, money := int64(400), decimal.RequireFromString("1200000.50")
	at := time.Date(2026, 11, 27, 15, 0, 0, 0, sales.Moscow)
	p := figures.ShowPlan{Currency: "RUB", Show: figures.ShowLine{EventID: 7, ShowID: 70, Sold: 100,
		Money: []figures.Amounts{{Currency: "RUB", Gross: decimal.NewFromInt(300000)}}},
		Targets: []figures.Target{{Currency: "KZT", Tickets: &tickets, At: at.Add(-time.Hour), By: "Борис"},
			{Currency: "RUB", Revenue: &money, At: at, By: "Анна"}}}
	show := func(p figures.ShowPlan, writer bool) View {
		var v View
		Builder{Locale: format.Russian, Params: address.Params{Screen: address.Event, Writer: writer, Locale: format.Russian,
			Filter: figures.Filter{Event: 7}}}.plan(&v, p)
		return v
	}
	v := show(p, true)
	if title := plainSpaces(v.Title); title != "План — 400 билетов: продано 100 (25,0 %)" || v.hidden {
		t.Error(title)
	}
	if note := plainSpaces(v.Note); note != "План изменён 27 ноя 2026, Анна." {
		t.Error(note)
	}
	var forms []string
	for _, f := range v.Forms {
		forms = append(forms, f.Currency+" "+f.Fields[0].Value+" "+f.Fields[1].Value+" "+f.Action)
	}
	if got := strings.Join(forms, "; "); got != "RUB  1200000,50 /plan?event=7&show=70; KZT 400  /plan?event=7&show=70" {
		t.Errorf("the forms are %s", got)
	}
	if len(v.Table.Rows) != 2 || plainSpaces(format.Russian.Cell(v.Table.Rows[1].Cells[3])) != "25,0 %" {
		t.Errorf("%d rows", len(v.Table.Rows))
	}
	if v = show(p, false); v.hidden || v.Forms != nil {
		t.Error("a form for one who may not write, or nothing to look at")
	}
	p.Targets = nil
	if v = show(p, false); !v.hidden {
		t.Error("nothing is planned, and it is shown")
	}
	if v = show(p, true); v.hidden || v.Table != nil || len(v.Forms) != 1 || v.Title != "Плана у показа нет" {
		t.Errorf("nothing is planned: %q", v.Title)
	}
}

// TestSoldOfPlan: what is sold is told of the plan, and a plan that no hall holds is named.
func TestSoldOfPlan(t *testing.T) {
	t.Parallel()
	capacity, closed := int64(420), int64(0)
	for plan, want := range map[int64]string{400: "из плана 400 (82,0 %) · мест 420",
		500: "из плана 500 (65,6 %) · мест 420!план больше зала"} {
		facts := Builder{Locale: format.Russian}.eventFacts(figures.ShowLine{Sold: 328, Capacity: &capacity, Closed: &closed,
			Outlook: &figures.Outlook{Plan: plan, Planned: true}}, false)
		got := facts[0].Note
		if facts[0].Warning != "" {
			got += "!" + facts[0].Warning
		}
		if plainSpaces(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestMonthCard: absent without a plan; the bar ends where the plan does, and its mark stands where the month is.
func TestMonthCard(t *testing.T) {
	t.Parallel()
	b := Builder{Locale: format.Russian, Now: time.Date(2026, 11, 16, 0, 0, 0, 0, sales.Moscow)}
	card := func(plans ...figures.MonthPlan) CardView {
		var v View
		b.cards(&v, figures.Cards{Month: plans})
		return v.Cards[len(v.Cards)-1]
	}
	if c := card(); c.Meter != nil || c.Label == "План месяца" {
		t.Errorf("without a plan: %+v", c)
	}
	c := card(figures.MonthPlan{Currency: "RUB", Events: 4, Revenue: decimal.NewFromInt(3_000_000),
		Income: decimal.NewFromInt(1_860_000)}, figures.MonthPlan{Currency: "KZT", Events: 1, Tickets: 100, Sold: 130})
	got := plainSpaces(strings.Join([]string{c.Label, c.Value, c.Note, c.More[0].Value, c.Meter.Fill, c.Meter.Mark}, "|"))
	if want := "План месяца|62,0 %|1,9 млн ₽ из 3 млн ₽ · 16-й день из 30 · мероприятий с планом: 4|" +
		"130,0 % · 130 из 100 билетов|62.0|50.0"; got != want {
		t.Error(got)
	}
	c = card(figures.MonthPlan{Currency: "RUB", Events: 1, Revenue: decimal.NewFromInt(3_000_000),
		Income: decimal.NewFromInt(1_860_000), WillBring: &forecast.Range{Low: 2_610_000, High: 3_140_000}})
	got = plainSpaces(c.Note + "|" + c.Meter.From + "|" + c.Meter.Width)
	if got != "1,9 млн ₽ из 3 млн ₽ · к 30 ноя будет от 2,6 млн ₽ до 3,1 млн ₽ (8 из 10) · "+
		"16-й день из 30 · мероприятий с планом: 1|87.0|13.0" {
		t.Error(got)
	}
	c = card(figures.MonthPlan{Events: 1, Tickets: 100, Sold: 20, WillSell: &forecast.Range{Low: 30, High: 60},
		WillBring: &forecast.Range{Low: 1, High: 2}}) // where no money is shown the tickets are
	if got := plainSpaces(c.Note + "|" + c.Meter.From + "|" + c.Meter.Width); got != "20 из 100 билетов · к 30 ноя будет "+
		"от 30 до 60 (8 из 10) · 16-й день из 30 · мероприятий с планом: 1|30.0|30.0" {
		t.Error(got)
	}
	for income, fill := range map[int64]string{-5: "0.0", 9_000_000: "100.0"} {
		c = card(figures.MonthPlan{Revenue: decimal.NewFromInt(3_000_000), Income: decimal.NewFromInt(income)})
		if c.Meter.Fill != fill {
			t.Errorf("%d: %s", income, c.Meter.Fill)
		}
	}
}
