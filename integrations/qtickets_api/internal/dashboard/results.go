package dashboard

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/block"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// results are everything a screen shows, of one publication, in no language yet.
type results struct {
	snapshot snapshot // under which it was asked for
	loaded   time.Time
	stale    bool // the last known ones: nothing could be asked
	version  figures.Version
	days     int                     // of a range of dates
	given    map[string]block.Result // by the name of the question
}

// weight is about how many usual pages these are: a long range has many days.
func (a *results) weight() int { return 1 + a.days/100 }

// failed is how many questions have no result.
func (a *results) failed() int {
	n := 0
	for _, result := range a.given {
		if result.Err != nil {
			n++
		}
	}
	return n
}

// err joins the errors of the questions.
func (a *results) err() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(a.given)) {
		if err := a.given[name].Err; err != nil {
			errs = append(errs, fmt.Errorf("block %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// complete results make the page of their publication; one with a hole in it is not that page.
func (a *results) complete() bool { return a.failed() == 0 && !a.stale }

// event is the event of the event screen.
func (a *results) event() (figures.Event, bool) { return given[figures.Event](a, eventQuestion) }

// choices are what the filters offer.
func (a *results) choices() (figures.Choices, bool) {
	return given[figures.Choices](a, choicesQuestion)
}

func given[T any](a *results, question string) (T, bool) {
	result := a.given[question]
	value, ok := result.Value.(T)
	return value, ok && result.Err == nil
}

// builder of the blocks of a page.
func (a *results) builder(params address.Params, current snapshot) block.Builder {
	b := block.Builder{
		Locale: params.Locale, Params: params, Now: a.version.AsOf, Show: a.shownShow(params.Filter.Show), Results: a.given,
	}
	if b.Now.IsZero() { // nothing is published
		b.Now = current.at
	}
	return b
}

// shownShow is the show whose pacing and hall are drawn: the chosen one, or the only one; 0: none.
func (a *results) shownShow(chosen uint64) uint64 {
	if e, ok := a.event(); ok && chosen == 0 && len(e.Shows) == 1 {
		return e.Shows[0].ShowID
	}
	return chosen
}
