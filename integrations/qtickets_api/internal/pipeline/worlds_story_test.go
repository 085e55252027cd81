package pipeline_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
)

// story is what happens to one random world. It is data, made of its seed alone, so that it can be printed,
// played again, and played without some of its acts.
type story struct {
	seed  uint64
	world simulator.WorldOptions
	// pageSize caps the pages of orders; 0 leaves them as the loader asks.
	pageSize int64
	inFlight int
	acts     []act
}

// act is one thing that happens. Each has randomness of its own, so that leaving one out changes the
// others as little as possible.
type act struct {
	kind  actKind
	seed  uint64
	n     int           // of steps: how many; of a vanishing: which order
	pass  time.Duration // of the world's clock
	fault simulator.Fault
	run   running
}

type actKind string

const (
	steps    actKind = "steps"
	advance  actKind = "advance"
	setFault actKind = "fault"
	mend     actKind = "mend" // no faults any more
	load     actKind = "run"
	vanish   actKind = "vanish order"
	lose     actKind = "vanish ticket"
	restart  actKind = "restart engine"
)

func (a act) String() string {
	switch a.kind {
	case steps:
		return fmt.Sprintf("%d steps", a.n)
	case advance:
		return "advance " + a.pass.String()
	case setFault:
		return "fault " + a.fault.String()
	case load:
		return a.run.String()
	default:
		return string(a.kind)
	}
}

// running is one run of the loader and what befalls it.
type running struct {
	mode    pipeline.Mode
	trouble trouble
	sweeps  bool // all events are due to be swept
	// meanwhile is what happens in the world when the given request to QTickets is under way; 0: nothing.
	meanwhile int
	stale     bool     // its answer was made before that, and arrives after it
	crossed   bool     // a second process, that takes this one for dead, does a whole run meanwhile
	beside    bool     // another run starts at the same time
	n         int      // steps meanwhile
	ids       []uint64 // what a reread asks for, chosen when it starts
}

func (r running) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "run %s", cmp.Or(r.mode, pipeline.ModeIncrement))
	if r.sweeps {
		b.WriteString(" with sweeps")
	}
	if r.trouble.at > 0 {
		fmt.Fprintf(&b, ", %s", r.trouble)
	}
	if r.meanwhile > 0 {
		fmt.Fprintf(&b, ", %d steps at request %d to QTickets", r.n, r.meanwhile)
	}
	if r.stale {
		b.WriteString(", its answer being older")
	}
	if r.crossed {
		b.WriteString(", crossed by another run")
	}
	if r.beside {
		b.WriteString(", another beside it")
	}
	return b.String()
}

// newStory invents the story of a seed. The world's clock ends before now, so that nothing in it lies
// in the loader's future.
func newStory(seed uint64, now time.Time) story {
	rng := rand.New(rand.NewPCG(seed, 0x776f726c6473))
	coin := func() bool { return rng.IntN(2) == 0 }
	s := story{seed: seed, inFlight: 1, pageSize: []int64{0, 3, 7, 20}[rng.IntN(4)]}
	if rng.IntN(4) == 0 {
		s.inFlight = 3 // then the order of requests, and with it what a fault hits, may vary
	}
	for scene := range 1 + rng.IntN(4) {
		s.acts = append(s.acts, inventScene(rng, scene == 0)...)
	}
	s.world = simulator.WorldOptions{
		Seed: rng.Int64(), Orders: 5 + rng.IntN(76), Events: 1 + rng.IntN(10), Now: now.Add(-time.Hour - s.length()),
		HistoryDays:    5 + rng.IntN(86),
		SingleCurrency: coin(), MailInCampaign: coin(),
		Refunds: simulator.RefundRules{MovesUpdatedAt: rng.IntN(4) > 0, SetsDeletedAt: coin(), RecomputesPrice: coin(),
			DropsPayed: coin(), SplitsFractions: coin(), ReplacedStays: coin()},
	}
	return s
}

// length is how far the acts move the world's clock.
func (s story) length() time.Duration {
	var sum time.Duration
	for _, a := range s.acts {
		sum += a.pass
	}
	return sum
}

// inventScene is a run with what comes before and after it.
func inventScene(rng *rand.Rand, first bool) []act {
	var acts []act
	maybe := func(percent int, kind actKind) bool {
		chosen := rng.IntN(100) < percent
		if chosen {
			acts = append(acts, inventAct(rng, kind))
		}
		return chosen
	}
	if !first {
		maybe(80, steps)
		maybe(60, advance)
		maybe(10, vanish)
		maybe(10, lose)
		maybe(3, restart)
	}
	faulty := maybe(35, setFault)
	maybe(8, setFault)
	maybe(100, load)
	if faulty {
		maybe(70, mend)
	}
	return acts
}

func inventAct(rng *rand.Rand, kind actKind) act {
	a := act{kind: kind, seed: rng.Uint64(), n: 1 + rng.IntN(25)}
	switch kind {
	case advance:
		a.pass = []time.Duration{time.Minute, 2 * time.Hour, 24 * time.Hour}[rng.IntN(3)] * time.Duration(1+rng.IntN(3))
	case setFault:
		a.fault = inventFault(rng)
	case load:
		a.run = inventRun(rng)
	}
	return a
}

// requestsOfARun is about how many requests a run on a tiny world sends, to both sides together.
const requestsOfARun = 80

func inventRun(rng *rand.Rand) running {
	r := running{mode: modes[rng.IntN(len(modes))], n: 1 + rng.IntN(12), sweeps: rng.IntN(3) == 0}
	switch fate := rng.IntN(20); {
	case fate < 5: // killed
		r.trouble = trouble{at: 1 + rng.IntN(requestsOfARun), how: failing(rng.IntN(3)), kills: true,
			power: rng.IntN(10) == 0}
	case fate < 7: // one request fails, the rest goes on
		r.trouble = trouble{at: 1 + rng.IntN(requestsOfARun), how: failing(rng.IntN(3))}
	case fate < 9:
		r.meanwhile = 1 + rng.IntN(12)
	case fate < 11:
		r.meanwhile, r.stale, r.crossed = 1+rng.IntN(12), true, true
	case fate < 12:
		r.beside = true
	}
	return r
}

// faultPaths limit a fault to some lists; "" is all of them.
var faultPaths = []string{"", "", "", "orders", "orders", "orders/", "events", "shows", "discounts", "promo-codes",
	"color-themes"}

func inventFault(rng *rand.Rand) simulator.Fault {
	// Stalled costs the patience of every client, and PersonalTexts change UTM parameters: both have tests of their own.
	rules := []simulator.FaultKind{simulator.Stalled, simulator.PersonalTexts, simulator.PersonalKeys,
		simulator.RefundMoves, simulator.RefundDeletes, simulator.RefundRecomputes,
		simulator.RefundUnpays, simulator.RefundUnpaysAt, simulator.RefundFractions, simulator.ReplacedStays,
		simulator.ScanMoves, simulator.ServiceFee, simulator.OddRefunds, // TestContract
		simulator.TicketTwice, // not what was sold
		simulator.HiddenRow, simulator.EmptyList}
	docs := slices.DeleteFunc(simulator.FaultDocs(),
		func(d simulator.FaultDoc) bool { return slices.Contains(rules, d.Kind) })
	f := simulator.Fault{Kind: docs[rng.IntN(len(docs))].Kind, Path: faultPaths[rng.IntN(len(faultPaths))]}
	switch f.Kind {
	case simulator.DateFormat:
		f.Text = []string{"iso", "space", "naive"}[rng.IntN(3)]
	case simulator.AccountOffset:
		f.Text = []string{"", "+00:00", "-08:00", "+10:00"}[rng.IntN(4)]
	case simulator.StaleCache:
		f.Text = []string{"", "any-url"}[rng.IntN(2)]
	case simulator.Slow:
		f.Delay = time.Duration(1+rng.IntN(5)) * time.Millisecond
	case simulator.TotalLies:
		f.N = int64(rng.IntN(15) - 7)
	case simulator.BadPrice, simulator.NaiveTime, simulator.NullDetails, simulator.CustomObject,
		simulator.SeatsUnavailable, simulator.PHPFloats, simulator.OddFields, simulator.BadBytes:
	case simulator.Growing:
		f.N = int64(rng.IntN(3))
	default:
		f.N = int64(rng.IntN(6)) // 0 is the kind's own default, mostly "all"
	}
	return f
}

// only is the story with only the acts of the given numbers.
func (s story) only(keep []int) story {
	acts := s.acts
	s.acts = nil
	for _, i := range keep {
		s.acts = append(s.acts, acts[i])
	}
	return s
}

func (s story) String() string {
	w := s.world
	var b strings.Builder
	fmt.Fprintf(&b, "world of seed %d: %d orders in %d days, %d events, single currency %t, mail in campaign %t, "+
		"refunds %+v, clock from %s, pages of %d, %d in flight\n",
		s.seed, w.Orders, w.HistoryDays, w.Events, w.SingleCurrency, w.MailInCampaign, w.Refunds,
		w.Now.UTC().Format(time.RFC3339), s.pageSize, s.inFlight)
	for i, a := range s.acts {
		fmt.Fprintf(&b, "  act %d: %s\n", i, a)
	}
	return b.String()
}
