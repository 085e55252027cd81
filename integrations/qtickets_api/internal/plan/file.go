// Package plan reads plans: how many tickets and how much revenue a show, an event or a month is to bring. A file is
// right as a whole or refused with the lines that are wrong; one that is typed on the page is read by the same rules.
// It knows no clock.
package plan

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// What a file may hold.
const (
	mostLines    = 100_000
	mostProblems = 20                   // that are told
	mostTickets  = 10_000_000           // of a plan
	mostRevenue  = 1_000_000_000_000_00 // of a plan, in hundredths
)

// The columns, and the other names they may have. Notes are for the people who read the file.
const (
	event    = "event"
	show     = "show"
	month    = "month"
	tickets  = "tickets"
	revenue  = "revenue"
	currency = "currency"
	note     = ""
)

var columns = map[string]string{
	"event": event, "event_id": event, "show": show, "show_id": show, "month": month, "tickets": tickets,
	"revenue": revenue, "currency": currency, "event_name": note, "show_date": note,
}

// Problems of a file, by line.
type Problems struct {
	told []string
	more int // that are not told
}

func (p *Problems) add(line int, format string, values ...any) {
	if len(p.told) == mostProblems {
		p.more++
		return
	}
	p.told = append(p.told, fmt.Sprintf("line %d: ", line)+fmt.Sprintf(format, values...))
}

func (p *Problems) Error() string {
	text := strings.Join(p.told, "\n")
	if p.more > 0 {
		text += fmt.Sprintf("\nand %d more", p.more)
	}
	return text
}

// Read reads CSV: a line for a plan. Its columns are event (id or exact name), and if need be show (id, or the venue's
// calendar day of a show, 2026-12-04; empty: the whole event), month (2026-12; empty: all sales), tickets, revenue,
// currency (empty: the event's); in any order, separated by commas or semicolons. The plans are in order. The error
// names what is wrong; then nothing of the file is to be used.
func Read(text []byte, events []warehouse.PlanEvent) ([]warehouse.PlanTarget, error) {
	decoded, err := decode(text)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(decoded))
	r.FieldsPerRecord, r.ReuseRecord, r.Comma = -1, true, separator(decoded)
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("empty: it needs a first line with the names of the columns")
	}
	if err != nil {
		return nil, readable(err)
	}
	f := file{known: subjectsOf(events), lines: map[warehouse.PlanKey]int{}}
	if err := f.header(header); err != nil {
		return nil, err
	}
	for rows := 0; ; rows++ {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, why := where(err)
			f.problems.add(line, "%s", why)
			break
		}
		if rows == mostLines {
			return nil, fmt.Errorf("more than %d lines", mostLines)
		}
		f.line, _ = r.FieldPos(0)
		f.row(fields)
	}
	if len(f.problems.told) > 0 {
		return nil, &f.problems
	}
	if len(f.targets) == 0 {
		return nil, errors.New("no plan in it: there is nothing below the names of the columns")
	}
	slices.SortFunc(f.targets, func(a, b warehouse.PlanTarget) int { return a.Compare(b.PlanKey) })
	return f.targets, nil
}

// decode is the text as UTF-8 without its mark.
func decode(text []byte) (string, error) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) ||
		bytes.IndexByte(text, 0) >= 0 {
		return "", errors.New("neither UTF-8 nor Windows-1251: save it as CSV in UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) { // what Excel saves as CSV in Russian
		decoded, err := charmap.Windows1251.NewDecoder().Bytes(text)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", errors.New("neither UTF-8 nor Windows-1251: save it as CSV in UTF-8")
		}
		text = decoded
	}
	return string(text), nil
}

// separator of the cells, by the first line.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	if strings.Contains(first, ";") {
		return ';'
	}
	return ','
}

func readable(err error) error {
	line, why := where(err)
	return fmt.Errorf("line %d: %s", line, why)
}

func where(err error) (line int, why string) {
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return e.Line, e.Err.Error()
	}
	return 1, err.Error() // of reading from memory there is no other
}

// file is one that is being read.
type file struct {
	columns  []string // what each cell of a line is
	known    subjects
	line     int
	lines    map[warehouse.PlanKey]int // where each plan stands
	targets  []warehouse.PlanTarget
	problems Problems
}

func (f *file) header(names []string) error {
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		column, ok := columns[name]
		switch {
		case !ok:
			return fmt.Errorf("line 1: no such column: %s; there are event, show, month, tickets, revenue, currency",
				quoted(name))
		case column != note && slices.Contains(f.columns, column):
			return fmt.Errorf("line 1: two columns %s", column)
		}
		f.columns = append(f.columns, column)
	}
	switch {
	case !slices.Contains(f.columns, event):
		return errors.New("line 1: no column event: the first line has the names of the columns")
	case !slices.Contains(f.columns, tickets) && !slices.Contains(f.columns, revenue):
		return errors.New("line 1: neither a column tickets nor a column revenue")
	}
	return nil
}

// row takes a line, or notes everything that is wrong with it.
func (f *file) row(fields []string) {
	cells := map[string]string{}
	blank := true
	for i, field := range fields {
		field = strings.Trim(field, " \t\u00a0")
		blank = blank && field == ""
		if i < len(f.columns) {
			cells[f.columns[i]] = field
		}
	}
	if blank {
		return
	}
	if len(fields) != len(f.columns) {
		f.problems.add(f.line, "%d cells, and there are %d columns", len(fields), len(f.columns))
		return
	}
	target, refused := f.known.target(cells)
	for _, r := range refused {
		f.problems.add(f.line, "%s", r)
	}
	if len(refused) > 0 {
		return
	}
	if first, twice := f.lines[target.PlanKey]; twice {
		f.problems.add(f.line, "the same plan as in line %d", first)
		return
	}
	f.lines[target.PlanKey] = f.line
	f.targets = append(f.targets, target)
}
