package qtickets

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// Pages reads a list page by page from q.Page to its end, up to ahead pages before the loop needs them, and gives every
// page in order. known is how many pages the list had a moment ago, 0 where nobody asked: so many need not wait for the
// first page to tell. An error comes last, with an empty page, and ends the loop. Rows that come twice (the list grew
// while it was read) are given twice. Each page's Paging.Total is the newest one known.
//
// Always order by id: other orders shift rows between pages. Pages obeys the server's page size, not q.PerPage. When
// the rows read do not account for paging.total, it reads once more where new rows appear, and then ends with an
// *IncompleteError: a loop that ends without an error has seen every row from the first page on. A page served again
// under another number is an *IgnoredError.
func Pages[T any](
	ctx context.Context, read func(context.Context, Query) (Page[T], error), q Query, ahead, known int,
) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) { newPager(read, q, ahead, known).pages(ctx, yield) }
}

// errStopped ends a list whose reader left the loop.
var errStopped = errors.New("the reader left the loop")

type pageResult[T any] struct {
	page Page[T]
	err  error
}

// pager is one list under way.
type pager[T any] struct {
	read      func(context.Context, Query) (Page[T], error)
	yield     func(Page[T], error) bool
	query     Query // its Page is the next one to request
	start     int
	ahead     int                  // pages requested before they are needed, at least 1
	known     int                  // pages of the list, before the first one tells
	limit     int                  // no page beyond this one, however much the total grows
	requested []chan pageResult[T] // in order, not yet given
	last      Paging               // of the latest page
	firsts    map[int64]bool       // first ids of pages: a repeated one is a page served again
	greatest  int64                // greatest total of any page
	seen      *seen
}

func newPager[T any](
	read func(context.Context, Query) (Page[T], error), q Query, ahead, known int,
) *pager[T] {
	q.Page = max(q.Page, 1)
	return &pager[T]{read: read, query: q, start: q.Page, ahead: max(ahead, 1), known: known, firsts: map[int64]bool{},
		seen: newSeen(q)}
}

func (p *pager[T]) pages(ctx context.Context, yield func(Page[T], error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer func() { // no goroutine outlives the loop
		cancel()
		for _, requested := range p.requested {
			<-requested
		}
	}()
	p.yield = yield
	if err := p.readAll(ctx); err != nil && !errors.Is(err, errStopped) {
		yield(Page[T]{}, err)
	}
}

func (p *pager[T]) readAll(ctx context.Context) error {
	p.requestUpTo(ctx, p.known)
	for number := p.start; ; number++ {
		page, err := p.next()
		if err == nil {
			err = p.accept(number, page)
		}
		if err != nil {
			return err
		}
		if !p.yield(page, nil) {
			return errStopped
		}
		if len(page.Rows)+len(page.Invalid) == 0 || page.Paging.Last() {
			return p.complete(ctx, number)
		}
		if number >= p.limit {
			return p.incomplete(fmt.Sprintf("stopped at page %d because the list grows faster than it is read", number))
		}
		p.requestUpTo(ctx, pagesOf(page.Paging))
	}
}

// requestUpTo requests the next pages of a list that has so many, as far ahead as may be, and one in any case.
func (p *pager[T]) requestUpTo(ctx context.Context, known int) {
	for len(p.requested) < p.ahead && (p.query.Page <= known || len(p.requested) == 0) {
		p.request(ctx)
	}
}

// pagesOf is how many pages the list has, one at least.
func pagesOf(p Paging) int {
	perPage := int64(max(p.PerPage, 1))
	return int(max((p.Total+perPage-1)/perPage, 1))
}

// request starts reading the next page.
func (p *pager[T]) request(ctx context.Context) {
	q := p.query
	p.query.Page++
	ready := make(chan pageResult[T], 1)
	p.requested = append(p.requested, ready)
	go func() {
		page, err := p.read(ctx, q)
		ready <- pageResult[T]{page, err}
	}()
}

// next waits for the oldest requested page.
func (p *pager[T]) next() (Page[T], error) {
	got := <-p.requested[0]
	p.requested = p.requested[1:]
	return got.page, got.err
}

// accept counts a page and looks for one served under a wrong number.
func (p *pager[T]) accept(number int, page Page[T]) error {
	if page.Paging.PerPage < 1 && len(page.Rows)+len(page.Invalid) > 0 {
		return &IgnoredError{What: "page", Column: "perPage"}
	}
	if number > p.start && page.Paging.PerPage != p.last.PerPage && len(page.Rows)+len(page.Invalid) > 0 {
		return &IgnoredError{What: "page", Column: "perPage"} // the pages no longer line up
	}
	if len(page.Rows) > 0 {
		if r, ok := any(&page.Rows[0]).(row); ok {
			if p.firsts[r.rowID()] {
				return &IgnoredError{What: "page", Column: "page", RowID: r.rowID()}
			}
			p.firsts[r.rowID()] = true
		}
	}
	if number == p.start {
		p.limit = 2*pagesOf(page.Paging) + 10 + p.start
	}
	p.count(page, false)
	return nil
}

// count adds the rows of a page to those seen. The rows of a page read for the second time count only when they have an
// id to tell them apart by.
func (p *pager[T]) count(page Page[T], second bool) {
	p.last = page.Paging
	p.greatest = max(p.greatest, page.Paging.Total)
	ids := make([]int64, 0, len(page.Rows)+len(page.Invalid))
	for i := range page.Rows {
		if r, ok := any(&page.Rows[i]).(row); ok {
			ids = append(ids, r.rowID())
		}
	}
	for _, invalid := range page.Invalid {
		if invalid.ID != 0 {
			ids = append(ids, invalid.ID)
		}
	}
	if !second {
		p.seen.count += int64(len(page.Rows) + len(page.Invalid) - len(ids))
	}
	p.seen.add(ids)
}

// missing is how many rows from the first page on are not accounted for.
func (p *pager[T]) missing() int64 {
	return p.last.Total - int64(p.start-1)*int64(p.last.PerPage) - p.seen.count
}

// complete reads once more where rows that came meanwhile appear: the last page, or the first ones when the newest rows
// come first.
func (p *pager[T]) complete(ctx context.Context, last int) error {
	number := last
	if len(p.query.OrderBy) > 0 && p.query.OrderBy[0].Desc {
		number = p.start
	}
	// Pages requested together are served in any order: an earlier one may know of more rows than the last.
	for stale := p.greatest > p.last.Total; (stale || p.missing() > 0) && number <= p.limit; number++ {
		stale = false
		q := p.query
		q.Page = number
		page, err := p.read(ctx, q)
		if err != nil {
			return err
		}
		p.count(page, true)
		if !p.yield(page, nil) {
			return errStopped
		}
		if len(page.Rows)+len(page.Invalid) == 0 || page.Paging.Last() {
			break
		}
	}
	if p.missing() > 0 {
		return p.incomplete("rows were missing or came twice between pages")
	}
	return nil
}

func (p *pager[T]) incomplete(why string) error {
	return &IncompleteError{Distinct: p.seen.count, Expected: p.seen.count + p.missing(), Why: why}
}
