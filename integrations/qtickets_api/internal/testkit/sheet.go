package testkit

import (
	"bytes"
	"testing"

	"github.com/thedatashed/xlsxreader"
	"github.com/xuri/excelize/v2"
)

// SheetCell is a cell of a workbook: Type is "string", "numerical" or "datetime", "" where it is empty, and Format its
// number format.
type SheetCell struct{ Type, Value, Format string }

// Sheet reads the one sheet of a workbook with another library than the one that wrote it; the formats alone come from
// that one. Rows begin with the header and have equal lengths.
func Sheet(t testing.TB, workbook []byte) (name string, rows [][]SheetCell) {
	t.Helper()
	file, err := xlsxreader.NewReader(workbook)
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Sheets) != 1 {
		t.Fatalf("the workbook has the sheets %q", file.Sheets)
	}
	name = file.Sheets[0]
	formats, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = formats.Close() }()
	for row := range file.ReadRows(name) {
		if row.Error != nil {
			t.Fatal(row.Error)
		}
		for len(rows) < row.Index { // rows of empty cells are left out
			rows = append(rows, make([]SheetCell, len(first(rows))))
		}
		if row.Index == 1 {
			rows[0] = make([]SheetCell, len(row.Cells))
		}
		for _, cell := range row.Cells {
			rows[row.Index-1][cell.ColumnIndex()] = SheetCell{string(cell.Type), cell.Value,
				formatOf(t, formats, name, [2]int{cell.ColumnIndex() + 1, row.Index})}
		}
	}
	return name, rows
}

func first(rows [][]SheetCell) []SheetCell {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// formatOf is the number format of the cell at a column and a row, both from 1.
func formatOf(t testing.TB, file *excelize.File, sheet string, at [2]int) string {
	t.Helper()
	ref, err := excelize.CoordinatesToCellName(at[0], at[1])
	if err != nil {
		t.Fatal(err)
	}
	id, err := file.GetCellStyle(sheet, ref)
	if err != nil {
		t.Fatal(err)
	}
	style, err := file.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	if style.CustomNumFmt == nil {
		return ""
	}
	return *style.CustomNumFmt
}
