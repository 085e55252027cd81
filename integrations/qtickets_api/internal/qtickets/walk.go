package qtickets

import (
	"context"
	"errors"
	"fmt"
)

// ErrStop is returned by a yield function to end Walk early without an error.
var ErrStop = errors.New("stop walking")

// Walked is what Walk did.
type Walked struct {
	Pages    int
	Rows     int64  // understood rows given to yield, repeated ones included
	Invalid  int64  // rows that could not be understood
	Distinct int64  // different rows, understood or not
	Total    int64  // rows of the whole list by the last answer
	Complete bool   // Distinct accounts for every row from the first page asked on
	Why      string // why it is not complete
}

// Walk reads a list page by page from q.Page to its end, up to inFlight pages ahead of yield, and
// gives yield every page in order. yield may return ErrStop to end the walk; any other error ends it
// too and is returned. Rows that come twice (the list grew under way) are given twice.
//
// Always order by id: other orders shift rows between pages. Walk obeys the server's page size, not
// q.PerPage. When the rows read do not account for paging.total it reads the place where new rows
// appear once more, and then returns an *IncompleteError beside the filled Walked. A page served
// again under another number is an *IgnoredError.
func Walk[T any](ctx context.Context, read func(context.Context, Query) (Page[T], error), q Query, inFlight int, yield func(Page[T]) error) (Walked, error) {
	ctx, cancel := context.WithCancel(ctx)
	w := walk[T]{read: read, query: q, yield: yield, firsts: map[int64]bool{}, seen: newSeen(q)}
	w.query.Page = max(q.Page, 1)
	w.start = w.query.Page
	defer func() { // no goroutine outlives the walk
		cancel()
		for _, ahead := range w.ahead {
			<-ahead
		}
	}()
	err := w.run(ctx, max(inFlight, 1))
	w.walked.Distinct = w.seen.count
	switch {
	case errors.Is(err, ErrStop):
		w.walked.Why = "stopped by the reader"
		return w.walked, nil
	case err != nil:
		w.walked.Why = err.Error()
	}
	return w.walked, err
}

type answer[T any] struct {
	page Page[T]
	err  error
}

type walk[T any] struct {
	read   func(context.Context, Query) (Page[T], error)
	yield  func(Page[T]) error
	query  Query // its Page is the next one to request
	start  int
	limit  int              // no page beyond this one, however the total grows
	ahead  []chan answer[T] // requested pages in order, not yet given to yield
	last   Paging           // of the latest page
	firsts map[int64]bool   // first ids of pages: a repeated one is a page served again
	most   int64            // greatest total of any page
	seen   *seen
	walked Walked
}

func (w *walk[T]) run(ctx context.Context, inFlight int) error {
	w.request(ctx)
	for number := w.start; ; number++ {
		page, err := w.next()
		if err == nil {
			err = w.accept(number, page)
		}
		if err == nil {
			err = w.yield(page)
		}
		if err != nil {
			return err
		}
		if len(page.Rows)+len(page.Invalid) == 0 || page.Paging.Last() {
			return w.again(ctx, number)
		}
		if number >= w.limit {
			return w.incomplete(fmt.Sprintf("stopped at page %d because the list grows faster than it is read", number))
		}
		known := pagesOf(page.Paging)
		for len(w.ahead) < inFlight && (w.query.Page <= known || len(w.ahead) == 0) {
			w.request(ctx)
		}
	}
}

// pagesOf is how many pages the list has, one at least.
func pagesOf(p Paging) int {
	perPage := int64(max(p.PerPage, 1))
	return int(max((p.Total+perPage-1)/perPage, 1))
}

// request starts reading the next page.
func (w *walk[T]) request(ctx context.Context) {
	q := w.query
	w.query.Page++
	ready := make(chan answer[T], 1)
	w.ahead = append(w.ahead, ready)
	go func() {
		page, err := w.read(ctx, q)
		ready <- answer[T]{page, err}
	}()
}

// next waits for the oldest requested page.
func (w *walk[T]) next() (Page[T], error) {
	got := <-w.ahead[0]
	w.ahead = w.ahead[1:]
	return got.page, got.err
}

// accept counts a page and looks for one served under a wrong number.
func (w *walk[T]) accept(number int, page Page[T]) error {
	if page.Paging.PerPage < 1 && len(page.Rows)+len(page.Invalid) > 0 {
		return &IgnoredError{What: "page", Column: "perPage"}
	}
	if number > w.start && page.Paging.PerPage != w.last.PerPage && len(page.Rows)+len(page.Invalid) > 0 {
		return &IgnoredError{What: "page", Column: "perPage"} // the pages no longer line up
	}
	if len(page.Rows) > 0 {
		if r, ok := any(&page.Rows[0]).(row); ok {
			if w.firsts[r.rowID()] {
				return &IgnoredError{What: "page", Column: "page", RowID: r.rowID()}
			}
			w.firsts[r.rowID()] = true
		}
	}
	if number == w.start {
		w.limit = 2*pagesOf(page.Paging) + 10 + w.start
	}
	w.count(page, false)
	return nil
}

// count takes note of a page. The rows of a page read for the second time count only when they have
// an id to tell them apart by.
func (w *walk[T]) count(page Page[T], second bool) {
	w.last = page.Paging
	w.most = max(w.most, page.Paging.Total)
	w.walked.Pages++
	w.walked.Rows += int64(len(page.Rows))
	w.walked.Invalid += int64(len(page.Invalid))
	w.walked.Total = page.Paging.Total
	ids := make([]int64, 0, len(page.Rows)+len(page.Invalid))
	for i := range page.Rows {
		if r, ok := any(&page.Rows[i]).(row); ok {
			ids = append(ids, r.rowID())
		}
	}
	for _, bad := range page.Invalid {
		if bad.ID != 0 {
			ids = append(ids, bad.ID)
		}
	}
	if !second {
		w.seen.count += int64(len(page.Rows) + len(page.Invalid) - len(ids))
	}
	w.seen.add(ids)
}

// missing is how many rows from the first page on are not accounted for.
func (w *walk[T]) missing() int64 {
	return w.last.Total - int64(w.start-1)*int64(w.last.PerPage) - w.seen.count
}

// again reads once more where rows that came under way appear: the last page, or the first ones when
// the newest rows come first.
func (w *walk[T]) again(ctx context.Context, last int) error {
	number := last
	if len(w.query.OrderBy) > 0 && w.query.OrderBy[0].Desc {
		number = w.start
	}
	// Pages under way together answer in any order: an earlier one may know of more rows than the last.
	for stale := w.most > w.last.Total; (stale || w.missing() > 0) && number <= w.limit; number++ {
		stale = false
		q := w.query
		q.Page = number
		page, err := w.read(ctx, q)
		if err != nil {
			return err
		}
		w.count(page, true)
		if err := w.yield(page); err != nil {
			return err
		}
		if len(page.Rows)+len(page.Invalid) == 0 || page.Paging.Last() {
			break
		}
	}
	if w.missing() > 0 {
		return w.incomplete("rows were missing or came twice between pages")
	}
	w.walked.Complete = true
	return nil
}

func (w *walk[T]) incomplete(why string) error {
	return &IncompleteError{Distinct: w.seen.count, Expected: w.seen.count + w.missing(), Why: why}
}
