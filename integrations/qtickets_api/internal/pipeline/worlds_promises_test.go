package pipeline_test

import (
	"context"
	"errors"
	"fmt"

	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// expectation is what a check must know of the circumstances of a run.
type expectation struct {
	changed bool // the world changed while it ran
	crossed bool // another run worked at the same time, without the lease
}

// check holds a run to its promises.
func (p *player) check(ctx context.Context, r result, e expectation) error {
	f, err := p.facts(ctx)
	if torn := f.torn(); err != nil || torn != "" {
		return errors.Join(err, fmt.Errorf("the published facts contradict each other: %s", torn))
	}
	if r.killed || r.report == nil || r.err != nil {
		return p.excused(r, e)
	}
	if err := p.nothingRuns(ctx); err != nil && !e.crossed {
		return err
	}
	if r.report.Batch != 0 && !e.crossed {
		if err := p.nothingTakenOverIsOld(ctx); err != nil {
			return err
		}
	}
	complete := readEverything(r.report)
	if r.report.Status == ledger.OK && complete && !e.changed && !e.crossed {
		p.spoiled, p.rereads, p.gone = false, false, false
	}
	if clean := p.faults == 0 && !r.hit && !p.vanished && !p.everBad && !e.changed && !e.crossed; clean &&
		r.report.Status != ledger.OK {
		return fmt.Errorf("nothing was wrong, and the run is %s: %s", r.report.Status, r.report.Message)
	}
	if !p.readAll(r.report) || p.spoiled || p.gone || e.changed || p.growing() {
		return nil
	}
	if diff := p.difference(f); diff != "" {
		return fmt.Errorf("the run is %s (%s), and the facts are not what was sold:\n%s", r.report.Status, r.report.Message,
			diff)
	}
	return nil
}

// nothingTakenOverIsOld: what a publication took over from earlier ones is what would be computed now. One that took
// nothing over is what was computed.
func (p *player) nothingTakenOverIsOld(ctx context.Context) error {
	taken, err := p.rows(ctx, `WITH (SELECT argMax(batch, seq) FROM publish) AS seen
		SELECT batch FROM publish WHERE batch = seen GROUP BY batch HAVING count() > 1
		UNION ALL
		SELECT batch FROM store_parts WHERE batch = seen AND built != batch`)
	if err != nil || len(taken) == 0 {
		return err
	}
	p.tally.add("publications compared with everything computed anew", 1)
	differ, err := p.db.Recompute(ctx)
	if err == nil && len(differ) > 0 {
		err = fmt.Errorf("facts computed anew differ from the published ones, rows by mart: %v", differ)
	}
	return err
}

// readAll tells whether a run read every order that may have changed since the last time all were read. One that found
// fewer than QTickets counts, as a person accepted, did not.
func (p *player) readAll(r *pipeline.Report) bool {
	if r.OrdersMissing > 0 {
		return false
	}
	return readEverything(r) || readChanges(r) && (p.world.RefundRules().MovesUpdatedAt || !p.rereads)
}

// excused tells why a run should not have failed, nil when it may.
func (p *player) excused(r result, e expectation) error {
	switch {
	case errors.Is(r.err, errStuck):
		return r.err
	case r.killed || r.hit || e.crossed:
		return nil
	case p.faults == 0 && !errors.Is(r.err, pipeline.ErrNothingLoaded):
		return fmt.Errorf("nothing was wrong, and the run failed: %w", r.err)
	case errors.Is(r.err, pipeline.ErrNothingLoaded):
		return nil
	case errors.Is(r.err, warehouse.ErrAudit):
		return fmt.Errorf("rows of one run contradict each other: %w", r.err)
	}
	return nil
}

// nothingRuns: a run that has ended leaves no line behind that says running, of itself or of a dead one.
func (p *player) nothingRuns(ctx context.Context) error {
	lines, err := p.rows(ctx, "SELECT run_id, message FROM meta_job_runs WHERE status = 'running'")
	if err == nil && len(lines) > 0 {
		err = fmt.Errorf("nothing runs, and the ledger says that these do: %v", lines)
	}
	return err
}

// unique: what end users read has each order, ticket and show once, without FINAL.
func (p *player) unique(ctx context.Context) error {
	found, err := p.rows(ctx, `SELECT assumeNotNull((SELECT count() - uniqExact(order_id) FROM stg_qtickets_api_orders_raw)),
		assumeNotNull((SELECT count() - uniqExact(ticket_id) FROM stg_qtickets_api_tickets_raw)), assumeNotNull((SELECT count() - uniqExact(run_id) FROM meta_job_runs))`)
	if err == nil && fmt.Sprint(found[0]...) != "0 0 0" {
		err = fmt.Errorf("repeated orders, tickets, lines of the ledger: %v", found[0])
	}
	return err
}

// published is the batch that readers see.
func (p *player) published(ctx context.Context) (uint64, error) {
	found, err := p.rows(ctx, "SELECT argMax(batch, seq) FROM publish")
	if err != nil {
		return 0, err
	}
	return found[0][0].(uint64), nil
}
