package block

import (
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestMarksOfOneWayAreOneRow: a value that is all of what stands above it is in its row on the page; the files have
// each level, and shares are of all tickets.
func TestMarksOfOneWayAreOneRow(t *testing.T) {
	t.Parallel()
	of := func(utm string, tickets int64, parts ...figures.Channel) figures.Channel {
		return figures.Channel{UTM: utm, Totals: figures.Totals{Tickets: tickets}, Parts: parts}
	}
	ch := figures.Channels{Total: of("", 200), Sources: []figures.Channel{
		of("", 100, of("", 100, of("", 100))),
		of("yandex", 60, of("cpc", 60, of("a/b", 40), of("", 20))),
		of("vk", 40, of("vk", 30, of("vk", 30)), of("cpc", 10, of("", 10))),
	}}
	lines := func(rows []format.Row) (list []string) {
		for _, r := range rows {
			b := Builder{Locale: format.Russian}
			list = append(list, plainSpaces(strings.Repeat("> ", r.Level)+b.Cell(r.Cells[0])+": "+b.Cell(r.Cells[1])+", "+
				b.Cell(r.Cells[2])))
		}
		return list
	}
	table := Builder{Locale: format.Russian}.utmTable(ch)
	if got := lines(table.Groups()[0].Rows); !slices.Equal(got, []string{"без метки: 100, 50,0 %",
		"yandex / cpc: 60, 30,0 %",
		"> a/b: 40, 20,0 %", "> без метки: 20, 10,0 %", "vk: 40, 20,0 %", "> vk / vk: 30, 15,0 %",
		"> cpc / без метки: 10, 5,0 %"}) {
		t.Errorf("%q", got)
	}
	if got := lines(table.Rows); len(got) != 12 || got[4] != "> cpc: 60, 30,0 %" {
		t.Errorf("the files: %q", got)
	}
}

// TestWithoutACodeIsLast: it is no code, and always seen.
func TestWithoutACodeIsLast(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 1: 1, 11: 11, 30: 11} {
		codes := []figures.PromoCode{{}}
		for range n {
			codes = append(codes, figures.PromoCode{Code: "A"})
		}
		got := noneLast(codes)
		at := slices.IndexFunc(got, func(c figures.PromoCode) bool { return c.Code == "" })
		if at != want || len(got) != n+1 {
			t.Errorf("%d codes: at %d of %d, want %d", n, at, len(got), want)
		}
	}
}
