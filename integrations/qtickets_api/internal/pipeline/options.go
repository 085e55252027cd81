package pipeline

import (
	"log/slog"
	"time"
)

// Options of one run.
type Options struct {
	Mode Mode     // what is asked for; "" is ModeIncrement. plan.go says when another one is done instead
	IDs  []uint64 // orders to read, of ModeReread and ModeWebhook
	// Primaries are the orders that an order replaces, as webhooks say: a list need not say it.
	Primaries map[uint64][]uint64
	InFlight  int // requests at the same time
	BuyerKey  []byte
	// Since asks for changes at least this far back; zero: as far as the last complete run demands.
	Since  time.Duration
	Limits Limits // zero values mean DefaultLimits
	// AcceptLosses is a person's word that orders or tickets which disappeared are really gone.
	AcceptLosses bool
	Logger       *slog.Logger
	Progress     func(feed string, done, total int64) // called from one goroutine at a time
	// dry is a run that writes nothing: without a checkpoint it may read only Since instead of the whole history, and it
	// leaves out what is about the stored orders.
	dry bool
}

// Limits of what a run reads again without a sign that it changed. What is overdue is read at any price.
type Limits struct {
	SweepRequests int           // pages of orders of running and recent events
	SweepMaxAge   time.Duration // all orders of each such event are read at least this often
	SweepRecent   time.Duration // an event is recent this long after its last show
	SeatsRequests int           // shows on sale
	SeatsMaxAge   time.Duration // the seats of each show on sale are read at least this often
}

// DefaultLimits suit a run every 15 minutes: at most some 40 requests when nothing changed.
var DefaultLimits = Limits{
	SweepRequests: 6, SweepMaxAge: 24 * time.Hour, SweepRecent: 30 * 24 * time.Hour,
	SeatsRequests: 15, SeatsMaxAge: time.Hour,
}

func (o *Options) setDefaults() {
	if o.Mode == "" {
		o.Mode = ModeIncrement
	}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	l, d := &o.Limits, DefaultLimits
	if l.SweepRequests == 0 {
		l.SweepRequests = d.SweepRequests
	}
	if l.SweepMaxAge == 0 {
		l.SweepMaxAge = d.SweepMaxAge
	}
	if l.SweepRecent == 0 {
		l.SweepRecent = d.SweepRecent
	}
	if l.SeatsRequests == 0 {
		l.SeatsRequests = d.SeatsRequests
	}
	if l.SeatsMaxAge == 0 {
		l.SeatsMaxAge = d.SeatsMaxAge
	}
}
