package qtickets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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

// walkAll walks and returns every id yielded.
func walkAll(t testing.TB, s *shelf, q Query, inFlight int) ([]int64, Walked, error) {
	t.Helper()
	var got []int64
	walked, err := Walk(t.Context(), s.read, q, inFlight, func(p Page[Order]) error {
		for _, o := range p.Rows {
			got = append(got, o.ID)
		}
		return nil
	})
	return got, walked, err
}

var byID = Query{OrderBy: []Sort{Asc("id")}}

// Whatever the size, the page size, the start and the prefetch: every row once, in order, with no
// request beyond the last page.
func TestWalkReadsEverything(t *testing.T) {
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
		got, walked, err := walkAll(t, s, q, rapid.IntRange(0, 5).Draw(rt, "in flight"))
		if err != nil || !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v, %v", got, want, err)
		}
		asked := pages - max(q.Page, 1) + 1
		if walked != (Walked{Pages: asked, Rows: int64(len(want)), Distinct: int64(len(want)), Total: int64(n), Complete: true}) || len(s.asked) != asked {
			rt.Fatalf("walked %+v, asked %v", walked, s.asked)
		}
	})
}

func TestWalkWhileTheListGrows(t *testing.T) {
	t.Parallel()
	grow := func(s *shelf, asked int) {
		if asked <= 6 {
			s.ids = append(s.ids, int64(len(s.ids)+1))
		}
	}
	for inFlight := 1; inFlight <= 4; inFlight++ {
		s := newShelf(20, 5)
		s.change = grow
		got, walked, err := walkAll(t, s, byID, inFlight)
		slices.Sort(got)
		if err != nil || !walked.Complete || walked.Distinct != walked.Total || len(slices.Compact(got)) != len(s.ids) {
			t.Errorf("in flight %d: %v, %+v, read %v", inFlight, err, walked, got)
		}
	}
}

// Newest first: what came under way is on the first page, which is read once more.
func TestWalkDownWhileTheListGrows(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 6)
	slices.Reverse(s.ids)
	s.change = func(s *shelf, asked int) {
		if asked == 3 {
			s.ids = append([]int64{22, 21}, s.ids...)
		}
	}
	got, walked, err := walkAll(t, s, Query{OrderBy: []Sort{Desc("id")}}, 1)
	if err != nil || !walked.Complete || walked.Distinct != 22 || !slices.Contains(got, 22) || s.asked[len(s.asked)-1] != 1 {
		t.Errorf("%v %+v asked %v", err, walked, s.asked)
	}
}

func TestWalkNoticesMissingRows(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]Query{"by id": byID, "by time": {OrderBy: []Sort{Asc("updated_at")}}} {
		s := newShelf(20, 5)
		s.change = func(s *shelf, asked int) {
			if asked == 3 { // a row of a page already read moves to the end, so one row slips between pages
				s.ids = append(append([]int64{}, s.ids[1:]...), s.ids[0])
			}
		}
		_, walked, err := walkAll(t, s, q, 1)
		var incomplete *IncompleteError
		if !errors.As(err, &incomplete) || walked.Complete || walked.Distinct != 19 || walked.Total != 20 || incomplete.Expected != 20 || walked.Why == "" {
			t.Errorf("%s: %v %+v", name, err, walked)
		}
	}
}

func TestWalkNoticesAPageServedAgain(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 5)
	s.edit = func(asked int, p *Page[Order]) {
		if asked == 3 {
			for i := range p.Rows {
				p.Rows[i].ID = int64(i + 1)
			}
		}
	}
	_, walked, err := walkAll(t, s, byID, 2)
	var ignored *IgnoredError
	if !errors.As(err, &ignored) || ignored.What != "page" || ignored.RowID != 1 || walked.Pages != 2 || walked.Complete {
		t.Errorf("%v %+v", err, walked)
	}
}

func TestWalkNoticesAnotherPageSize(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 5)
	s.edit = func(asked int, p *Page[Order]) {
		if asked == 2 {
			p.Paging.PerPage = 10
		}
	}
	if _, _, err := walkAll(t, s, byID, 1); Class(err) != "ignored" {
		t.Error(err)
	}
}

func TestWalkStopsOnAnEndlessList(t *testing.T) {
	t.Parallel()
	s := newShelf(4, 2)
	s.change = func(s *shelf, _ int) {
		for range 4 {
			s.ids = append(s.ids, int64(len(s.ids)+1))
		}
	}
	_, walked, err := walkAll(t, s, byID, 2)
	if Class(err) != "incomplete" || walked.Pages > 30 {
		t.Errorf("%v %+v", err, walked)
	}
}

func TestWalkStopsOnEmptyData(t *testing.T) {
	t.Parallel()
	s := newShelf(20, 5)
	s.edit = func(asked int, p *Page[Order]) {
		if asked >= 3 {
			p.Rows = nil
		}
	}
	_, walked, err := walkAll(t, s, byID, 1)
	if Class(err) != "incomplete" || walked.Distinct != 10 {
		t.Errorf("%v %+v", err, walked)
	}
}

func TestWalkCountsBadRows(t *testing.T) {
	t.Parallel()
	s := newShelf(10, 5)
	s.edit = func(asked int, p *Page[Order]) {
		p.Invalid = []InvalidRow{{ID: p.Rows[1].ID, Reason: "x"}, {Reason: "y"}}
		p.Rows = append(p.Rows[:1:1], p.Rows[3:]...)
	}
	_, walked, err := walkAll(t, s, byID, 2)
	if err != nil || walked != (Walked{Pages: 2, Rows: 6, Invalid: 4, Distinct: 10, Total: 10, Complete: true}) {
		t.Errorf("%v %+v", err, walked)
	}
}

func TestWalkStopsWhenTold(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	for _, stop := range []error{ErrStop, fmt.Errorf("known ids: %w", ErrStop), broken} {
		pages := 0
		walked, err := Walk(t.Context(), newShelf(20, 5).read, byID, 3, func(Page[Order]) error {
			if pages++; pages == 2 {
				return stop
			}
			return nil
		})
		if pages != 2 || walked.Complete || walked.Why == "" || errors.Is(stop, ErrStop) != (err == nil) || err != nil && !errors.Is(err, broken) {
			t.Errorf("%v: %v %+v", stop, err, walked)
		}
	}
}

func TestWalkStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	walked, err := Walk(ctx, newShelf(50, 5).read, byID, 2, func(Page[Order]) error { cancel(); return nil })
	if Class(err) != "canceled" || walked.Complete {
		t.Errorf("%v %+v", err, walked)
	}
}

// The number of pages under way never exceeds what was allowed.
func TestWalkPrefetch(t *testing.T) {
	t.Parallel()
	s := newShelf(30, 5)
	given := 0
	_, err := Walk(t.Context(), s.read, byID, 2, func(Page[Order]) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if ahead := len(s.asked) - given - 1; ahead > 2 {
			t.Errorf("%d pages ahead of page %d", ahead, given+1)
		}
		given++
		return nil
	})
	if err != nil || given != 6 {
		t.Errorf("%v after %d pages", err, given)
	}
}

func TestWalkOfAnEmptyUnpagedList(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, `{"data":[]}`) })
	walked, err := Walk(t.Context(), c.ColorThemes, Query{}, 2, func(Page[ColorTheme]) error { return nil })
	if err != nil || walked != (Walked{Pages: 1, Complete: true}) {
		t.Errorf("%v %+v", err, walked)
	}
}

func TestWalkOverHTTP(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, pagesOfThree)
	var ids []int64
	walked, err := Walk(t.Context(), c.Orders, Query{OrderBy: []Sort{Asc("id")}, PerPage: 100}, 2, func(p Page[Order]) error {
		for _, o := range p.Rows {
			ids = append(ids, o.ID)
		}
		return nil
	})
	if err != nil || !walked.Complete || !slices.IsSorted(ids) || len(ids) != 7 || c.Stats().Requests != 3 {
		t.Errorf("%v %+v %v", err, walked, ids)
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
