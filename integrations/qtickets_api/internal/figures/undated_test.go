package figures_test

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestShowsWithoutADate: how long before the show their tickets were bought is unknown, not "on the day". Servers
// differ in what greatest() makes of NULL (0 since 24.12).
func TestShowsWithoutADate(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 13, Orders: 200})
	conn := testkit.Raw(t, testkit.As(t, l.config, embedded.Admin))
	if err := conn.Exec(t.Context(),
		"ALTER TABLE store_movements UPDATE show_date = NULL WHERE 1 SETTINGS mutations_sync = 1"); err != nil {
		t.Fatal(err)
	}
	f := l.filter()
	f.Period = figures.PeriodAll
	lead, err := l.store.Lead(t.Context(), f)
	if err != nil || lead.Total == 0 {
		t.Fatal(lead.Total, err)
	}
	for _, step := range lead.Steps {
		if want := map[bool]int64{true: lead.Total}[step.Unknown]; step.Tickets != want {
			t.Errorf("from %d days before the show (unknown: %v): %d tickets, want %d", step.From, step.Unknown, step.Tickets,
				want)
		}
	}
	reader := testkit.As(t, l.config, embedded.Reader)
	const known = "SELECT toString(tuple(countIf(isNotNull(days_left)), (SELECT count() FROM v_qtickets_pacing))) FROM " +
		"fact_qtickets_movements"
	if n := cells(testkit.Rows(t, reader, known)[0]...); n != "(0,0)" {
		t.Errorf("rows with days left: %s", n)
	}
}
