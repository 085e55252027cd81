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

// source answers the questions of the page: a store, or a world invented by a test.
type source interface {
	Version(context.Context) (figures.Version, error)
	Freshness(context.Context, figures.Filter) (figures.Freshness, error)
	Alerts(context.Context, figures.Filter) ([]figures.AlertLine, error)
	Choices(context.Context, figures.Filter) (figures.Choices, error)
	// Answer is the answer to the question of a block.
	Answer(context.Context, block.Block, figures.Filter) (any, error)
}

// store is the source of a real page.
type store struct{ *figures.Store }

func (s store) Answer(ctx context.Context, b block.Block, f figures.Filter) (any, error) {
	return b.Ask(ctx, s.Store, f)
}

// limits are how long a question and a page may take. A block that needs longer says so alone.
type limits struct{ question, page time.Duration }

// usualLimits are those of a real page.
func usualLimits() limits { return limits{question: 2 * time.Second, page: 3 * time.Second} }

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

// load asks for everything a screen shows. The error joins those of its questions; answers are there even so.
// figures.ErrNoEvent alone means that there is no such page.
func load(ctx context.Context, from source, limit limits, s address.Screen, f figures.Filter) (*answers, error) {
	ctx, cancel := context.WithTimeout(ctx, limit.page)
	defer cancel()
	a := &answers{version: f.Version, given: map[string]block.Answer{}}
	if s == address.Event {
		event, _ := block.ByID(eventQuestion)
		a.given = ask(ctx, limit.question, []question{blockQuestion(from, event, f)})
		if errors.Is(a.given[eventQuestion].Err, figures.ErrNoEvent) {
			return nil, figures.ErrNoEvent
		}
		f.Show = a.shownShow(f.Show)
	}
	maps.Copy(a.given, ask(ctx, limit.question, a.open(from, s, f)))
	return a, a.err()
}

// open are the questions of a screen that are not answered yet, each once.
func (a *answers) open(from source, s address.Screen, f figures.Filter) []question {
	var list []question
	if s != address.Data {
		list = append(list, question{choicesQuestion, func(ctx context.Context) (any, error) { return from.Choices(ctx, f) }})
	}
	put := map[string]bool{}
	for _, b := range block.At(s) {
		_, answered := a.given[b.Question]
		if !answered && !put[b.Question] && b.Asks() && (!b.OneShow || f.Show != 0) {
			put[b.Question] = true
			list = append(list, blockQuestion(from, b, f))
		}
	}
	return list
}

func blockQuestion(from source, b block.Block, f figures.Filter) question {
	return question{b.Question, func(ctx context.Context) (any, error) { return from.Answer(ctx, b, f) }}
}

// ask puts questions in parallel, each within the limit.
func ask(ctx context.Context, limit time.Duration, questions []question) map[string]block.Answer {
	var all sync.WaitGroup
	list := make([]block.Answer, len(questions))
	for i, q := range questions {
		all.Go(func() { list[i] = q.answer(ctx, limit) })
	}
	all.Wait()
	given := make(map[string]block.Answer, len(questions))
	for i, q := range questions {
		given[q.name] = list[i]
	}
	return given
}

// answer of a question. A panic in a query costs this question only.
func (q question) answer(ctx context.Context, limit time.Duration) (a block.Answer) {
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
