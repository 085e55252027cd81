package format

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func TestCSV(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 11, 23, 14, 5, 0, 0, sales.Moscow)
	half := decimal.RequireFromString("0.642")
	table := Table{
		Columns: []Column{{Name: "Показ", Plain: true}, {Name: "n"}, {Name: "₽"}, {Name: "%"}, {Name: "day"}, {Name: "when"},
			{Name: "?"}},
		Rows: []Row{{Cells: []Cell{
			Name("a;b,\"c\"\nd"), Count(-1234), Money(decimal.RequireFromString("-12345.6"), "RUB"), Percent(&half),
			Date(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)), Moment(&moment), MaybeCount(nil),
		}}},
	}
	for lang, want := range map[string]string{
		"ru": "\ufeffПоказ;n;₽;%;day;when;?\r\n\"a;b,\"\"c\"\"\r\nd\";-1234;-12345,60;64,2;2026-11-23;2026-11-23 " +
			"14:05:00;\r\n",
		"en": "\ufeffПоказ,n,₽,%,day,when,?\r\n\"a;b,\"\"c\"\"\r\nd\",-1234,-12345.60,64.2,2026-11-23,2026-11-23 " +
			"14:05:00,\r\n",
	} {
		var out bytes.Buffer
		if err := Locale(lang).WriteCSV(&out, table); err != nil || out.String() != want {
			t.Errorf("%s: %v\n%q\n%q", lang, err, out.String(), want)
		}
	}
}

// TestNoFormulas: what a spreadsheet would take for a formula is a text.
func TestNoFormulas(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"=1+1", "+7", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "−1",
		"\x00=1"} {
		if got := escapeFormula(s); !strings.HasPrefix(got, "'") {
			t.Errorf("%q stays %q", s, got)
		}
	}
	for _, s := range []string{"", "vk", "2+2", "осень=зима", "a@b"} {
		if got := escapeFormula(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// formulas are the cells of a line, split at a sign, that a spreadsheet would compute. A quote in the middle of a line
// keeps no spreadsheet from splitting there.
func formulas(line, sign string) (found []string) {
	for i, cell := range strings.Split(line, sign) {
		bare := strings.TrimLeft(cell, " \"\u00a0\ufeff\u200b")
		number := strings.Trim(bare, "+-0123456789.,\"") == ""
		if i > 0 && bare != "" && strings.ContainsAny(bare[:1], "=+-@") && !number {
			found = append(found, cell)
		}
	}
	return found
}

// TestFault3_9_FormulasInsideACell: a text is inert whichever sign the spreadsheet takes for the end of a cell.
func TestFault3_9_FormulasInsideACell(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a;=1+1", "a,=1+1", "a\t=1+1", "a;@SUM(A1)", "a; =1", `a;"=1+1`, "a;;+cmd|' /C calc'!A0",
		"x\n=1+1", "a;'\"-2+3", "a;=1;=2", "\u200ba;\u200b=1"} {
		for _, lang := range []string{"ru", "en"} {
			var out bytes.Buffer
			table := Table{Columns: []Column{{Name: s}, {Name: "n"}}, Rows: []Row{{Cells: []Cell{Name(s), Count(-7)}}}}
			if err := Locale(lang).WriteCSV(&out, table); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				for _, sign := range []string{";", ",", "\t"} {
					if found := formulas(strings.TrimRight(line, "\r\n"), sign); len(found) > 0 {
						t.Errorf("%s, split at %q: %q computes in %q", lang, sign, found, line)
					}
				}
				if strings.HasPrefix(line, "=") {
					t.Errorf("%s: a line begins with a formula: %q", lang, line)
				}
			}
		}
	}
	for _, s := range []string{"Зал А, балкон", "a;b", "5,-", "x = y; z", "10:00–12:00"} {
		if got := escapeFormula(s); got != s && s != "5,-" {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// FuzzCSV: any text comes back as it was, or behind an apostrophe, in its own cell.
func FuzzCSV(f *testing.F) {
	for _, s := range testkit.HostileNames() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range []string{"ru", "en"} {
			var out bytes.Buffer
			table := Table{Columns: []Column{{Name: "a"}, {Name: "b"}}, Rows: []Row{{Cells: []Cell{Name(s), Count(7)}}}}
			if err := Locale(lang).WriteCSV(&out, table); err != nil {
				t.Fatal(err)
			}
			reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
			if lang == "ru" {
				reader.Comma = ';'
			}
			rows, err := reader.ReadAll()
			if err != nil || len(rows) != 2 || len(rows[1]) != 2 || rows[1][1] != "7" {
				t.Fatalf("%q: %v %q", s, err, rows)
			}
			cell := rows[1][0]
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q begins a formula", cell)
			}
		}
	})
}
