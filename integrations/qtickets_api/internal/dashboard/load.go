package dashboard

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// source is where the figures come from: a Store, or a world invented by a test.
type source interface {
	Version(context.Context) (figures.Version, error)
	Freshness(context.Context, figures.Filter) (figures.Freshness, error)
	Choices(context.Context, figures.Filter) (figures.Choices, error)
	Alerts(context.Context, figures.Filter) ([]figures.AlertLine, error)
	AlertHistory(context.Context, figures.Filter) ([]figures.AlertLine, error)
	Cards(context.Context, figures.Filter) (figures.Cards, error)
	Hours(context.Context, figures.Filter) (figures.Hours, error)
	Shows(context.Context, figures.Filter) (figures.Shows, error)
	Weeks(context.Context, figures.Filter) (figures.Days, error)
	Days(context.Context, figures.Filter) (figures.Days, error)
	Cities(context.Context, figures.Filter) (figures.Cities, error)
	Event(context.Context, figures.Filter) (figures.Event, error)
	EventDays(context.Context, figures.Filter) (figures.Days, error)
	Pacing(context.Context, figures.Filter) (figures.Pacing, error)
	Zones(context.Context, figures.Filter) (figures.Zones, error)
	Channels(context.Context, figures.Filter) (figures.Channels, error)
	PromoCodes(context.Context, figures.Filter) (figures.PromoCodes, error)
	PaymentTypes(context.Context, figures.Filter) (figures.PaymentTypes, error)
	Heat(context.Context, figures.Filter) (figures.Heat, error)
	Lead(context.Context, figures.Filter) (figures.Lead, error)
	OrderSizes(context.Context, figures.Filter) (figures.OrderSizes, error)
	Feeds(context.Context, figures.Filter) (figures.Feeds, error)
	Quarantine(context.Context, figures.Filter) (figures.Quarantine, error)
}

// How long a block and a page may take. A block that needs longer says so alone.
const (
	blockTime = 2 * time.Second
	pageTime  = 3 * time.Second
)

// result is what a block was given: its value, or why there is none.
type result[T any] struct {
	value T
	err   error
}

// answers are everything a screen shows, of one publication, in no language yet.
type answers struct {
	sight   sight // under which it was asked for
	loaded  time.Time
	stale   bool // the last known ones: nothing could be asked
	version figures.Version
	failed  int // blocks
	total   int

	choices  result[figures.Choices]
	alerts   result[[]figures.AlertLine]
	cards    result[figures.Cards]
	hours    result[figures.Hours]
	shows    result[figures.Shows]
	weeks    result[figures.Days]
	days     result[figures.Days]
	cities   result[figures.Cities]
	event    result[figures.Event]
	pacing   result[figures.Pacing]
	zones    result[figures.Zones]
	channels result[figures.Channels]
	promo    result[figures.PromoCodes]
	payments result[figures.PaymentTypes]
	heat     result[figures.Heat]
	lead     result[figures.Lead]
	sizes    result[figures.OrderSizes]
	feeds    result[figures.Feeds]
	history  result[[]figures.AlertLine]
	refused  result[figures.Quarantine]
}

// loader asks for the blocks of one screen in parallel.
type loader struct {
	ctx    context.Context
	filter figures.Filter
	wg     sync.WaitGroup
	mu     sync.Mutex
	errs   []error
	total  int
}

// block asks for one block. A panic in a query costs its block only.
func block[T any](l *loader, name string, into *result[T], query func(context.Context, figures.Filter) (T, error)) {
	l.total++
	l.wg.Go(func() {
		ctx, cancel := context.WithTimeout(l.ctx, blockTime)
		defer cancel()
		defer func() {
			if r := recover(); r != nil {
				into.err = fmt.Errorf("block %s: panic: %v", name, r)
			}
			if into.err != nil {
				l.mu.Lock()
				l.errs = append(l.errs, fmt.Errorf("block %s: %w", name, into.err))
				l.mu.Unlock()
			}
		}()
		into.value, into.err = query(ctx, l.filter)
	})
}

// load asks for everything a screen shows. The error joins those of its blocks; figures are there even so.
// ErrNoEvent alone means that there is no such page.
func load(ctx context.Context, from source, s screen, f figures.Filter) (*answers, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	l := &loader{ctx: ctx, filter: f}
	d := &answers{version: f.Version}
	if s == screenEvent {
		block(l, "event", &d.event, from.Event)
		l.wg.Wait()
		if errors.Is(d.event.err, figures.ErrNoEvent) {
			return nil, figures.ErrNoEvent
		}
		l.filter.Show = shownShow(d.event.value, f.Show)
	}
	l.ask(from, s, d)
	l.wg.Wait()
	d.failed, d.total = len(l.errs), l.total
	return d, errors.Join(l.errs...)
}

// shownShow is the show whose pacing and hall are drawn: the chosen one, or the only one.
func shownShow(e figures.Event, chosen uint64) uint64 {
	if chosen == 0 && len(e.Shows) == 1 {
		return e.Shows[0].ShowID
	}
	return chosen
}

func (l *loader) ask(from source, s screen, d *answers) {
	switch s {
	case screenToday:
		block(l, "choices", &d.choices, from.Choices)
		block(l, "alerts", &d.alerts, from.Alerts)
		block(l, "cards", &d.cards, from.Cards)
		block(l, "hours", &d.hours, from.Hours)
		block(l, "shows", &d.shows, from.Shows)
		block(l, "weeks", &d.weeks, from.Weeks)
		block(l, "cities", &d.cities, from.Cities)
	case screenEvent:
		block(l, "choices", &d.choices, from.Choices)
		block(l, "days", &d.days, from.EventDays)
		if l.filter.Show != 0 {
			block(l, "pacing", &d.pacing, from.Pacing)
			block(l, "zones", &d.zones, from.Zones)
		}
	case screenChannels:
		block(l, "choices", &d.choices, from.Choices)
		block(l, "channels", &d.channels, from.Channels)
		block(l, "promo", &d.promo, from.PromoCodes)
		block(l, "heat", &d.heat, from.Heat)
		block(l, "days", &d.days, from.Days)
		block(l, "lead", &d.lead, from.Lead)
		block(l, "sizes", &d.sizes, from.OrderSizes)
		block(l, "payments", &d.payments, from.PaymentTypes)
	case screenData:
		block(l, "alerts", &d.alerts, from.Alerts)
		block(l, "feeds", &d.feeds, from.Feeds)
		block(l, "history", &d.history, from.AlertHistory)
		block(l, "quarantine", &d.refused, from.Quarantine)
	}
}
