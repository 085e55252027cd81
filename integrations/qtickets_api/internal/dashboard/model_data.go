package dashboard

import "time"

// Run is a run of the loader.
type Run struct {
	RunID      string
	Mode       string // backfill, increment, reconcile, reread, rebuild, webhook
	Status     string // running, ok, partial or failed
	StartedAt  time.Time
	FinishedAt *time.Time
	Duration   time.Duration
	Message    string
	ErrorClass string
	Published  bool
}

// Feed is one kind of data the loader reads.
type Feed struct {
	Name     FeedName
	AsOf     *time.Time // complete up to; nil: never read
	LastRun  *Run       // that read it
	Rows     uint64     // read by LastRun
	Failed   uint64     // of LastRun: what could not be read
	Day      []Tick     // the runs of the last 24 hours that read it, ascending
	DayRows  uint64
	DayFails int
}

// FeedName names a feed.
type FeedName string

// The feeds in their order.
const (
	FeedOrders    FeedName = "orders"    // orders with their tickets
	FeedCatalogue FeedName = "catalogue" // events and shows
	FeedSeats     FeedName = "seats"     // seats of shows
	FeedReconcile FeedName = "reconcile" // the comparison of every order
)

// Tick is a run on the line of a day.
type Tick struct {
	At       time.Time
	Status   string
	Duration time.Duration
	Rows     uint64
}

// Feeds are the state of loading.
type Feeds struct {
	Feeds []Feed
	Runs  []Run // the last ones, newest first
}

// Quarantine are rows of the source that could not be understood.
type Quarantine struct {
	Total uint64
	Rows  []QuarantineLine
}

// QuarantineLine are rows with the same reason.
type QuarantineLine struct {
	Feed   string
	Reason string
	Count  uint64
	Oldest time.Time
	Newest time.Time
}

// Term is a line of the glossary.
type Term struct {
	Key        string
	Name       string
	Definition string
	View       string // where the figure comes from
	Cabinet    string // why QTickets' own cabinet may show another; "": it should not
}
