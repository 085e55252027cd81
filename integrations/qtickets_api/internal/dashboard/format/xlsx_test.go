package format

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestXLSX: every kind of value has its type, and moments are Moscow's; the first row stays where it is.
func TestXLSX(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 11, 22, 23, 5, 7, 0, time.UTC)
	half, tenth := decimal.RequireFromString("0.6424"), decimal.RequireFromString("1234.56")
	table := Table{
		Columns: []Column{{Name: "Показ", Plain: true}, {Name: "code"}, {Name: "n"}, {Name: "₽"}, {Name: "x"}, {Name: "%"},
			{Name: "day"}, {Name: "when"}, {Name: "took"}, {Name: "number"}, {Name: "?"}},
		Rows: []Row{
			{Cells: []Cell{Name("Щелкунчик"), Text("007"), Count(-1234), Money(decimal.RequireFromString("-12345.6"), "RUB"),
				Money(tenth, `X"0`), Percent(&half), Date(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)), Moment(&moment),
				Duration(1500 * time.Millisecond), Number(&tenth), MaybeCount(nil)}},
			{Cells: make([]Cell, 11)},
			{Cells: append([]Cell{Name("last")}, make([]Cell, 10)...)},
		},
	}
	var out bytes.Buffer
	if err := Russian.WriteXLSX(&out, "Показы: что [и] как/сколько продано за всё это время", table); err != nil {
		t.Fatal(err)
	}
	name, rows := testkit.Sheet(t, out.Bytes())
	if name != "Показы  что  и  как сколько про" {
		t.Errorf("the sheet is %q", name)
	}
	var header []string
	for _, cell := range rows[0] {
		header = append(header, cell.Value)
	}
	if got := strings.Join(header, ";"); got != "Показ;code;n;₽;x;%;day;when;took;number;?" {
		t.Error(got)
	}
	want := []testkit.SheetCell{
		sheetCell("string", "Щелкунчик", "@"), sheetCell("string", "007", "@"), sheetCell("numerical", "-1234", "#,##0"),
		sheetCell("numerical", "-12345.6", `#,##0.00\ "₽"`), sheetCell("numerical", "1234.56", "#,##0.00"),
		sheetCell("numerical", "0.642", "0.0%"), sheetCell("datetime", "2026-11-23", "yyyy-mm-dd"),
		sheetCell("datetime", "2026-11-23T02:05:07Z", "yyyy-mm-dd hh:mm:ss"), sheetCell("numerical", "1.5", "0.000"),
		sheetCell("numerical", "1234.6", "#,##0.0"), {},
	}
	if diff := cmp.Diff(want, rows[1]); diff != "" {
		t.Error(diff)
	}
	if len(rows) != 4 || rows[2][0] != (testkit.SheetCell{}) || rows[3][0].Value != "last" {
		t.Errorf("%v", rows)
	}
	if sheet := part(t, out.Bytes(), "xl/worksheets/sheet1.xml"); !strings.Contains(sheet, `state="frozen"`) ||
		!strings.Contains(sheet, `ySplit="1"`) {
		t.Errorf("the first row scrolls away: %.600s", sheet)
	}
}

// TestXLSXTextsStayTexts: nothing that other people wrote is a formula, and all of it can be written.
func TestXLSXTextsStayTexts(t *testing.T) {
	t.Parallel()
	texts := append([]string{"=1+1", "+7", "-2+3", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")", "a;=1+1", "\x00=1",
		"\xff\xfe", strings.Repeat("я", 40_000), "", " ", "2026-11-23", "0123", "<&>\"'", "\u0008"},
		testkit.HostileNames()...)
	table := Table{Columns: []Column{{Name: "=1+1"}, {Name: "n"}}}
	for _, text := range texts {
		table.Rows = append(table.Rows, Row{Cells: []Cell{Name(text), Count(7)}})
	}
	for _, name := range texts {
		var out bytes.Buffer
		if err := English.WriteXLSX(&out, name, table); err != nil {
			t.Fatalf("%.100q: %v", name, err)
		}
		if name != texts[0] {
			continue
		}
		_, rows := testkit.Sheet(t, out.Bytes())
		if len(rows) != len(texts)+1 {
			t.Fatalf("%d rows", len(rows))
		}
		for i, row := range rows[1:] {
			if want := xmlText(texts[i]); row[0].Type != "string" && want != "" || !strings.HasPrefix(want, row[0].Value) ||
				len(want) < 30_000 && want != row[0].Value || row[1].Value != "7" {
				t.Errorf("%.100q is %.100v", texts[i], row)
			}
		}
		if sheet := part(t, out.Bytes(), "xl/worksheets/sheet1.xml"); strings.Contains(sheet, "<f>") {
			t.Error("a text became a formula")
		}
	}
}

func sheetCell(kind, value, numbers string) testkit.SheetCell {
	return testkit.SheetCell{Type: kind, Value: value, Format: numbers}
}

// part of a workbook.
func part(t *testing.T, workbook []byte, name string) string {
	t.Helper()
	files, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := files.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
