package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// player plays one story on a stage and holds every run to its promises.
type player struct {
	*stage
	story  story
	tally  *tally
	world  *simulator.World
	server *simulator.Server
	log    strings.Builder // what happened
	// What the next run cannot be expected to know:
	gone     bool   // something vanished since the last reconcile
	rereads  bool   // a change moved nothing since the last reading of everything
	spoiled  bool   // rows may wait in quarantine, or older versions of them be stored
	vanished bool   // something vanished at some time
	everBad  bool   // a fault of content was on at some time
	faults   int    // switches that are on
	batch    uint64 // that readers saw after the last run
}

// play returns what was wrong, nil when nothing was.
func play(ctx context.Context, s *stage, st story, t *tally) (log string, err error) {
	p := &player{stage: s, story: st, tally: t, world: simulator.NewWorld(st.world)}
	p.server = simulator.NewServer(p.world, simulator.ServerOptions{})
	if err := errors.Join(testkit.Empty(ctx, s.admin), p.server.Start("")); err != nil {
		return "", err
	}
	defer func() { _ = p.server.Close() }()
	p.capPages()
	for i, a := range st.acts {
		fmt.Fprintf(&p.log, "act %d: %s\n", i, a)
		if err := p.act(ctx, a); err != nil {
			return p.log.String(), fmt.Errorf("act %d (%s): %w", i, a, err)
		}
	}
	if err := p.finale(ctx); err != nil {
		return p.log.String(), fmt.Errorf("at the end, without faults: %w", err)
	}
	t.add("worlds", 1)
	return p.log.String(), nil
}

func (p *player) logf(format string, arguments ...any) {
	fmt.Fprintf(&p.log, "    "+format+"\n", arguments...)
}

func (p *player) act(ctx context.Context, a act) error {
	rng := rand.New(rand.NewPCG(a.seed, 1))
	p.tally.add("act: "+string(a.kind), 1)
	switch a.kind {
	case steps:
		p.steps(a.n, rng)
	case advance:
		p.world.Advance(a.pass)
		p.rereads = true
	case setFault:
		p.setFault(a.fault, rng)
	case mend:
		p.mend()
	case vanish, lose:
		p.vanish(a.kind, rng)
	case restart:
		return p.restart(ctx)
	case load:
		return p.load(ctx, a.run, rng)
	}
	return nil
}

func (p *player) steps(n int, rng *rand.Rand) {
	for range n {
		p.logf("%s", p.world.Step(rng))
	}
	p.rereads = true
}

func (p *player) anyOrder(rng *rand.Rand) int64 {
	ids := p.world.Oracle().OrderIDs
	if len(ids) == 0 {
		return 0
	}
	return ids[rng.IntN(len(ids))]
}

func (p *player) vanish(kind actKind, rng *rand.Rand) {
	id := p.anyOrder(rng)
	err := errors.New("no order")
	if kind == vanish && id != 0 {
		err = p.world.Vanish(id)
	} else if tickets := p.world.Tickets(id); len(tickets) > 0 {
		err = p.world.VanishTicket(id, tickets[rng.IntN(len(tickets))].ID)
	}
	p.logf("of order %d: %v", id, err)
	if err == nil {
		p.gone, p.vanished = true, true
	}
}

// contentFaults make single rows unreadable.
var contentFaults = map[simulator.FaultKind]bool{simulator.BadPrice: true, simulator.NaiveTime: true}

func (p *player) setFault(f simulator.Fault, rng *rand.Rand) {
	if contentFaults[f.Kind] || f.Kind == simulator.NullDetails || f.Kind == simulator.CustomObject {
		f.N = p.anyOrder(rng)
	}
	p.logf("%s", f)
	p.server.SetFault(f)
	p.faults++
	p.everBad = p.everBad || contentFaults[f.Kind]
	p.spoiled = p.spoiled || contentFaults[f.Kind]
	p.tally.add("fault: "+string(f.Kind), 1)
}

func (p *player) mend() {
	p.server.ClearFaults()
	p.faults = 0
	p.capPages()
}

// capPages makes lists of several pages out of a tiny world. It is not a fault.
func (p *player) capPages() {
	if p.story.pageSize > 0 {
		p.server.SetFault(simulator.Fault{Kind: simulator.PerPageCapped, N: p.story.pageSize, Path: "orders"})
	}
}

func (p *player) growing() bool {
	for _, f := range p.server.Faults() {
		if f.Kind == simulator.Growing {
			return true
		}
	}
	return false
}

// finale is a reconcile without faults: whatever happened before, the facts are right afterwards.
func (p *player) finale(ctx context.Context) error {
	p.mend()
	fmt.Fprintf(&p.log, "end\n")
	began := time.Now()
	r := p.perform(ctx, running{mode: pipeline.ModeReconcile}, nil)
	if err := p.age(ctx, began, began.Sub(p.world.Now())); err != nil {
		return err
	}
	p.logf("%s", r)
	p.tally.run(r)
	if r.err != nil || r.report.Status != ledger.OK {
		return fmt.Errorf("the run is not ok: %s", r)
	}
	f, err := p.facts(ctx)
	if err != nil {
		return err
	}
	if diff := p.difference(f); diff != "" {
		return fmt.Errorf("the facts are not what was sold:\n%s", diff)
	}
	if n := p.server.Counters().NonGET; n > 0 {
		return fmt.Errorf("%d requests to QTickets could have written something", n)
	}
	if err := errors.Join(p.unique(ctx), p.nothingRuns(ctx)); err != nil || p.story.seed%3 != 0 {
		return err
	}
	return p.rebuild(ctx)
}

// rebuild derives everything from the stored payloads, which must change nothing.
func (p *player) rebuild(ctx context.Context) error {
	r := p.perform(ctx, running{mode: pipeline.ModeRebuild}, nil)
	p.tally.run(r)
	if r.err != nil || r.report.RowsInserted > 0 || len(r.report.Differences) > 0 {
		return fmt.Errorf("a rebuild is not the same: %s, differences %v", r, r.report.Differences)
	}
	return nil
}

func (p *player) difference(f facts) string {
	p.tally.add("facts compared with the oracle", 1)
	return f.differ(p.world)
}
