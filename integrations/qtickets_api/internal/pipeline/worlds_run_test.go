package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Leases are waited for in milliseconds here: a run on a tiny world takes a fifth of a second.
func init() { ledger.DefaultLeaseTimes.Heartbeat = 500 * time.Millisecond }

// hang is how long a run may take before it counts as stuck.
const hang = 2 * time.Minute

// result of a run: its report (nil when it never had the lease), or that it was killed.
type result struct {
	mode   pipeline.Mode
	report *pipeline.Report
	err    error
	killed bool
	hit    bool // a request failed
}

func (r result) String() string {
	switch {
	case r.killed:
		return string(r.mode) + " killed"
	case r.report == nil:
		return fmt.Sprintf("no report: %v", r.err)
	}
	return fmt.Sprintf("%s, mode %s, %d orders, %d rows written, batch %d: %s", r.report.Status, r.report.Mode,
		r.report.Orders, r.report.RowsInserted, r.report.Batch, r.report.Message)
}

// load does a run with all that befalls it, and checks what it promises.
func (p *player) load(ctx context.Context, plan running, rng *rand.Rand) error {
	plan.ids = p.someOrders(rng)
	began, clock := time.Now(), p.world.Now()
	o := p.happen(ctx, plan, began, clock, rng)
	if o.runs[0].killed && plan.trouble.power {
		p.tally.add("power cuts", 1)
		if err := p.restart(ctx); err != nil {
			return err
		}
	}
	for _, r := range o.runs {
		p.logf("%s", r)
		p.tally.run(r)
	}
	before := p.batch
	var err error
	if p.batch, err = p.published(ctx); err != nil {
		return err
	}
	if err := errors.Join(o.wrong, p.age(ctx, began, began.Sub(clock))); err != nil {
		return err
	}
	if r := o.runs[0]; len(o.runs) == 1 && !r.hit && r.err != nil && before != p.batch {
		return fmt.Errorf("a failed run published batch %d after %d: %w", p.batch, before, r.err)
	}
	for _, r := range o.runs {
		if err := p.check(ctx, r, expectation{changed: o.unread, crossed: plan.crossed}); err != nil {
			return err
		}
	}
	return nil
}

// outcome of an act of running.
type outcome struct {
	runs   []result // the planned run first
	wrong  error    // with a run that crossed it
	unread bool     // the world changed meanwhile, and no run has read that
}

// happen does the planned run, and those that cross it or run beside it. It begins at a time of the real
// clock and at one of the world.
func (p *player) happen(ctx context.Context, plan running, began, clock time.Time, rng *rand.Rand) outcome {
	o := outcome{runs: make([]result, 1)}
	proc := &process{trouble: plan.trouble, at: plan.meanwhile, behind: plan.stale, powerCut: p.kill}
	proc.meanwhile = func() {
		o.unread = true
		p.steps(plan.n, rng)
		if plan.crossed {
			// The other goes on from where this one began, by the clock of the world.
			if o.wrong = p.age(ctx, began, began.Sub(clock)); o.wrong != nil {
				return
			}
			other := p.perform(ctx, running{mode: crossing[rng.IntN(len(crossing))], ids: p.someOrders(rng)}, nil)
			o.runs = append(o.runs, other)
			o.wrong = p.check(ctx, other, expectation{crossed: true})
			o.unread = other.err != nil || !p.readAll(other.report)
		}
	}
	beside := make(chan result, 1)
	if plan.beside {
		go func() { beside <- p.perform(ctx, running{mode: plan.mode, ids: plan.ids}, nil) }()
	}
	r := p.perform(ctx, plan, proc)
	o.runs[0] = r
	if plan.beside {
		o.runs = append(o.runs, <-beside)
	}
	proc.loose.Wait()
	return o
}

// crossing are the modes of a run that crosses another: the next poll, or a webhook.
var crossing = []pipeline.Mode{pipeline.ModeIncrement, pipeline.ModeReread}

// someOrders are what a webhook may name: orders that exist, and perhaps one that does not.
func (p *player) someOrders(rng *rand.Rand) []uint64 {
	var ids []uint64
	for range 1 + rng.IntN(4) {
		ids = append(ids, uint64(p.anyOrder(rng)))
	}
	if rng.IntN(4) == 0 {
		ids = append(ids, 1)
	}
	return ids
}

// perform does one run as a process of its own.
func (p *player) perform(ctx context.Context, plan running, proc *process) result {
	if proc == nil {
		proc = &process{}
	}
	ctx, cancel := context.WithTimeout(ctx, hang)
	proc.api, proc.gone, proc.cancel = p.wire, make(chan struct{}), cancel
	by := pipeline.RunInfo{Org: "test"}
	if proc.trouble.kills || plan.crossed {
		by.Process = endedProcess() // others may bury it at once
	}
	config, direct := p.config, p.db
	if proc.trouble.at > 0 {
		config.Port, _ = strconv.Atoi(proc.clickhouse(p.url(), p.behind))
		direct = nil
	}
	o := pipeline.Options{Mode: plan.mode, IDs: plan.ids, InFlight: p.story.inFlight, AcceptLosses: p.vanished,
		Logger: slog.New(slog.DiscardHandler)}
	if plan.sweeps {
		o.Limits = sweepNow
	}
	done := make(chan result, 1)
	p.ghosts.Go(func() {
		defer cancel()
		r := p.session(ctx, proc, config, direct, by, o)
		proc.close()
		done <- r
	})
	select {
	case r := <-done:
		r.mode, r.killed, r.hit = plan.mode, proc.dead.Load(), proc.hit.Load()
		if proc.server != nil && !r.hit && errors.Is(r.err, warehouse.ErrUnavailable) {
			p.tally.add("answers cut off by the proxy", 1) // about one in 5 000 runs on a busy machine
			r.hit = true
		}
		return r
	case <-proc.gone:
		return result{mode: plan.mode, killed: true, hit: true}
	}
}

// session is the life of one process: it connects, if it has no connection yet, runs and leaves.
func (p *player) session(ctx context.Context, proc *process, config warehouse.Config, db *warehouse.DB,
	by pipeline.RunInfo, o pipeline.Options) result {
	if db == nil {
		own, err := warehouse.Open(ctx, config)
		if err != nil {
			return result{err: err}
		}
		defer func() { _ = own.Close() }()
		db = own
	}
	api, err := qtickets.New(qtickets.Options{
		BaseURL: p.server.URL(), Token: p.server.Token(), RateLimit: 100_000, MaxInFlight: p.story.inFlight,
		Transport: http.RoundTripper(proc),
		Sleep:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		return result{err: err}
	}
	var report *pipeline.Report
	if o.Mode == pipeline.ModeRebuild {
		report, err = pipeline.Rebuild(ctx, db, by, o)
	} else {
		report, err = pipeline.Run(ctx, api, db, by, o)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = fmt.Errorf("the run hung: %w", errors.Join(errStuck, err))
	}
	return result{report: report, err: err}
}

var errStuck = errors.New("stuck")
