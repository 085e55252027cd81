package qtickets

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// shelf is a list that can change between the requests for its pages.
type shelf struct {
	mu      sync.Mutex
	ids     []int64 // in the order they are served
	perPage int
	asked   []int
	change  func(s *shelf, asked int) // called before the answer to a page
	edit    func(asked int, page *Page[Order])
}

func newShelf(n, perPage int) *shelf {
	s := &shelf{perPage: perPage}
	for i := range n {
		s.ids = append(s.ids, int64(i+1))
	}
	return s
}

func (s *shelf) read(ctx context.Context, q Query) (Page[Order], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Page[Order]{}, err
	}
	s.asked = append(s.asked, q.Page)
	if s.change != nil {
		s.change(s, len(s.asked))
	}
	page := Page[Order]{Paging: Paging{PerPage: s.perPage, CurrentPage: q.Page, Total: int64(len(s.ids))}}
	from := min((q.Page-1)*s.perPage, len(s.ids))
	for _, id := range s.ids[from:min(from+s.perPage, len(s.ids))] {
		page.Rows = append(page.Rows, Order{ID: id})
	}
	if s.edit != nil {
		s.edit(q.Page, &page)
	}
	return page, nil
}

// summary is what a list came to, read to its end or to its error.
type summary struct {
	Pages                          int
	Rows, Invalid, Distinct, Total int64
	Complete                       bool // the loop ended without an error
}

// readAll reads a list and returns every id it gave.
func readAll(t testing.TB, s *shelf, q Query, ahead, known int) (got []int64, sum summary, err error) {
	t.Helper()
	p := newPager(s.read, q, ahead, known)
	for page, failed := range func(yield func(Page[Order], error) bool) { p.pages(t.Context(), yield) } {
		if failed != nil {
			err = failed
			break
		}
		sum.Pages++
		sum.Rows += int64(len(page.Rows))
		sum.Invalid += int64(len(page.Invalid))
		for _, o := range page.Rows {
			got = append(got, o.ID)
		}
	}
	sum.Distinct, sum.Total, sum.Complete = p.seen.count, p.last.Total, err == nil
	return got, sum, err
}

var byID = Query{OrderBy: []Sort{Asc("id")}}

// Whatever the size, the page size, the start and the prefetch: every row once, in order, with no
// request beyond the last page.
func TestPagesReadEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n, perPage := rapid.IntRange(0, 60).Draw(rt, "rows"), rapid.IntRange(1, 12).Draw(rt, "per page")
		pages := max((n+perPage-1)/perPage, 1)
		q := Query{Page: rapid.IntRange(0, pages).Draw(rt, "start")}
		if rapid.Bool().Draw(rt, "ordered") {
			q.OrderBy = byID.OrderBy
		}
		s := newShelf(n, perPage)
		want := s.ids[min((max(q.Page, 1)-1)*perPage, n):]
		got, sum, err := readAll(t, s, q, rapid.IntRange(0, 5).Draw(rt, "in flight"),
			rapid.IntRange(0, pages).Draw(rt, "known"))
		if err != nil || !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v, %v", got, want, err)
		}
		asked := pages - max(q.Page, 1) + 1
		if sum != (summary{Pages: asked, Rows: int64(len(want)), Distinct: int64(len(want)), Total: int64(n),
			Complete: true}) || len(s.asked) != asked {
			rt.Fatalf("read %+v, asked %v", sum, s.asked)
		}
	})
}

func TestPagesWhileTheListGrows(t *testing.T) {
	t.Parallel()
	grow := func(s *shelf, asked int) {
		if asked <= 6 {
			s.ids = append(s.ids, int64(len(s.ids)+1))
		}
	}
	for inFlight := 1; inFlight <= 4; inFlight++ {
		s := newShelf(20, 5)
		s.change = grow
		got, sum, err := readAll(t, s, byID, inFlight, 0)
		slices.Sort(got)
		if err != nil || !sum.Complete || sum.Distinct != sum.Total || len(slices.Compact(got)) != len(s.ids) {
			t.Errorf("in flight %d: %v, %+v, read %v", inFlight, err, sum, got)
		}
	}
}

// Newest first: what came under way is on the first page, which is read once more.
func TestPagesDownWhileTheListGrows(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 6)
	slices.Reverse(s.ids)
	s.change = func(s *shelf, asked int) {
		if asked == 3 {
			s.ids = append([]int64{22, 21}, s.ids...)
		}
	}
	got, sum, err := readAll(t, s, Query{OrderBy: []Sort{Desc("id")}}, 1, 0)
	if err != nil || !sum.Complete || sum.Distinct != 22 || !slices.Contains(got, 22) || s.asked[len(s.asked)-1] != 1 {
		t.Errorf("%v %+v asked %v", err, sum, s.asked)
	}
}

func TestPagesNoticesMissingRows(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]Query{"by id": byID, "by time": {OrderBy: []Sort{Asc("updated_at")}}} {
		s := newShelf(20, 5)
		s.change = func(s *shelf, asked int) {
			if asked == 3 { // a row of a page already read moves to the end, so one row slips between pages
				s.ids = append(append([]int64{}, s.ids[1:]...), s.ids[0])
			}
		}
		_, sum, err := readAll(t, s, q, 1, 0)
		var incomplete *IncompleteError
		if !errors.As(err, &incomplete) || sum.Complete || sum.Distinct != 19 || sum.Total != 20 ||
			incomplete.Expected != 20 {
			t.Errorf("%s: %v %+v", name, err, sum)
		}
	}
}

func TestPagesNoticesAPageServedAgain(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 5)
	s.edit = func(asked int, p *Page[Order]) {
		if asked == 3 {
			for i := range p.Rows {
				p.Rows[i].ID = int64(i + 1)
			}
		}
	}
	_, sum, err := readAll(t, s, byID, 2, 0)
	var ignored *IgnoredError
	if !errors.As(err, &ignored) || ignored.What != "page" || ignored.RowID != 1 || sum.Pages != 2 || sum.Complete {
		t.Errorf("%v %+v", err, sum)
	}
}

func TestPagesNoticesAnotherPageSize(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 5)
	s.edit = func(asked int, p *Page[Order]) {
		if asked == 2 {
			p.Paging.PerPage = 10
		}
	}
	if _, _, err := readAll(t, s, byID, 1, 0); Class(err) != "ignored" {
		t.Error(err)
	}
}

func TestPagesStopsOnAnEndlessList(t *testing.T) {
	t.Parallel()
	s := newShelf(4, 2)
	s.change = func(s *shelf, _ int) {
		for range 4 {
			s.ids = append(s.ids, int64(len(s.ids)+1))
		}
	}
	_, sum, err := readAll(t, s, byID, 2, 0)
	if Class(err) != "incomplete" || sum.Pages > 30 {
		t.Errorf("%v %+v", err, sum)
	}
}

func TestPagesStopsOnEmptyData(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 5)
	s.edit = func(asked int, p *Page[Order]) {
		if asked >= 3 {
			p.Rows = nil
		}
	}
	_, sum, err := readAll(t, s, byID, 1, 0)
	if Class(err) != "incomplete" || sum.Distinct != 10 {
		t.Errorf("%v %+v", err, sum)
	}
}

func TestPagesCountsBadRows(t *testing.T) {
	t.Parallel()
	s := newShelf(10, 5)
	s.edit = func(asked int, p *Page[Order]) {
		p.Invalid = []InvalidRow{{ID: p.Rows[1].ID, Reason: "x"}, {Reason: "y"}}
		p.Rows = append(p.Rows[:1:1], p.Rows[3:]...)
	}
	_, sum, err := readAll(t, s, byID, 2, 0)
	if err != nil || sum != (summary{Pages: 2, Rows: 6, Invalid: 4, Distinct: 10, Total: 10, Complete: true}) {
		t.Errorf("%v %+v", err, sum)
	}
}

// TestPagesEndWithTheLoop: a reader that leaves the loop gets no further page, and nothing is read on behind its back.
func TestPagesEndWithTheLoop(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	for _, stop := range []error{nil, broken} {
		s := newShelf(20, 5)
		pages := 0
		err := func() error {
			for _, err := range Pages(t.Context(), s.read, byID, 3, 0) {
				if err != nil {
					return err
				}
				if pages++; pages == 2 {
					return stop
				}
			}
			return errors.New("the list was read to its end")
		}()
		asked := len(s.asked) // without the lock: no request is under way any more
		if pages != 2 || asked > 4 || !errors.Is(err, stop) {
			t.Errorf("%v after %d pages, %d requests, want %v", err, pages, asked, stop)
		}
	}
}

func TestPagesEndWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range Pages(ctx, newShelf(50, 5).read, byID, 2, 0) {
		last = err
		cancel()
	}
	if Class(last) != "canceled" {
		t.Error(last)
	}
}

// Pages that are known to be there do not wait for the first one, and one that is gone by then does no harm.
func TestPagesKnownBefore(t *testing.T) {
	t.Parallel()
	for _, known := range []int{3, 4} {
		s, all := newShelf(15, 5), make(chan struct{})
		read := func(ctx context.Context, q Query) (Page[Order], error) {
			if q.Page == known {
				close(all)
			}
			<-all // the first one is told when the last one has been asked for
			return s.read(ctx, q)
		}
		var got []int64
		for page, err := range Pages(t.Context(), read, byID, 4, known) {
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Rows {
				got = append(got, o.ID)
			}
		}
		if !slices.Equal(got, s.ids) {
			t.Errorf("%d pages known: got %v", known, got)
		}
	}
}

// The number of pages under way never exceeds what was allowed.
func TestPagesPrefetch(t *testing.T) {
	t.Parallel()
	s := newShelf(30, 5)
	given := 0
	for _, err := range Pages(t.Context(), s.read, byID, 2, 0) {
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		if ahead := len(s.asked) - given - 1; ahead > 2 {
			t.Errorf("%d pages ahead of page %d", ahead, given+1)
		}
		s.mu.Unlock()
		given++
	}
	if given != 6 {
		t.Errorf("%d pages, want 6", given)
	}
}

func TestPagesOfAnEmptyUnpagedList(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, `{"data":[]}`) })
	pages := 0
	for page, err := range Pages(t.Context(), c.ColorThemes, Query{}, 2, 0) {
		if err != nil || len(page.Rows)+len(page.Invalid) > 0 || page.Paging.Total != 0 {
			t.Errorf("%v %+v", err, page)
		}
		pages++
	}
	if pages != 1 {
		t.Errorf("%d pages, want 1", pages)
	}
}

func TestPagesOverHTTP(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, pagesOfThree)
	var ids []int64
	for page, err := range Pages(t.Context(), c.Orders, Query{OrderBy: []Sort{Asc("id")}, PerPage: 100}, 2, 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Rows {
			ids = append(ids, o.ID)
		}
	}
	if !slices.IsSorted(ids) || len(ids) != 7 || c.Stats().Requests != 3 {
		t.Errorf("%v after %d requests", ids, c.Stats().Requests)
	}
}

// pagesOfThree serves seven orders, three a page, whatever size was asked.
func pagesOfThree(w http.ResponseWriter, r *http.Request) {
	var q struct{ Page int }
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		writeJSON(w, 503, unknownError)
		return
	}
	var rows []string
	for id := 3*q.Page - 2; id <= min(3*q.Page, 7); id++ {
		rows = append(rows, orderJSON(id))
	}
	writeJSON(w, 200, pageJSON(q.Page, 3, 7, rows...))
}
