package forecast

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Curves are finished shows as a file holds them.
type Curves struct {
	Shows  []Show           // in the order of the file
	Plans  map[string]int64 // tickets, by Show.ID; of those that have one
	Unused []string         // columns that mean nothing here
}

// What a file may say.
const (
	mostSold     = 10_000_000 // tickets in a line, places of a hall, tickets of a plan
	mostDaysLeft = 10_000
	mostProblems = 10 // that are told of
)

// curveColumns are those a file must have, then those it may have.
var curveColumns = []string{"show", "date", "days_left", "sold", "capacity", "plan"}

const neededColumns = 4

// ParseCurves reads CSV with the columns show, date (2006-01-02), days_left, sold, and if need be capacity and plan, in
// any order: a line for what a show sold with so many days left (refunds subtracted, so it may be negative). The error
// names the lines that are wrong; then nothing of the file is to be used.
func ParseCurves(text []byte) (Curves, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return Curves{}, errors.New("not UTF-8: save it as CSV in UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return Curves{}, errors.New("empty: it needs a first line with the names of the columns")
	}
	if err != nil {
		return Curves{}, readable(err)
	}
	p := curveParser{at: map[string]int{}, seen: map[[2]int]int{}, plans: map[string]int64{}}
	if err := p.columns(header); err != nil {
		return Curves{}, err
	}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			p.problems = append(p.problems, readable(err).Error())
			break
		}
		p.line, _ = r.FieldPos(0)
		p.record(fields)
	}
	p.finish()
	if err := p.problem(); err != nil {
		return Curves{}, err
	}
	return Curves{Shows: p.shows, Plans: p.plans, Unused: p.unused}, nil
}

func readable(err error) error {
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return fmt.Errorf("line %d: %w", e.Line, e.Err)
	}
	return err
}

type curveParser struct {
	column   []int // of curveColumns in a line; -1: not there
	width    int
	unused   []string
	line     int
	shows    []Show
	lines    []int // where each show was first named
	plans    map[string]int64
	at       map[string]int // index of a show
	seen     map[[2]int]int // line of a show and its days left
	problems []string
}

func (p *curveParser) columns(header []string) error {
	p.width = len(header)
	p.column = []int{-1, -1, -1, -1, -1, -1}
	for i, name := range header {
		name = strings.TrimSpace(name)
		k := slices.Index(curveColumns, name)
		switch {
		case k < 0:
			p.unused = append(p.unused, name)
		case p.column[k] >= 0:
			return fmt.Errorf("line 1: two columns %s", name)
		default:
			p.column[k] = i
		}
	}
	var missing []string
	for k, name := range curveColumns[:neededColumns] {
		if p.column[k] < 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("line 1: no column %s; its columns are %q, and %s are needed, separated by commas",
			strings.Join(missing, ", "), header, strings.Join(curveColumns[:neededColumns], ", "))
	}
	return nil
}

func (p *curveParser) wrong(format string, values ...any) {
	p.problems = append(p.problems, fmt.Sprintf("line %d: ", p.line)+fmt.Sprintf(format, values...))
}

func (p *curveParser) problem() error {
	n := len(p.problems)
	if n == 0 {
		return nil
	}
	text := strings.Join(p.problems[:min(n, mostProblems)], "\n")
	if n > mostProblems {
		text += fmt.Sprintf("\nand %d more", n-mostProblems)
	}
	return errors.New(text)
}

func (p *curveParser) record(fields []string) {
	if len(fields) != p.width {
		p.wrong("%d columns, the first line has %d", len(fields), p.width)
		return
	}
	field := func(k int) string {
		if p.column[k] < 0 {
			return ""
		}
		return strings.Clone(strings.TrimSpace(fields[p.column[k]]))
	}
	id := field(0)
	if id == "" {
		p.wrong("no show")
		return
	}
	date, err := time.Parse(time.DateOnly, field(1))
	if err != nil {
		p.wrong("date %q: write it as 2006-01-02", field(1))
		return
	}
	days, ok := p.number("days_left", field(2), 0, mostDaysLeft)
	sold, ok2 := p.number("sold", field(3), -mostSold, mostSold)
	if !ok || !ok2 {
		return
	}
	i, known := p.at[id]
	if !known {
		i = len(p.shows)
		p.at[id] = i
		p.shows, p.lines = append(p.shows, Show{ID: id, Date: date}), append(p.lines, p.line)
	}
	s := &p.shows[i]
	if !s.Date.Equal(date) {
		p.wrong("show %q is on %s here and on %s in line %d", id, field(1), s.Date.Format(time.DateOnly), p.lines[i])
		return
	}
	at := [2]int{i, int(days)}
	if first, twice := p.seen[at]; twice {
		p.wrong("show %q with %d days left stands in line %d too", id, days, first)
		return
	}
	p.seen[at] = p.line
	s.Curve = append(s.Curve, Point{int(days), sold})
	if text := field(4); text != "" {
		places, ok := p.number("capacity", text, 1, mostSold)
		if ok && s.Capacity != 0 && s.Capacity != places {
			p.wrong("show %q has a capacity of %d here and of %d before", id, places, s.Capacity)
		}
		s.Capacity = places
	}
	if text := field(5); text != "" {
		plan, ok := p.number("plan", text, 0, mostSold)
		if before, planned := p.plans[id]; ok && planned && before != plan {
			p.wrong("show %q has a plan of %d here and of %d before", id, plan, before)
		}
		p.plans[id] = plan
	}
}

func (p *curveParser) number(what, text string, least, most int64) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		p.wrong("%s %q: write a whole number from %d to %d", what, text, least, most)
		return 0, false
	}
	return n, true
}

// finish adds up what was sold.
func (p *curveParser) finish() {
	if len(p.problems) == 0 && len(p.shows) == 0 {
		p.problems = append(p.problems, "no shows: there is nothing below the names of the columns")
	}
	for i := range p.shows {
		s := &p.shows[i]
		slices.SortFunc(s.Curve, func(a, b Point) int { return b.DaysLeft - a.DaysLeft })
		for k := 1; k < len(s.Curve); k++ {
			s.Curve[k].Sold += s.Curve[k-1].Sold
		}
		if p.line = p.lines[i]; s.Final() < 0 && len(p.problems) == 0 {
			p.wrong("show %q, which begins here, sold %d in all: sold is what was sold with so many days left, and the sum"+
				" of a show cannot be below 0", s.ID, s.Final())
		}
	}
}
