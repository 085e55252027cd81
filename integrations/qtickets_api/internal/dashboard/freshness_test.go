package dashboard

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
)

// TestFault5_PageSaysPartial: after a load that left something out the line in sight has neither the sign nor the
// colour of "all is well".
func TestFault5_PageSaysPartial(t *testing.T) {
	t.Parallel()
	current := snapshot{fresh: figures.Freshness{AsOf: inventedNow, State: figures.Fresh}, at: inventedNow}
	well := newFreshness(format.Russian, current)
	current.fresh.Reason = figures.ReasonPartial
	partial := newFreshness(format.Russian, current)
	if partial.Sign == well.Sign || partial.State == well.State || partial.Why == "" {
		t.Errorf("well %+v, partial %+v", well, partial)
	}
}
