package dashboard

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// source answers the questions of the page: a reader, or a world invented by a test.
type source interface {
	Version(context.Context) (figures.Version, error)
	FirstDay(context.Context, figures.Version) (time.Time, error)
	Freshness(context.Context, figures.Filter) (figures.Freshness, error)
	Alerts(context.Context, figures.Filter) ([]figures.AlertLine, error)
	Choices(context.Context, figures.Filter) (figures.Choices, error)
	// Query puts the question of a block.
	Query(context.Context, block.Block, figures.Filter) (any, error)
}

// limits are how long a question and a page may take. A block that needs longer says so alone.
type limits struct{ question, page time.Duration }

// defaultLimits are those of a real page.
func defaultLimits() limits { return limits{question: 2 * time.Second, page: 3 * time.Second} }

// question is what one or several blocks want to know.
type question struct {
	name string
	put  func(context.Context) (any, error)
}

// Questions that are not those of a block alone.
const (
	eventQuestion   = "event"   // which show the others are about
	choicesQuestion = "choices" // of the filters
)

// load asks for everything a screen shows. The error joins those of its questions; results are there even so.
// figures.ErrNoEvent alone means that there is no such page.
func load(ctx context.Context, from source, limit limits, s address.Screen, f figures.Filter) (*results, error) {
	ctx, cancel := context.WithTimeout(ctx, limit.page)
	defer cancel()
	a := &results{version: f.Version, given: map[string]block.Result{}}
	if s == address.Event {
		event, _ := block.ByID(eventQuestion)
		a.given = queryAll(ctx, limit.question, []question{blockQuestion(from, event, f)})
		if errors.Is(a.given[eventQuestion].Err, figures.ErrNoEvent) {
			return nil, figures.ErrNoEvent
		}
		if err := a.given[eventQuestion].Err; err != nil { // whose show that is, is not known
			a.failShow(err)
		}
		f.Show = a.shownShow(f.Show)
	}
	maps.Copy(a.given, queryAll(ctx, limit.question, a.open(from, s, f)))
	return a, a.err()
}

// failShow says of the blocks of one show that they could not be asked for.
func (a *results) failShow(err error) {
	for _, b := range block.At(address.Event) {
		if b.OneShow {
			a.given[b.Question] = block.Result{Err: err}
		}
	}
}

// open are the questions of a screen that are not answered yet, each once.
func (a *results) open(from source, s address.Screen, f figures.Filter) []question {
	var list []question
	if s != address.Data && s != address.Explain {
		list = append(list, question{choicesQuestion, func(ctx context.Context) (any, error) { return from.Choices(ctx, f) }})
	}
	put := map[string]bool{}
	for _, b := range block.At(s) {
		_, answered := a.given[b.Question]
		if !answered && !put[b.Question] && b.HasQuery() && (!b.OneShow || f.Show != 0) {
			put[b.Question] = true
			list = append(list, blockQuestion(from, b, f))
		}
	}
	return list
}

func blockQuestion(from source, b block.Block, f figures.Filter) question {
	return question{b.Question, func(ctx context.Context) (any, error) { return from.Query(ctx, b, f) }}
}

// queryAll puts questions in parallel, each within the limit.
func queryAll(ctx context.Context, limit time.Duration, questions []question) map[string]block.Result {
	var all sync.WaitGroup
	list := make([]block.Result, len(questions))
	for i, q := range questions {
		all.Go(func() { list[i] = q.run(ctx, limit) })
	}
	all.Wait()
	given := make(map[string]block.Result, len(questions))
	for i, q := range questions {
		given[q.name] = list[i]
	}
	return given
}

// run puts the question. A panic in a query costs this question only.
func (q question) run(ctx context.Context, limit time.Duration) (a block.Result) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			a.Err = fmt.Errorf("panic: %v", r)
		}
	}()
	a.Value, a.Err = q.put(ctx)
	return a
}
