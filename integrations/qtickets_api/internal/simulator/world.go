package simulator

import (
	"math/rand/v2"
	"sync"
	"time"
)

// moscowOffset is the offset of every timestamp the real API was seen to write (section 15), in seconds.
const moscowOffset = 3 * 60 * 60

const (
	minute = int64(60)
	hour   = 60 * minute
	day    = 24 * hour
)

// WorldOptions describe a world. Equal options make equal worlds, byte for byte, if Now is set.
type WorldOptions struct {
	Seed int64
	// Orders is how many orders exist at the start; 0 makes an empty box office with its events.
	Orders int
	// Events is how many events exist at the start, deleted and inactive ones included; 0 means 10.
	// The first ten differ in kind (see world_catalogue.go), later ones repeat the kinds.
	Events int
	// Now is where the world's clock starts; zero means the real time.
	Now time.Time
	// HistoryDays is how long ago the first order was made; 0 means 90.
	HistoryDays int
	// SingleCurrency leaves out the event sold in KZT.
	SingleCurrency bool
	// MailInCampaign puts an e-mail address into some utm_campaign values; the oracle then expects the
	// bucket "[email]".
	MailInCampaign bool
	// Account tells organisers apart: the ids of two accounts do not meet.
	Account int64
	// Refunds say what a refund does to the order.
	Refunds RefundRules
}

// RefundRules are what section 8 calls unknown: how a refund, a replacement or the deletion of one ticket shows.
// The zero value is the nastiest for a reader of changes: nothing about the order moves.
type RefundRules struct {
	// MovesUpdatedAt: orders[].updated_at moves.
	MovesUpdatedAt bool
	// SetsDeletedAt: refunded tickets (and a wholly refunded order) get deleted_at, lose their barcode
	// and have ticket_amount 0.
	SetsDeletedAt bool
	// RecomputesPrice: orders[].price becomes the sum over the tickets still alive.
	RecomputesPrice bool
	// DropsPayed: a wholly refunded order has payed false; payed_at stays.
	DropsPayed bool
	// DropsPayedAt: a wholly refunded order has payed false and payed_at null.
	DropsPayedAt bool
	// SplitsFractions: one refund of several tickets is split by their prices into fractions of a kopeck, which together
	// are its amount.
	SplitsFractions bool
	// ReplacedStays: a replaced order stays paid and alive and does not say what replaced it; only the new order names it,
	// in lists too.
	ReplacedStays bool
	// ScansMoveUpdatedAt: a scan moves orders[].updated_at too; the real API was seen not to.
	ScansMoveUpdatedAt bool
}

// World is one organiser's box office. All methods are safe for concurrent use.
type World struct {
	mu      sync.RWMutex
	options WorldOptions
	rng     *rand.Rand
	now     int64
	rules   RefundRules

	jobs   jobQueue
	jobSeq int

	events  []*event
	orders  []*order // ascending id, which is also order of creation
	stamps  stamps   // of the orders
	clients []*client

	discounts  []*discount
	promoCodes []*promoCode // grouped by discount, as the API lists them

	orderByID  map[int64]*order
	ticketByID map[int64]*ticket
	eventByID  map[int64]*event
	showByID   map[int64]*show

	ids      idCounters
	listener func(orderEvent)
	capture  *capture
}

// idCounters are the last ids given out: global across organisers, so with gaps (section 7.1).
type idCounters struct {
	order, ticket, ticketSeq, client, event, show, price, refund int64
}

func (w *World) nextID(last *int64, most int64) int64 {
	*last += 1 + w.rng.Int64N(most)
	return *last
}

// NewWorld makes a world with its history: every order of it was made, paid, cancelled, scanned or
// refunded by the same operations the methods of World offer.
func NewWorld(o WorldOptions) *World {
	if o.Events == 0 {
		o.Events = len(eventKinds)
	}
	if o.HistoryDays <= 0 {
		o.HistoryDays = 90
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	w := emptyWorld(o)
	w.now = o.Now.Unix() - int64(o.HistoryDays)*day
	w.addReferences()
	for i := range o.Events {
		w.addCatalogueEvent(i, o.Now.Unix())
	}
	w.limitDiscounts()
	w.playHistory(o.Now.Unix())
	return w
}

func emptyWorld(o WorldOptions) *World {
	return &World{
		options:    o,
		rules:      o.Refunds,
		now:        o.Now.Unix(),
		rng:        rand.New(rand.NewPCG(uint64(o.Seed), 0x7169636b657473)),
		orderByID:  map[int64]*order{},
		ticketByID: map[int64]*ticket{},
		eventByID:  map[int64]*event{},
		showByID:   map[int64]*show{},
		ids: idCounters{order: 5000000 + o.Account*50_000_000, ticket: 60000000 + o.Account*500_000_000,
			client: 700000, event: 70000 + o.Account*1_000_000, show: 80000 + o.Account*1_000_000, price: 540000, refund: 3000},
	}
}

// SetRefundRules changes what later refunds and ticket deletions do to their orders.
func (w *World) SetRefundRules(r RefundRules) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rules = r
}

// RefundRules are those in force.
func (w *World) RefundRules() RefundRules {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.rules
}
