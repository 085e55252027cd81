package figures_test

import (
	"errors"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestUpgrade: an installation from before movements and zones. With the new schema its publication is served as
// before, the page says what to do instead of showing zeros, and the next load brings everything.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	l := newLab(t, simulator.WorldOptions{Seed: 11, Orders: 200})
	admin := testkit.As(t, l.config, embedded.Admin)
	conn := testkit.Raw(t, admin)
	statements := []string{
		"DROP VIEW fact_qtickets_movements", "DROP VIEW fact_qtickets_zones_latest", "DROP VIEW v_qtickets_pacing",
		"DROP VIEW batch_movements", "DROP VIEW fact_qtickets_entries", "DROP VIEW batch_entries", "DROP TABLE store_entries",
		"DROP VIEW batch_zones_latest", "DROP TABLE store_movements", "DROP TABLE store_zones_latest", "DROP VIEW batch_rows",
		"DROP VIEW batch_parts", "DROP TABLE store_parts", "DROP VIEW batch_seats_read", "DROP VIEW batch_published",
		"INSERT INTO state_inventory SELECT * REPLACE (content_hash + 1 AS content_hash, version + 1 AS version) FROM " +
			"state_inventory",
	}
	for table, columns := range map[string]string{
		"publish": "rows seats_read", "store_sales_daily": "slice", "store_sales_utm_daily": "slice",
		"store_refunds_daily":   "slice",
		"store_sales_dashboard": "place_name timezone cancelled sale_start_at sold_revenue possible_revenue",
		"state_inventory": "zones.id zones.name zones.capacity zones.sold zones.held zones.free zones.closed " +
			"zones.min_price zones.max_price zones.possible",
	} {
		for column := range strings.FieldsSeq(columns) {
			statements = append(statements, "ALTER TABLE "+table+" DROP COLUMN `"+column+"`")
		}
	}
	for _, statement := range statements {
		if err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	reader := testkit.As(t, l.config, embedded.Reader)
	const facts = "SELECT toString(tuple(sum(tickets_sold), sum(revenue), count())) FROM v_qtickets_sales_dashboard"
	for range 2 {
		if err := warehouse.Migrate(t.Context(), admin); err != nil {
			t.Fatal(err)
		}
	}
	before := cells(testkit.Rows(t, reader, facts)[0]...)
	if _, err := l.store.Version(t.Context()); !errors.Is(err, figures.ErrOldPublication) {
		t.Error("the old publication:", err)
	}
	if err := l.load(); err != nil {
		t.Fatal(err)
	}
	if after := cells(testkit.Rows(t, reader, facts)[0]...); after != before {
		t.Errorf("%s after the upgrade, %s before", after, before)
	}
	f := l.filter()
	s := newSheet(l.world, f.Version.AsOf)
	l.checkToday(s, f)
	l.checkShows(s, f)
}
