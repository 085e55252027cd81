package format

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/sales"
)

// WriteCSV writes a table for a spreadsheet of the reader's language: semicolons and decimal commas in Russian,
// commas and points in English. The mark at the start makes Excel take it for UTF-8.
func (l Locale) WriteCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if l.ru() {
		out.Comma = ';'
	}
	line := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		line[i] = escapeFormula(column.Name)
	}
	_ = out.Write(line)
	for _, row := range t.Rows {
		line = line[:0]
		for _, cell := range row.Cells {
			line = append(line, l.csvCell(cell))
		}
		_ = out.Write(line)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// csvCell is a value a program can add up: no thousands, no signs of currency, nothing where nothing is known.
func (l Locale) csvCell(c Cell) string {
	if !c.known {
		return ""
	}
	switch c.kind {
	case kindCount:
		return strconv.FormatInt(c.count, 10)
	case kindMoney:
		return l.point(c.amount.StringFixed(2))
	case kindPercent:
		return l.point(c.amount.Shift(2).StringFixed(1))
	case kindNumber:
		return l.point(c.amount.StringFixed(1))
	case kindDuration:
		return l.point(strconv.FormatFloat(c.duration.Seconds(), 'f', 3, 64))
	case kindDate:
		return c.time.Format(time.DateOnly)
	case kindMoment:
		return c.time.In(sales.Moscow).Format(time.DateTime)
	default:
		return escapeFormula(c.text)
	}
}

func (l Locale) point(number string) string {
	if l.ru() {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// inner finds where a formula would begin if a spreadsheet split the line at another sign than ours: after a semicolon,
// a comma, a tab or a line end, with spaces or quotes between.
var inner = regexp.MustCompile(`([;,|\t\r\n])([\s\x{a0}\x{feff}\x{200b}"']*)([=+\-@＝＋－＠−])`)

// escapeFormula keeps a spreadsheet from taking a text, or a part of it, for a formula. Figures never pass here: a
// negative amount stays a number.
func escapeFormula(s string) string {
	s = inner.ReplaceAllString(strings.ReplaceAll(s, "\x00", ""), "$1$2'$3")
	// Spaces before a formula do not stop every spreadsheet.
	start := strings.TrimLeft(s, " \u00a0\ufeff\u200b")
	if start == "" {
		return s
	}
	for _, sign := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", minus} {
		if strings.HasPrefix(start, sign) {
			return "'" + s
		}
	}
	return s
}
