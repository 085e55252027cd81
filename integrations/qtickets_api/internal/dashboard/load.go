package dashboard

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// source is where the figures come from: a Store, or a world invented by a test.
type source interface {
	Version(context.Context) (Version, error)
	Freshness(context.Context, Filter) (Freshness, error)
	Choices(context.Context, Filter) (Choices, error)
	Alerts(context.Context, Filter) ([]AlertLine, error)
	AlertHistory(context.Context, Filter) ([]AlertLine, error)
	Cards(context.Context, Filter) (Cards, error)
	Hours(context.Context, Filter) (Hours, error)
	Shows(context.Context, Filter) (Shows, error)
	Weeks(context.Context, Filter) (Days, error)
	Days(context.Context, Filter) (Days, error)
	Cities(context.Context, Filter) (Cities, error)
	Event(context.Context, Filter) (Event, error)
	EventDays(context.Context, Filter) (Days, error)
	Pacing(context.Context, Filter) (Pacing, error)
	Zones(context.Context, Filter) (Zones, error)
	Channels(context.Context, Filter) (Channels, error)
	PromoCodes(context.Context, Filter) (PromoCodes, error)
	PaymentTypes(context.Context, Filter) (PaymentTypes, error)
	Heat(context.Context, Filter) (Heat, error)
	Lead(context.Context, Filter) (Lead, error)
	OrderSizes(context.Context, Filter) (OrderSizes, error)
	Feeds(context.Context, Filter) (Feeds, error)
	Quarantine(context.Context, Filter) (Quarantine, error)
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

// figures are everything a screen shows, of one publication, in no language yet.
type figures struct {
	sight   sight // under which it was asked for
	loaded  time.Time
	stale   bool // the last known ones: nothing could be asked
	version Version
	failed  int // blocks
	total   int

	choices  result[Choices]
	alerts   result[[]AlertLine]
	cards    result[Cards]
	hours    result[Hours]
	shows    result[Shows]
	weeks    result[Days]
	days     result[Days]
	cities   result[Cities]
	event    result[Event]
	pacing   result[Pacing]
	zones    result[Zones]
	channels result[Channels]
	promo    result[PromoCodes]
	payments result[PaymentTypes]
	heat     result[Heat]
	lead     result[Lead]
	sizes    result[OrderSizes]
	feeds    result[Feeds]
	history  result[[]AlertLine]
	refused  result[Quarantine]
}

// loader asks for the blocks of one screen in parallel.
type loader struct {
	ctx    context.Context
	filter Filter
	wg     sync.WaitGroup
	mu     sync.Mutex
	errs   []error
	total  int
}

// block asks for one block. A panic in a query costs its block only.
func block[T any](l *loader, name string, into *result[T], query func(context.Context, Filter) (T, error)) {
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
func load(ctx context.Context, from source, s screen, f Filter) (*figures, error) {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	l := &loader{ctx: ctx, filter: f}
	d := &figures{version: f.Version}
	if s == screenEvent {
		block(l, "event", &d.event, from.Event)
		l.wg.Wait()
		if errors.Is(d.event.err, ErrNoEvent) {
			return nil, ErrNoEvent
		}
		l.filter.Show = shownShow(d.event.value, f.Show)
	}
	l.ask(from, s, d)
	l.wg.Wait()
	d.failed, d.total = len(l.errs), l.total
	return d, errors.Join(l.errs...)
}

// shownShow is the show whose pacing and hall are drawn: the chosen one, or the only one.
func shownShow(e Event, chosen uint64) uint64 {
	if chosen == 0 && len(e.Shows) == 1 {
		return e.Shows[0].ShowID
	}
	return chosen
}

func (l *loader) ask(from source, s screen, d *figures) {
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
