package format

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// Bounds of a sheet: its name, and how wide a column of it is in characters.
const (
	longestSheetName              = 31
	narrowestColumn, widestColumn = 8, 60
)

// Formats of the cells of a sheet. What a number format stands for in a language is decided by the spreadsheet.
const (
	asText     = "@" // stays a text also when somebody edits the cell
	asCount    = "#,##0"
	asNumber   = "#,##0.0"
	asMoney    = "#,##0.00"
	asPercent  = "0.0%"
	asSeconds  = "0.000"
	asDate     = "yyyy-mm-dd"
	asMoment   = "yyyy-mm-dd hh:mm:ss"
	headerFont = "header" // no format of numbers: the style of the first row
)

// WriteXLSX writes a table as a workbook of one sheet: the same cells as its CSV, each of its type. Dates and moments
// are those of the Moscow clock.
func (l Locale) WriteXLSX(w io.Writer, name string, t Table) error {
	file := excelize.NewFile()
	defer func() { _ = file.Close() }() // it holds memory alone
	sheet := sheetName(name)
	err := file.SetSheetName(file.GetSheetName(0), sheet)
	if err == nil {
		err = file.SetDocProps(&excelize.DocProperties{Creator: "QTickets", Title: xmlText(name)})
	}
	if err == nil {
		err = l.writeSheet(file, sheet, t)
	}
	if err == nil {
		_, err = file.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

func (l Locale) writeSheet(file *excelize.File, sheet string, t Table) error {
	out, err := file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, width := range l.columnWidths(t) {
		if err := out.SetColWidth(i+1, i+1, float64(width)); err != nil {
			return err
		}
	}
	err = out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	styles := cellStyles{file, map[string]int{}}
	header := make([]any, len(t.Columns))
	for i, column := range t.Columns {
		if header[i], err = styles.cell(headerFont, xmlText(column.Name)); err != nil {
			return err
		}
	}
	rows := [][]any{header}
	for _, row := range t.Rows {
		line := make([]any, len(row.Cells))
		for i, cell := range row.Cells {
			style, value := sheetValue(cell)
			if line[i], err = styles.cell(style, value); err != nil {
				return err
			}
		}
		rows = append(rows, line)
	}
	for i, row := range rows {
		if err := out.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// sheetValue is a value as a spreadsheet computes with it, rounded as the CSV is, and its format; nil: nothing is
// known.
func sheetValue(c Cell) (style string, value any) {
	if !c.known {
		return "", nil
	}
	switch c.kind {
	case kindCount:
		return asCount, c.count
	case kindMoney:
		return moneyFormat(c.currency), c.amount.Round(2).InexactFloat64()
	case kindPercent:
		return asPercent, c.amount.Round(3).InexactFloat64()
	case kindNumber:
		return asNumber, c.amount.Round(1).InexactFloat64()
	case kindDuration:
		return asSeconds, c.duration.Round(time.Millisecond).Seconds()
	case kindDate:
		return asDate, c.time
	case kindMoment:
		return asMoment, c.time.In(sales.Moscow)
	default:
		return asText, xmlText(c.text)
	}
}

// moneyFormat has the sign of the currency, where there is one: a code may hold what means something in a format.
func moneyFormat(currency string) string {
	if sign, known := currencySigns[currency]; known {
		return asMoney + `\ "` + sign + `"`
	}
	return asMoney
}

// cellStyles are those of a workbook, each made once.
type cellStyles struct {
	file *excelize.File
	made map[string]int
}

func (s cellStyles) cell(style string, value any) (any, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // an empty cell
	}
	id, made := s.made[style]
	if !made {
		wanted := &excelize.Style{CustomNumFmt: &style}
		if style == headerFont {
			wanted = &excelize.Style{Font: &excelize.Font{Bold: true},
				Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}
		}
		var err error
		if id, err = s.file.NewStyle(wanted); err != nil {
			return nil, err
		}
		s.made[style] = id
	}
	return excelize.Cell{StyleID: id, Value: value}, nil
}

// columnWidths leave room for what stands in the cells; the names above them may take two lines.
func (l Locale) columnWidths(t Table) []int {
	widths := make([]int, len(t.Columns))
	for i, column := range t.Columns {
		widths[i] = max(narrowestColumn, utf8.RuneCountInString(column.Name)*2/3)
	}
	for _, row := range t.Rows {
		for i, cell := range row.Cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(l.Cell(cell))+2)
		}
	}
	for i := range widths {
		widths[i] = min(widths[i], widestColumn)
	}
	return widths
}

// sheetName is a name without the signs that a sheet's may not hold.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r > 0xffff {
			return ' '
		}
		return r
	}, xmlText(name))
	if runes := []rune(name); len(runes) > longestSheetName {
		name = string(runes[:longestSheetName])
	}
	if name = strings.TrimSpace(name); name == "" {
		return "Sheet1"
	}
	return name
}

// xmlText leaves out what no XML can hold: control characters and broken UTF-8.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= ' ' && r != utf8.RuneError && r != 0xfffe && r != 0xffff:
			return r
		default:
			return -1
		}
	}, s)
}
