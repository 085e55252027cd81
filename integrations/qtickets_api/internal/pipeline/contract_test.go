package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// How many worlds TestContract plays, short and whole; QTICKETS_CONTRACT_WORLDS asks for another number: 200 by hand.
const fewContracts, manyContracts = 2, 4

// answeredOf22 is how many of the open questions a day must answer, whatever the answers are.
const answeredOf22 = 18

// TestContract plays a day of worlds that answer the open questions at random. Every question the loads mark is marked
// as the world answers it, and nearly all are marked. QTICKETS_CONTRACT_SEED is the first seed.
func TestContract(t *testing.T) {
	number := envNumber(t, "QTICKETS_CONTRACT_WORLDS", testkit.Rounds(fewContracts, manyContracts))
	first := envNumber(t, "QTICKETS_CONTRACT_SEED", 1)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for seed := first; seed < first+number; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			slots <- struct{}{}
			defer func() { <-slots }()
			playContract(t, uint64(seed))
		})
	}
}

// answers is what a world answers to the questions: faults that stay on all day, and what happens once.
type answers struct {
	rules    simulator.RefundRules
	faults   []simulator.Fault
	once     []simulator.Fault // each befalls one load
	foreign  bool              // orders in another currency
	vanishes bool              // an order disappears
	repeated bool              // webhooks come again
	truth    map[contract.ID]bool
	unshown  map[contract.ID]bool // perhaps no load came to the rows that answer: it failed before
}

// oddRows are faults of single rows, each in a form that cannot be read.
var oddRows = []simulator.FaultKind{simulator.OddFields, simulator.BadPrice, simulator.NaiveTime}

// randomAnswers answers every question that a world can answer.
func randomAnswers(rng *rand.Rand) answers {
	coin := func() bool { return rng.IntN(2) == 0 }
	a := answers{truth: map[contract.ID]bool{}, unshown: map[contract.ID]bool{}}
	// choose answers a question: with the fault of its name the assumption does not hold.
	choose := func(id contract.ID, into *[]simulator.Fault, against ...simulator.Fault) {
		a.truth[id] = coin()
		if !a.truth[id] {
			*into = append(*into, against[rng.IntN(len(against))])
		}
	}
	fault := func(kind simulator.FaultKind) simulator.Fault { return simulator.Fault{Kind: kind} }
	a.rules = simulator.RefundRules{MovesUpdatedAt: coin(), SetsDeletedAt: rng.IntN(4) == 0,
		RecomputesPrice: rng.IntN(4) == 0, DropsPayed: rng.IntN(4) == 0, SplitsFractions: coin(), ScansMoveUpdatedAt: coin()}
	a.truth[contract.RefundMoves] = a.rules.MovesUpdatedAt
	a.truth[contract.ScanStill] = !a.rules.ScansMoveUpdatedAt
	a.truth[contract.RefundKeeps] = !a.rules.SetsDeletedAt && !a.rules.RecomputesPrice && !a.rules.DropsPayed
	choose(contract.PageSize, &a.faults, simulator.Fault{Kind: simulator.PerPageCapped, N: 20, Path: "orders"})
	choose(contract.Amounts, &a.faults, fault(simulator.ServiceFee))
	choose(contract.Shapes, &a.faults, fault(simulator.OddRefunds))
	choose(contract.PagesJoin, &a.faults, simulator.Fault{Kind: simulator.DuplicateRow, Path: "orders"})
	choose(contract.Fresh, &a.once, simulator.Fault{Kind: simulator.StaleCache, Text: "any-url", Path: "orders"})
	choose(contract.NoLimit, &a.once, simulator.Fault{Kind: simulator.TooManyRequests, N: 2},
		simulator.Fault{Kind: simulator.RetryAfter, N: 1})
	choose(contract.Forbidden, &a.once, fault(simulator.Unauthorized))
	if a.truth[contract.Forbidden] {
		a.once = append(a.once, fault(simulator.TokenRotated))
	}
	choose(contract.MoscowOffset, &a.faults, simulator.Fault{Kind: simulator.AccountOffset, Text: "+07:00"})
	a.truth[contract.Readable] = coin()
	if !a.truth[contract.Readable] {
		odd := oddRows[rng.IntN(len(oddRows))]
		switch {
		case odd == simulator.NaiveTime:
			a.truth[contract.MoscowOffset] = false
		case odd == simulator.OddFields && a.truth[contract.MoscowOffset]: // its times without an offset are of events
			a.unshown[contract.MoscowOffset] = true
		}
		a.once = append(a.once, fault(odd))
	}
	a.query(rng, choose)
	a.foreign, a.vanishes, a.repeated = coin(), coin(), coin()
	a.truth[contract.Roubles], a.truth[contract.StayListed], a.truth[contract.WebhooksOnce] = !a.foreign, !a.vanishes,
		!a.repeated
	for _, id := range []contract.ID{contract.RefundSum, contract.RefundTold, contract.RefundWithin,
		contract.PaidHasTickets, contract.ReplacedTold, contract.TicketOnce, contract.SeasonTogether, contract.EventsStay,
		contract.OwnAccount, contract.RowsWhole} {
		a.truth[id] = true
	}
	return a
}

// query answers the questions about the query language. An ignored filter hides the answers to some others.
func (a *answers) query(rng *rand.Rand, choose func(contract.ID, *[]simulator.Fault, ...simulator.Fault)) {
	fault := func(kind simulator.FaultKind) simulator.Fault { return simulator.Fault{Kind: kind} }
	a.truth[contract.Outage] = true
	a.once = append(a.once, simulator.Fault{Kind: simulator.Unavailable, N: 2})
	a.truth[contract.Where], a.truth[contract.OrderBy] = rng.IntN(4) > 0, true
	if !a.truth[contract.Where] {
		a.faults = append(a.faults, fault(simulator.FilterIgnored))
		return
	}
	choose(contract.Body, &a.faults, fault(simulator.BodyStripped))
	a.truth[contract.Range], a.truth[contract.Dates] = true, true
	switch rng.IntN(4) {
	case 0:
		a.truth[contract.OrderBy] = false
		a.faults = append(a.faults, fault(simulator.OrderIgnored))
	case 1:
		a.truth[contract.Range] = false
		kind := []simulator.FaultKind{simulator.RangeIgnored, simulator.RangeRefused}[rng.IntN(2)]
		a.truth[contract.Outage] = kind != simulator.RangeRefused
		a.faults = append(a.faults, fault(kind))
	case 2:
		form := []string{"iso", "space", "naive"}[rng.IntN(3)]
		a.truth[contract.Dates] = form != "space"
		a.truth[contract.Outage] = form != "space" // it refuses the form that is tried first
		a.faults = append(a.faults, simulator.Fault{Kind: simulator.DateFormat, Text: form})
	}
}

func playContract(t *testing.T, seed uint64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 22))
	a := randomAnswers(rng)
	world := simulator.NewWorld(simulator.WorldOptions{Seed: int64(seed), Orders: 130, Events: 6, HistoryDays: 20,
		SingleCurrency: !a.foreign, Refunds: a.rules})
	if a.foreign {
		sellForeign(t, world)
	}
	l := newLab(t, world)
	day := func(o *pipeline.Options) { o.Limits = sweepNow }
	l.server.SetFault(a.faults...)
	_, _ = l.sync(day)
	for hour := 0; hour < 24 || len(a.once) > 0; hour += 6 {
		l.liveOn(rng)
		if len(a.once) > 0 {
			l.server.SetFault(a.once[0])
			if _, err := l.sync(day); err != nil && slices.Contains(oddRows, a.once[0].Kind) {
				a.unshown[contract.Readable], a.unshown[contract.MoscowOffset] = true, true
			}
			l.server.ClearFaults(a.once[0].Kind)
			a.once = a.once[1:]
		}
		if hour == 6 {
			l.announceThree(a.repeated)
			if a.vanishes {
				l.demand(world.Vanish(world.Oracle().OrderIDs[0]) == nil, "no order vanishes")
			}
		}
		if report, err := l.sync(day); err != nil {
			t.Logf("hour %d: %s: %v", hour, report.Status, err)
		}
	}
	l.judge(a)
}

// liveOn lets hours pass in which a little of everything happens, minutes apart.
func (l *lab) liveOn(rng *rand.Rand) {
	for range 8 {
		l.world.Advance(3 * time.Minute)
		l.world.Step(rng)
	}
	for _, do := range []func(){l.refundOne, func() { l.scanOne() }} {
		l.world.Advance(3 * time.Minute)
		do()
	}
	l.world.Advance(time.Hour * 3)
}

func sellForeign(t *testing.T, world *simulator.World) {
	t.Helper()
	event, err := world.NewEvent(simulator.EventSpec{Currency: "KZT", Shows: []simulator.ShowSpec{{}}})
	if err == nil {
		_, err = world.CreateOrder(simulator.NewOrder{EventID: event, FullPrice: true})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// announceThree lets three webhooks come, perhaps twice.
func (l *lab) announceThree(repeated bool) {
	l.Helper()
	for i, id := range l.world.Oracle().OrderIDs[:3] {
		hook := warehouse.Webhook{ID: fmt.Sprintf("%064x", i), Type: "updated", OrderID: uint64(id), ReceivedAt: time.Now()}
		for range map[bool]int{true: 2, false: 1}[repeated] {
			if _, err := l.db.SaveWebhooks(l.Context(), []warehouse.Webhook{hook}); err != nil {
				l.Fatal(err)
			}
		}
	}
}

// judge compares how the assumptions stand with what the world answered.
func (l *lab) judge(a answers) {
	l.Helper()
	rows, err := l.db.Assumptions(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	var report strings.Builder
	answered := 0
	for _, row := range rows {
		id, state := contract.ID(row.ID), contract.State(row.State)
		truth, asked := a.truth[id]
		if state != contract.NotSeen && id <= 22 {
			answered++
		}
		fmt.Fprintf(&report, "%2d %-28s %-9s %d : %d (the world: %t)\n", id, row.Code, state, row.For, row.Against, truth)
		want := map[bool]contract.State{true: contract.Confirmed, false: contract.Refuted}[truth]
		if state != contract.NotSeen && (!asked || state != want) && !a.unshown[id] {
			l.Errorf("%s is marked %s by %d : %d, the world's answer is %s", row.Code, state, row.For, row.Against, want)
		}
	}
	if len(rows) != len(contract.Questions()) || answered < answeredOf22 {
		l.Errorf("%d of 22 answered, want %d; %d rows", answered, answeredOf22, len(rows))
	}
	l.Logf("%d of 22 answered; faults %v, rules %+v\n%s", answered, a.faults, a.rules, &report)
}
