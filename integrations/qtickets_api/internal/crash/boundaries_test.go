package crash_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// firstSteps are the steps of a run with an empty database behind it, nextSteps those of a run over a
// changed box office. A new step must be added here, and is then struck at like the others.
var (
	firstSteps = []string{
		"INSERT INTO state_job_runs (open)",
		"INSERT INTO state_job_runs (open) again",
		"GET orders",
		"GET orders again",
		"GET events",
		"INSERT INTO state_events",
		"INSERT INTO state_shows",
		"INSERT INTO state_quarantine",
		"INSERT INTO state_orders",
		"INSERT INTO state_sweeps",
		"GET shows/{id}/seats",
		"GET shows/{id}/seats again",
		"INSERT INTO state_inventory",
		"INSERT INTO state_inventory_seen",
		"GET discounts",
		"INSERT INTO state_discounts",
		"GET promo-codes",
		"INSERT INTO state_promo_codes",
		"GET promo-codes again",
		"GET color-themes",
		"INSERT INTO state_color_themes",
		"INSERT INTO store_parts",
		"INSERT INTO store_sales_daily",
		"INSERT INTO store_sales_utm_daily",
		"INSERT INTO store_refunds_daily",
		"INSERT INTO store_movements",
		"INSERT INTO store_entries",
		"INSERT INTO store_inventory_latest",
		"INSERT INTO store_zones_latest",
		"INSERT INTO store_sales_dashboard",
		"INSERT INTO publish",
		"INSERT INTO state_assumptions",
		"INSERT INTO state_job_runs (close)",
		"INSERT INTO state_forecasts",
	}
	nextSteps = []string{
		"INSERT INTO state_job_runs (open)",
		"INSERT INTO state_job_runs (open) again",
		"GET orders",
		"GET orders again",
		"GET orders/{id}",
		"GET events",
		"INSERT INTO state_events",
		"INSERT INTO state_shows",
		"INSERT INTO state_quarantine",
		"INSERT INTO state_orders",
		"INSERT INTO state_sweeps",
		"GET orders/{id} again",
		"INSERT INTO state_orders SELECT",
		"GET shows/{id}/seats",
		"GET shows/{id}/seats again",
		"INSERT INTO state_inventory",
		"INSERT INTO state_inventory_seen",
		"GET discounts",
		"GET promo-codes",
		"GET promo-codes again",
		"GET color-themes",
		"INSERT INTO store_parts",
		"INSERT INTO store_sales_daily",
		"INSERT INTO store_sales_utm_daily",
		"INSERT INTO store_refunds_daily",
		"INSERT INTO store_movements",
		"INSERT INTO store_entries",
		"INSERT INTO store_inventory_latest",
		"INSERT INTO store_zones_latest",
		"INSERT INTO store_sales_dashboard",
		"INSERT INTO publish",
		"ALTER TABLE store_sales_daily DROP PARTITION",
		"ALTER TABLE store_sales_utm_daily DROP PARTITION",
		"ALTER TABLE store_refunds_daily DROP PARTITION",
		"ALTER TABLE store_movements DROP PARTITION",
		"ALTER TABLE store_entries DROP PARTITION",
		"ALTER TABLE store_inventory_latest DROP PARTITION",
		"ALTER TABLE store_zones_latest DROP PARTITION",
		"ALTER TABLE store_sales_dashboard DROP PARTITION",
		"ALTER TABLE store_parts DROP PARTITION",
		"INSERT INTO state_assumptions",
		"INSERT INTO state_job_runs (close)",
		"INSERT INTO state_forecasts",
	}
)

// TestKilledAtEveryStep kills the loader between all steps and within those that carry rows, of a first
// load and of a load of changes.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	t.Run("first load", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, 21, few, testkit.Database(t))
		killEverywhere(l, firstSteps, l.empty)
	})
	t.Run("changes", func(t *testing.T) {
		t.Parallel()
		l := newLab(t, 22, few, testkit.Database(t))
		l.repair()
		l.live()
		l.repair()
		l.live()
		l.repair() // three publications: from now on an old one is dropped in every run
		killEverywhere(l, nextSteps, func() {
			l.live()
			l.age()
		})
	})
}

// killEverywhere runs the loader undisturbed, compares its steps with those that are expected, and then
// kills it at each; prepare sets each run's scene.
func killEverywhere(l *lab, steps []string, prepare func()) {
	l.Helper()
	prepare()
	l.guard.reset()
	l.start().must(partial)
	if diff := cmp.Diff(steps, l.guard.story().steps); diff != "" {
		l.Fatalf("the steps of a run have changed (-listed +made): list them\n%s", diff)
	}
	l.repair()
	l.check()
	places := boundaries(steps)
	if testing.Short() { // a few from the middle
		places = places[len(places)/2:][:3]
	}
	for _, at := range places {
		for scene := 1; !l.killAt(at, prepare) && !l.Failed(); scene++ {
			if scene == 5 {
				l.Errorf("no run of %d had anything to drop", scene)
			}
		}
		if l.Failed() {
			l.Fatalf("above: killed %s %q", at.moment, at.step)
		}
	}
}

// killAt lets one run end at a boundary of a scene, and the next repair. False: the run came to its end, because a
// batch without rows of a mart has nothing of it to drop.
func (l *lab) killAt(at boundary, prepare func()) bool {
	l.Helper()
	prepare()
	old := testkit.Published(l, l.db)
	run := l.killOneAt(at)
	if !run.reached {
		return false
	}
	l.checkComplete(old, run)
	l.repair()
	l.check()
	return true
}

func (l *lab) killOneAt(at boundary) story {
	l.Helper()
	started := make(chan *loader, 1)
	l.guard.arm(at, func() bool { (<-started).kill(); return true })
	victim := l.start()
	started <- victim
	code := victim.wait()
	run := l.guard.story()
	nothingToDrop := !run.reached && code == partial && strings.HasPrefix(at.step, "ALTER TABLE store_")
	if !nothingToDrop && (!run.reached || code != -1) {
		l.Errorf("the loader ended with %d, not killed (place reached: %t)\n%s", code, run.reached, victim.text())
	}
	return run
}
