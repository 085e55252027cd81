package simulator

import (
	"slices"
)

// selection is the rows a query matches, in the order asked for.
type selection struct {
	rows     rowList
	backward bool      // rows are to be read from the end
	order    []sortKey // that rows are not in yet; see first
}

func (s selection) length() int { return s.rows.length() }

func (s selection) at(i int) row {
	if s.backward {
		i = s.rows.length() - 1 - i
	}
	return s.rows.at(i)
}

// choose filters and sorts. A page without conditions or by id costs nothing per row of the table.
func (t *table) choose(q query, f *faultSet) (selection, error) {
	s := selection{rows: t.rows}
	tests, err := t.bindAll(q, f)
	if err != nil {
		return s, err
	}
	if t.narrow != nil {
		for i, c := range tests {
			if fewer, ok := t.narrow(&c); ok {
				s.rows = fewer
				tests = slices.Delete(tests, i, i+1)
				break
			}
		}
	}
	if len(tests) > 0 {
		s.rows = keepMatching(s.rows, tests)
	}
	if f.on(EmptyList) {
		s.rows = rowsOf[row](nil)
	}
	if id, ok := f.number(HiddenRow, 0); ok {
		s.rows = withoutRow(s.rows, int64(id))
	}
	return t.sort(s, q, f)
}

// withoutRow leaves out the row of an id, or the first one (0).
func withoutRow(all rowList, id int64) rowList {
	var kept rowsOf[row]
	for i := range all.length() {
		if r := all.at(i); r.number() != id && (id != 0 || i > 0) {
			kept = append(kept, r)
		}
	}
	return kept
}

func (t *table) bindAll(q query, f *faultSet) ([]test, error) {
	if f.on(FilterIgnored) {
		return nil, nil
	}
	var tests []test
	for _, c := range q.where {
		if isRange(c.operator) {
			if f.on(RangeRefused) {
				return nil, errThrown
			}
			if f.on(RangeIgnored) {
				continue
			}
		}
		bound, err := c.bind(t.columns, f.dates())
		if err != nil {
			return nil, err
		}
		tests = append(tests, bound)
	}
	return tests, nil
}

func isRange(operator string) bool {
	switch operator {
	case "=", "null", "not null":
		return false
	}
	return true
}

// subset is some rows of a list: a condition that nearly all of them meet costs four bytes for each.
type subset struct {
	all   rowList
	index []int32
}

func (s subset) length() int  { return len(s.index) }
func (s subset) at(i int) row { return s.all.at(int(s.index[i])) }

func keepMatching(all rowList, tests []test) rowList {
	kept := subset{all: all}
	for i := range all.length() {
		if matchesAll(all.at(i), tests) {
			kept.index = append(kept.index, int32(i)) //nolint:gosec // no world is that large
		}
	}
	return kept
}

func matchesAll(r row, tests []test) bool {
	for i := range tests {
		if !tests[i].matches(r) {
			return false
		}
	}
	return true
}

func (t *table) sort(s selection, q query, f *faultSet) (selection, error) {
	if len(q.orderBy) == 0 || f.on(OrderIgnored) {
		return s, nil
	}
	for _, k := range q.orderBy {
		if _, ok := t.columns[k.column]; !ok {
			return s, errThrown
		}
	}
	if t.byID && q.orderBy[0].column == "id" {
		s.backward = q.orderBy[0].desc
		return s, nil
	}
	s.order = q.orderBy
	return s, nil
}

// first are the first n rows in order: of a long list a page needs few. Ties are broken by id ascending, so that pages
// of one order never overlap by chance.
func (s selection) first(n int) selection {
	if len(s.order) == 0 || n == 0 {
		return s
	}
	compare := func(a, b row) int {
		for _, k := range s.order {
			if c := compareCells(a.cell(k.column), b.cell(k.column)); c != 0 {
				if k.desc {
					return -c
				}
				return c
			}
		}
		return int(a.number() - b.number())
	}
	var kept rowsOf[row]
	sorted := 0 // rows that are the first n of those seen
	cut := func() {
		slices.SortStableFunc(kept, compare)
		sorted = min(n, len(kept))
		kept = kept[:sorted]
	}
	for i := range s.length() {
		if r := s.at(i); sorted < n || compare(r, kept[n-1]) < 0 {
			kept = append(kept, r)
		}
		if len(kept) >= 2*n {
			cut()
		}
	}
	cut()
	return selection{rows: kept}
}

// window is the part of a selection one page shows.
type window struct {
	page, perPage, total int
	from, to             int
}

// window places the page, paging faults included.
func (t *table) window(q query, length, most int, f *faultSet) window {
	v := window{page: q.page, perPage: t.perPage, total: length}
	if q.perPage > 0 {
		v.perPage = min(q.perPage, most)
	}
	if limit, ok := f.number(PerPageCapped, 50); ok {
		v.perPage = min(v.perPage, limit)
	}
	if f.on(PageIgnored) {
		v.page = 1
	}
	v.from = (v.page - 1) * v.perPage
	if v.page > 1 && f.on(SkippedRow) {
		v.from++
	}
	if v.page > 1 && f.on(DuplicateRow) {
		v.from--
	}
	if lie, ok := f.number(TotalLies, 7); ok {
		v.total = max(0, v.total+lie)
	}
	v.to = min(v.from+v.perPage, length)
	if empty, ok := f.number(EmptyPage, 2); ok && empty == v.page {
		v.to = v.from
	}
	v.from = min(v.from, length)
	v.to = max(v.from, v.to)
	return v
}
